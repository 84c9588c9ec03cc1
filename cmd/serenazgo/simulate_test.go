package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/mqtt"
)

// The simulated fleet of the command line comes in through the real broker.
func TestSimulate(t *testing.T) {
	st, flags := scratch(t, false)
	in := fleet.NewIngest(fleet.IngestConfig{Store: st, Logger: slog.New(slog.DiscardHandler)})
	b, err := mqtt.NewBroker(mqtt.BrokerConfig{Listen: "127.0.0.1:0", Auth: mqtt.StoredDevices{Store: st}, Ingest: in})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- in.Run(ctx) }()
	go func() { done <- b.Run(ctx) }()
	defer func() {
		cancel()
		<-done
		<-done
	}()
	shift, err := fleet.DefaultShifts()[2].On("2026-11-21", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	from, to := orb.Point{-79, -8.07}, geo.PointAtBearingAndDistance(orb.Point{-79, -8.07}, 90, 300)
	plan := patrol.Plan{Ubigeo: amazonas, Shift: shift.ID, State: patrol.Draft, Figures: json.RawMessage("{}"), Rounds: []patrol.Round{{Number: 1, Unit: "C01", Legs: []patrol.Leg{
		{Seq: 1, Kind: patrol.Service, Start: shift.Start, End: shift.Start.Add(time.Minute), Segment: "1-2-3", Line: orb.LineString{from, to}},
		{Seq: 2, Kind: patrol.Stop, Start: shift.Start.Add(time.Minute), End: shift.Start.Add(5 * time.Minute), Point: to}}}}}
	if plan, err = st.SavePlan(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	c := simulateCmd{storeFlags: flags, Broker: "tcp://" + b.Addr(), Shift: string(shift.ID), Rebase: true, Speedup: 600, Seed: 1,
		Interval: 5 * time.Second, Noise: 5, Dropouts: 0, JSON: true}
	out, err := output(t, func() error { return c.Run(t.Context()) })
	var rep simulateReport
	if err == nil {
		err = json.Unmarshal([]byte(out), &rep)
	}
	if err != nil || rep.Plan != plan.ID || rep.Units != 1 || rep.Fixes < 12 || rep.Stopped {
		t.Fatalf("%s: %v", out, err)
	}
	fixes, err := st.Fixes(t.Context(), amazonas, "sim-C01", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	if err != nil || len(fixes) != rep.Fixes {
		t.Fatalf("%d fixes stored of %d, %v", len(fixes), rep.Fixes, err)
	}
	if ds, err := st.Devices(t.Context(), amazonas); err != nil || len(ds) != 1 || ds[0].ID != "sim-C01" || ds[0].Unit != "C01" {
		t.Fatalf("devices %+v, %v", ds, err)
	}
	// The same plan from a file, with a password of its own and no store.
	password, hash, err := fleet.NewDeviceSecret()
	if err == nil {
		err = st.SaveDevice(t.Context(), fleet.Device{Ubigeo: amazonas, ID: "sim-C01", Unit: "C01", Known: true}, hash)
	}
	var file strings.Builder
	if err == nil {
		err = patrol.EncodeGeoJSON(&file, plan, patrol.Span{Start: shift.Start, End: shift.End})
	}
	if err != nil {
		t.Fatal(err)
	}
	b.Kick(amazonas, "sim-C01")
	again := c
	again.storeFlags, again.Shift, again.Seed = storeFlags{dataFlags: dataFlags{Database: "postgres://nobody@127.0.0.1:1/none"}}, "", 2
	again.Plan, again.Credentials = writeFile(t, "plan.geojson", file.String()), writeFile(t, "c.csv", "sim-C01,"+password+"\n")
	if out, err := output(t, func() error { return again.Run(t.Context()) }); err != nil || !strings.Contains(out, plan.ID) {
		t.Fatalf("%s: %v", out, err)
	}
	for name, edit := range map[string]func(*simulateCmd){
		"no plan in file":  func(c *simulateCmd) { c.Plan = writeFile(t, "p.geojson", "{}") },
		"no plan named":    func(c *simulateCmd) { c.Shift = "" },
		"no such plan":     func(c *simulateCmd) { c.Shift, c.PlanID = "", "x" },
		"no plan of shift": func(c *simulateCmd) { c.Shift = "2026-11-22/noche" },
		"bad shift":        func(c *simulateCmd) { c.Shift = "noche" },
		"speedup":          func(c *simulateCmd) { c.Speedup = -1 },
		"no password":      func(c *simulateCmd) { c.Credentials = writeFile(t, "c.csv", "device,password\nx,y\n") },
	} {
		bad := c
		edit(&bad)
		if err := bad.Run(t.Context()); !errors.Is(err, errInput) {
			t.Errorf("%s: %v, want an input error", name, err)
		}
	}
}
