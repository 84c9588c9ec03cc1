package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/api/provision"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
)

// deviceCmd looks after trackers, phones and gateways. A service that runs
// beside it takes changes over within ten seconds.
type deviceCmd struct {
	List   deviceListCmd   `cmd:"" help:"List the devices; those too that report without being registered."`
	Add    deviceAddCmd    `cmd:"" help:"Register a device and make its password, which is shown once."`
	Import deviceImportCmd `cmd:"" help:"Register the devices of a CSV table."`
	Claim  deviceClaimCmd  `cmd:"" help:"Give a device, and its kept positions that are of no unit, to a unit."`
	Remove deviceRemoveCmd `cmd:"" help:"Take a device out of the register; its positions stay."`
	Topic  topicCmd        `cmd:"" help:"Say how MQTT topics are read."`
	Raw    deviceRawCmd    `cmd:"" help:"Look at what a device sends, as it came, or say for how many days that is kept for support."`
	Replay deviceReplayCmd `cmd:"" help:"Read kept payloads anew that could not be decoded: after a topic rule was added, a device registered, or an upgrade."`
}

// deviceListCmd lists devices.
type deviceListCmd struct {
	storeFlags
	Unknown bool `help:"Only those that nobody registered."`
	JSON    bool `help:"Print one JSON object." name:"json"`
}

// listedDevice is a device as this command prints it.
type listedDevice struct {
	fleet.Device
	IntervalS float64    `json:"interval_s"`
	ClockFixS float64    `json:"clock_fix_s"`
	Positions int64      `json:"positions,omitempty"`
	Claimable int64      `json:"claimable,omitempty"`
	LastSeen  *time.Time `json:"last_seen,omitempty"`
}

// Run lists the devices.
func (c *deviceListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	all, err := st.Devices(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	seen, err := st.UnknownSeen(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	out := []listedDevice{}
	for _, x := range all {
		if c.Unknown && x.Known {
			continue
		}
		l := listedDevice{Device: x, IntervalS: x.Interval.Seconds(), ClockFixS: x.ClockFix.Seconds()}
		if s, ok := seen[x.ID]; ok && !s.Last.IsZero() {
			l.Positions, l.Claimable, l.LastSeen = s.Fixes, s.Unassigned, &s.Last
		}
		out = append(out, l)
	}
	if c.JSON {
		return printJSON(struct {
			Devices []listedDevice `json:"devices"`
		}{out})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, l := range out {
		state := "registered"
		switch {
		case !l.Known:
			state = "unknown"
		case l.Gateway:
			state = "gateway"
		}
		fmt.Fprintf(w, "%s\t%s\tunit %s\t%s\t%s", l.ID, state, orDash(l.Unit), orDash(strings.Join(l.Identities, " ")), l.Name)
		if l.LastSeen != nil {
			fmt.Fprintf(w, "\t%d positions, last %s; serenazgo device claim %s --unit UNIT", l.Positions, l.LastSeen.Format(time.RFC3339), l.ID)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// deviceAddCmd registers a device.
type deviceAddCmd struct {
	storeFlags
	ID       string        `arg:"" help:"1 to 64 letters, digits, '.', '_' or '-'."`
	Name     string        `help:"What people call it." placeholder:"TEXT"`
	Unit     string        `help:"Unit that carries it." placeholder:"UNIT"`
	Identity []string      `help:"What it is called elsewhere: IMEI, uniqueId, ident, user/device." placeholder:"NAME"`
	Gateway  bool          `help:"It may report for every device of the district: a Traccar server, a ThingsBoard gateway."`
	Interval time.Duration `help:"Expected time between positions." default:"10s"`
	ClockFix time.Duration `name:"clock-fix" help:"Added to the times it writes: 5h for a tracker that writes Lima's time as UTC." placeholder:"DURATION"`
	Server   string        `help:"Address of the page as phones reach it; prints the link and the QR code that set the OwnTracks app up." placeholder:"URL"`
	JSON     bool          `help:"Print one JSON object." name:"json"`
}

// Run registers the device.
func (c *deviceAddCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	dev := fleet.Device{Ubigeo: d.Ubigeo, ID: c.ID, Name: strings.TrimSpace(c.Name), Unit: c.Unit, Identities: c.Identity, Gateway: c.Gateway,
		Interval: c.Interval, ClockFix: c.ClockFix, Known: true}
	if err := fleet.CheckDevice(dev); err != nil {
		return badInput(err)
	}
	if err := haveUnit(ctx, st, d.Ubigeo, c.Unit); err != nil {
		return err
	}
	password, hash, err := fleet.NewDeviceSecret()
	if err != nil {
		return err
	}
	out := struct {
		Device   string `json:"device"`
		Username string `json:"username"`
		Password string `json:"password"`
		Topic    string `json:"topic"`
		Link     string `json:"link,omitempty"`
		Query    string `json:"query,omitempty"`
	}{dev.ID, d.Ubigeo + "/" + dev.ID, password, "serenazgo/" + d.Ubigeo + "/" + dev.ID + "/pos", "", ""}
	qr := ""
	if c.Server != "" {
		phone := provision.Phone{Server: c.Server, Username: out.Username, Password: password, Interval: dev.Interval}
		if out.Link, err = phone.Link(); err != nil {
			return badInput(fmt.Errorf("--server: %w", err))
		}
		if qr, err = provision.Text(out.Link); err != nil {
			return err
		}
		out.Query = phone.Query()
	}
	if err := st.SaveDevice(ctx, dev, hash); errors.Is(err, fleet.ErrConflict) {
		return badInput(err)
	} else if err != nil {
		return err
	}
	if err := auditCLI(ctx, st, d.Ubigeo, "device.credentials", dev.ID, dev.Unit); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(out)
	}
	fmt.Printf("%s is registered in %s (%s)\nuser:     %s\npassword: %s\ntopic:    %s\nThe password is kept nowhere: enter it in the device now.\n",
		dev.ID, d.Name, d.Ubigeo, out.Username, out.Password, out.Topic)
	if qr != "" {
		fmt.Printf("OwnTracks (open on the phone, or scan): %s\n%sOsmAnd and others that take an address: %s\n", out.Link, qr, out.Query)
	}
	return nil
}

func haveUnit(ctx context.Context, st *store.Store, ubigeo, unit string) error {
	if unit == "" {
		return nil
	}
	us, err := st.Units(ctx, ubigeo)
	if err == nil && !slices.ContainsFunc(us, func(u fleet.Unit) bool { return u.ID == unit }) {
		err = badInputf("district %s has no unit %q; make it on the page under Ajustes, or see --unit", ubigeo, unit)
	}
	return err
}

// deviceImportCmd registers a table of devices.
type deviceImportCmd struct {
	storeFlags
	File      string `arg:"" type:"existingfile" help:"CSV with a header: id, name, unit, identities (separated by |), interval_s, gateway, clock_fix_h."`
	Passwords string `help:"Make a password for each device and write them to this new CSV file, readable by you only." placeholder:"FILE"`
	DryRun    bool   `help:"Only check."`
	JSON      bool   `help:"Print one JSON object." name:"json"`
}

// Run registers the devices.
func (c *deviceImportCmd) Run(ctx context.Context) error {
	f, err := os.Open(c.File)
	if err != nil {
		return badInput(err)
	}
	defer f.Close()
	rows, bad, err := fleet.ReadDevices(f)
	if err != nil {
		return badInput(fmt.Errorf("%s: %w", c.File, err))
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	rep, err := fleet.ImportDevices(ctx, st, d.Ubigeo, rows, bad, c.DryRun)
	if err != nil {
		return err
	}
	if !c.DryRun {
		if c.Passwords != "" {
			if err := c.writePasswords(ctx, st, d.Ubigeo, rep.IDs); err != nil {
				return err
			}
		}
		if err := auditCLI(ctx, st, d.Ubigeo, "import.devices", c.File, fmt.Sprintf("%d new, %d changed, %d bad", rep.Added, rep.Changed, len(rep.Bad))); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(rep)
	}
	for _, b := range rep.Bad {
		fmt.Printf("line %d: %s: %s\n", b.Line, b.Reason, b.Raw)
	}
	fmt.Printf("%d new, %d changed, %d bad\n", rep.Added, rep.Changed, len(rep.Bad))
	return nil
}

// writePasswords gives every device a password. A device whose row was not
// written keeps the one it had.
func (c *deviceImportCmd) writePasswords(ctx context.Context, st *store.Store, ubigeo string, ids []string) error {
	f, err := os.OpenFile(c.Passwords, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return badInput(fmt.Errorf("--passwords: %w", err))
	}
	defer f.Close()
	all, err := st.Devices(ctx, ubigeo)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	_ = w.Write([]string{"device", "username", "password", "topic"}) // Error tells
	for _, dev := range all {
		if !slices.Contains(ids, dev.ID) {
			continue
		}
		password, hash, err := fleet.NewDeviceSecret()
		if err != nil {
			return err
		}
		_ = w.Write([]string{dev.ID, ubigeo + "/" + dev.ID, password, "serenazgo/" + ubigeo + "/" + dev.ID + "/pos"})
		if w.Flush(); w.Error() != nil {
			return fmt.Errorf("--passwords: %w", w.Error())
		}
		if err := st.SaveDevice(ctx, dev, hash); err != nil {
			return err
		}
	}
	return f.Close()
}

// deviceClaimCmd gives kept positions to a unit.
type deviceClaimCmd struct {
	storeFlags
	ID   string    `arg:"" help:"The device."`
	Unit string    `help:"Unit that carries it." required:"" placeholder:"UNIT"`
	From time.Time `help:"First position to claim (default: all that are kept)." placeholder:"RFC3339"`
	JSON bool      `help:"Print one JSON object." name:"json"`
}

// Run claims them.
func (c *deviceClaimCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := haveUnit(ctx, st, d.Ubigeo, c.Unit); err != nil {
		return err
	}
	all, err := st.Devices(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x fleet.Device) bool { return x.ID == c.ID })
	if i < 0 {
		return badInputf("no device %s has reported in district %s; see serenazgo device list --unknown", c.ID, d.Ubigeo)
	}
	dev := all[i]
	dev.Unit, dev.Known = c.Unit, true
	if err := st.SaveDevice(ctx, dev, ""); err != nil {
		return err
	}
	n, err := st.ClaimFixes(ctx, d.Ubigeo, c.ID, c.Unit, c.From, time.Now().Add(fleet.FutureLimit))
	if err != nil {
		return err
	}
	if err := auditCLI(ctx, st, d.Ubigeo, "device.claim", c.ID, fmt.Sprintf("%s: %d", c.Unit, n)); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			Positions int64 `json:"positions"`
		}{n})
	}
	fmt.Printf("%s is carried by %s; %d positions are now its own\n", c.ID, c.Unit, n)
	return nil
}

// deviceRemoveCmd takes a device out of the register.
type deviceRemoveCmd struct {
	storeFlags
	ID string `arg:"" help:"The device."`
}

// Run removes it.
func (c *deviceRemoveCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := st.DeleteDevice(ctx, d.Ubigeo, c.ID); errors.Is(err, fleet.ErrNotFound) {
		return badInput(err)
	} else if err != nil {
		return err
	}
	return auditCLI(ctx, st, d.Ubigeo, "device.delete", c.ID, "")
}
