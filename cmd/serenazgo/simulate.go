package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/mqtt/device"
	"github.com/serenazgo/serenazgo/store"
)

// simulateCmd drives a plan with a simulated fleet that reports over MQTT.
type simulateCmd struct {
	storeFlags
	Broker      string        `help:"MQTT broker to report to." default:"tcp://127.0.0.1:1883" placeholder:"URL"`
	Shift       string        `help:"Drive the plan of this shift, the published one if there is one." placeholder:"AAAA-MM-DD/TURNO"`
	PlanID      string        `help:"Drive this plan of the store." name:"plan-id" placeholder:"ID"`
	Plan        string        `help:"Drive the plan of this GeoJSON file; with --credentials no store is needed." type:"existingfile" placeholder:"FILE"`
	Rebase      bool          `help:"Move the plan in time so that it begins now."`
	Speedup     float64       `help:"Let time run so many times faster, from now or the plan's start. Fixes then carry times ahead of the real clock: the service must run on the same fast clock, as the demo does." default:"1"`
	Seed        int64         `help:"Seed of everything random." default:"1"`
	Interval    time.Duration `help:"Time between the fixes of a moving unit." default:"5s"`
	Noise       float64       `help:"Standard deviation of the position on each axis, in metres." default:"5"`
	Dropouts    float64       `help:"Losses of coverage per hour and unit." default:"0.5"`
	Credentials string        `help:"CSV file of device,password; without it, devices named sim-<unit> are registered in the store." type:"existingfile" placeholder:"CSV"`
	JSON        bool          `help:"Print one JSON object at the end." name:"json"`
}

// simulateReport is what a simulation tells at its end.
type simulateReport struct {
	Ubigeo   string  `json:"ubigeo"`
	Plan     string  `json:"plan"`
	Units    int     `json:"units"`
	Messages int     `json:"messages"`
	Fixes    int     `json:"fixes"` // of the whole plan, each counted once
	Seconds  float64 `json:"seconds"`
	Stopped  bool    `json:"stopped"` // before the plan was driven to its end
}

// Run drives the plan to its end, or until it is interrupted.
func (c *simulateCmd) Run(ctx context.Context) error {
	if c.Speedup <= 0 || c.Speedup > 3600 {
		return badInputf("--speedup %v: give a number from above 0 to 3600", c.Speedup)
	}
	plan, passwords, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	begun := time.Now()
	start, err := c.when(&plan, begun)
	if err != nil {
		return err
	}
	cfg := sim.Config{Plan: plan, Seed: c.Seed, Interval: c.Interval, Noise: orOff(c.Noise), DropoutsPerHour: orOff(c.Dropouts)}
	f, err := sim.New(cfg)
	if err != nil {
		return badInput(err)
	}
	door, err := device.DialFleet(ctx, device.Config{Broker: c.Broker, Ubigeo: plan.Ubigeo, Logger: logger(slog.LevelWarn)}, passwords)
	if err != nil {
		return fmt.Errorf("%w; is the service running, and does --broker name it?", err)
	}
	defer door.Close()
	p := newProgress("simulate")
	first, last := f.Span()
	rep := simulateReport{Ubigeo: plan.Ubigeo, Plan: plan.ID, Units: len(plan.Rounds), Fixes: f.Fixes()}
	err = f.Run(ctx, sim.Clock{Start: start, Began: begun, Speedup: c.Speedup}, func(ctx context.Context, device string, payload []byte, at time.Time) error {
		rep.Messages++
		p.Set(at.Sub(first).Seconds(), last.Sub(first).Seconds(), fmt.Sprintf("%s, %d messages", at.Format(time.TimeOnly), rep.Messages))
		return door.Publish(ctx, device, payload, at)
	})
	p.Done()
	if rep.Stopped = errors.Is(err, context.Canceled); err != nil && !rep.Stopped {
		return err
	}
	door.Close()
	rep.Seconds = time.Since(begun).Seconds()
	if c.JSON {
		return printJSON(rep)
	}
	fmt.Printf("%d units sent %d messages in %.0f s\n", rep.Units, rep.Messages, rep.Seconds)
	return nil
}

// orOff turns a flag's 0 into the simulator's "switched off".
func orOff(v float64) float64 {
	if v == 0 {
		return -1
	}
	return v
}

// prepare finds the plan and the passwords of its devices.
func (c *simulateCmd) prepare(ctx context.Context) (patrol.Plan, map[string]string, error) {
	var plan patrol.Plan
	if c.Plan != "" {
		f, err := os.Open(c.Plan)
		if err != nil {
			return plan, nil, badInput(err)
		}
		defer f.Close()
		file, err := patrol.DecodeGeoJSON(f, c.Plan)
		if err != nil {
			return plan, nil, badInput(err)
		}
		plan = file.Plan
		if c.Ubigeo != "" {
			plan.Ubigeo = c.Ubigeo
		}
		if c.Credentials != "" && plan.Ubigeo != "" {
			if err := fleet.CheckUbigeo(plan.Ubigeo); err != nil {
				return plan, nil, badInput(err)
			}
			passwords, err := c.knownPasswords(plan)
			return plan, passwords, err
		}
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return plan, nil, err
	}
	defer done()
	if c.Plan == "" {
		if plan, err = c.storedPlan(ctx, st, d); err != nil {
			return plan, nil, err
		}
	}
	plan.Ubigeo = d.Ubigeo
	if c.Credentials != "" {
		passwords, err := c.knownPasswords(plan)
		return plan, passwords, err
	}
	passwords, err := c.newPasswords(ctx, st, plan)
	return plan, passwords, err
}

// storedPlan finds the plan in the store.
func (c *simulateCmd) storedPlan(ctx context.Context, st *store.Store, d fleet.District) (patrol.Plan, error) {
	switch {
	case c.PlanID != "":
		p, err := st.Plan(ctx, d.Ubigeo, c.PlanID)
		return p, badInput(err)
	case c.Shift == "":
		return patrol.Plan{}, badInputf("which plan? give --shift, such as 2026-11-21/noche, --plan-id or --plan FILE")
	}
	if _, _, err := fleet.ShiftID(c.Shift).Split(); err != nil {
		return patrol.Plan{}, badInput(err)
	}
	ps, err := st.PlansOfShift(ctx, d.Ubigeo, fleet.ShiftID(c.Shift))
	if err != nil {
		return patrol.Plan{}, err
	}
	if len(ps) == 0 {
		return patrol.Plan{}, badInputf("%s has no plan for %s; make one: serenazgo plan --shift %s", d.Name, c.Shift, c.Shift)
	}
	best := ps[0]
	for _, p := range ps[1:] {
		if (p.State == patrol.Published) != (best.State == patrol.Published) {
			if p.State == patrol.Published {
				best = p
			}
		} else if p.Version > best.Version {
			best = p
		}
	}
	return st.Plan(ctx, d.Ubigeo, best.ID)
}

// when gives the simulated time at which the simulation begins: now, or the
// plan's start if that is still to come and time runs fast.
func (c *simulateCmd) when(plan *patrol.Plan, now time.Time) (time.Time, error) {
	first, last := sim.Span(*plan)
	switch {
	case first.IsZero():
		return now, badInputf("the plan has no rounds to drive")
	case c.Rebase:
		*plan = sim.Rebase(*plan, now)
		return now, nil
	case !now.Before(last):
		return now, badInputf("the plan ended at %s: --rebase drives it now", last.Local().Format("2006-01-02 15:04"))
	case now.Before(first) && c.Speedup != 1:
		return first, nil
	case now.Before(first):
		return now, badInputf("the plan begins at %s: wait until then, or --rebase drives it now", first.Local().Format("2006-01-02 15:04"))
	}
	return now, nil
}

// knownPasswords reads the passwords of the plan's devices from the file.
func (c *simulateCmd) knownPasswords(plan patrol.Plan) (map[string]string, error) {
	f, err := os.Open(c.Credentials)
	if err != nil {
		return nil, badInput(err)
	}
	defer f.Close()
	known, err := readCredentials(f, c.Credentials)
	if err != nil {
		return nil, badInput(err)
	}
	out := map[string]string{}
	for _, r := range plan.Rounds {
		id := sim.DeviceOf(r.Unit)
		p, ok := known[id]
		if !ok {
			return nil, badInputf("%s has no password of device %s", c.Credentials, id)
		}
		out[id] = p
	}
	return out, nil
}

// newPasswords registers simulated devices, which never take the place of real
// ones, with new passwords.
func (c *simulateCmd) newPasswords(ctx context.Context, st *store.Store, plan patrol.Plan) (map[string]string, error) {
	out := map[string]string{}
	for _, r := range plan.Rounds {
		id := sim.DeviceOf(r.Unit)
		if err := fleet.CheckDeviceID(id); err != nil {
			return nil, badInput(err)
		}
		password, hash, err := fleet.NewDeviceSecret()
		if err != nil {
			return nil, err
		}
		if err := st.SaveDevice(ctx, fleet.Device{Ubigeo: plan.Ubigeo, ID: id, Unit: r.Unit, Interval: c.Interval, Known: true}, hash); err != nil {
			return nil, fmt.Errorf("register device %s: %w", id, err)
		}
		out[id] = password
	}
	return out, nil
}

// readCredentials reads a table of devices and passwords.
func readCredentials(r io.Reader, name string) (map[string]string, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = 2
	out := map[string]string{}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w: a row is device,password", name, err)
		}
		id, password := strings.TrimSpace(row[0]), strings.TrimSpace(row[1])
		if id == "device" && password == "password" {
			continue
		}
		if err := fleet.CheckDeviceID(id); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[id] = password
	}
}
