package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/api/export/ministry"
	"github.com/serenazgo/serenazgo/fleet/relay"
)

// relay hands positions on to the ministry for the districts that say so.
func (a *App) relay() *relay.Relay {
	var mu sync.Mutex
	open := map[string]*ministry.Platform{} // by address: connections are kept
	return relay.New(relay.Config{Store: a.store, Now: a.now, Logger: a.log, Open: func(ubigeo string, s relay.Settings) (relay.Sink, error) {
		if s.Sink == relay.FileSink {
			return ministry.Folder{Dir: filepath.Join(a.files(), "ministerio", ubigeo)}, nil
		}
		mu.Lock()
		defer mu.Unlock()
		p := open[s.URL]
		if p == nil {
			p = ministry.NewPlatform(s.URL, nil, a.cfg.RelayPrivate)
			open[s.URL] = p
		}
		return p, nil
	}})
}

// files is the folder that the service writes files for people into.
func (a *App) files() string {
	if a.cfg.Store.Data != "" {
		return a.cfg.Store.Data
	}
	return defaultData()
}

// relayCmd looks after the retransmission to the ministry.
type relayCmd struct {
	Show    relayShowCmd    `cmd:"" help:"Show the settings, what is on its way and what the platform did not get."`
	Set     relaySetCmd     `cmd:"" help:"Change the settings."`
	Vehicle relayVehicleCmd `cmd:"" help:"Say how the platform knows a unit, or take it out."`
}

type relayShowCmd struct {
	storeFlags
	Days int  `help:"How many days back gaps are listed." default:"31"`
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run shows the retransmission.
func (c *relayShowCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	s, err := st.Relay(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	n, oldest, err := st.RelayWaiting(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	trouble, inTrouble, err := st.RelayTrouble(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	now := time.Now()
	gaps, err := st.RelayGaps(ctx, d.Ubigeo, now.AddDate(0, 0, -c.Days), now, 10_000)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			Settings relay.Settings `json:"settings"`
			Waiting  int            `json:"waiting"`
			Oldest   time.Time      `json:"oldest,omitzero"`
			Trouble  relay.Trouble  `json:"trouble,omitzero"`
			Gaps     []relay.Gap    `json:"gaps"`
		}{s, n, oldest, trouble, append([]relay.Gap{}, gaps...)})
	}
	fmt.Printf("on %t, sink %s %s, %d points a request, %d vehicles, %d points on their way\n", s.On, s.Sink, s.URL, s.Batch, len(s.Vehicles), n)
	if inTrouble {
		fmt.Printf("%s since %s: %s\n", trouble.Kind, trouble.Since.Format(time.RFC3339), trouble.Detail)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, g := range gaps {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d points\t%s\n", g.Unit, g.Start.Format(time.RFC3339), g.End.Format(time.RFC3339), g.Reason, g.Points, g.Detail)
	}
	return w.Flush()
}

type relaySetCmd struct {
	storeFlags
	On           *bool  `help:"Hand positions on, or not." negatable:""`
	Sink         string `help:"file: a dry run into the data folder; https: the platform." enum:"file,https," default:""`
	URL          string `help:"Address of the platform, https://…" placeholder:"URL"`
	Municipality string `help:"idMunicipalidad that the ministry gave." placeholder:"ID"`
	Batch        int    `help:"Points in a request, 1 to 25." placeholder:"N"`
	Private      bool   `help:"The platform may be in this machine's own network; the service then needs serve --relay-private."`
	Pace         string `help:"Whom the pause of 5 s between requests is kept for: all or vehicle." enum:"all,vehicle," default:""`
}

// Run changes what is given and keeps the rest.
func (c *relaySetCmd) Run(ctx context.Context) error {
	return c.change(ctx, c.Private, func(s *relay.Settings) {
		if c.On != nil {
			s.On = *c.On
		}
		for to, given := range map[*string]string{&s.Sink: c.Sink, &s.URL: c.URL, &s.Municipality: c.Municipality, &s.Pace: c.Pace} {
			if given != "" {
				*to = given
			}
		}
		if c.Batch != 0 {
			s.Batch = c.Batch
		}
	})
}

// change changes a district's settings. The platform may be in this machine's
// own network only if private.
func (f storeFlags) change(ctx context.Context, private bool, how func(*relay.Settings)) error {
	st, d, done, err := f.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	s, err := st.Relay(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	how(&s)
	if err := s.Check(); err != nil {
		return badInput(err)
	}
	if err := s.CheckOutside(); err != nil && !private {
		return badInputf("%w (and here with --private)", err)
	}
	return st.SaveRelay(ctx, d.Ubigeo, s, cliRow(d.Ubigeo, "relay.save", s.Sink, s.Host()))
}

type relayVehicleCmd struct {
	storeFlags
	Unit         string `arg:"" help:"Unit."`
	IMEI         string `help:"IMEI of its tracker." placeholder:"IMEI"`
	Plate        string `help:"Plate as registered." placeholder:"PLATE"`
	Station      string `help:"codigoComisaria, of a police vehicle." placeholder:"CODE"`
	Transmission string `help:"idTransmision, of a police vehicle." placeholder:"ID"`
	Remove       bool   `help:"Do not hand it on any more."`
}

// Run keeps the vehicle.
func (c *relayVehicleCmd) Run(ctx context.Context) error {
	return c.change(ctx, true, func(s *relay.Settings) {
		if c.Remove {
			delete(s.Vehicles, c.Unit)
			return
		}
		s.Vehicles[c.Unit] = relay.Vehicle{IMEI: c.IMEI, Plate: c.Plate, Station: c.Station, Transmission: c.Transmission}
	})
}
