package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/coverage/trial"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/routing"
	matchtrial "github.com/serenazgo/serenazgo/routing/match/trial"
)

// benchCoverageCmd plans a district from files, lets a simulated fleet drive the
// plan, and sets the coverage that follows from its messages beside what it
// truly drove.
type benchCoverageCmd struct {
	benchRoundsCmd
	Driven   string        `help:"Drive this plan (GeoJSON, as --plan writes it) instead of making one." type:"path" placeholder:"FILE"`
	Noise    float64       `help:"Metres that hold 68 % of the errors, as in bench match." default:"10"`
	Interval time.Duration `help:"Between fixes of a moving unit." default:"5s"`
	Dropouts float64       `help:"Losses of the network an hour and unit, of 3 min on average; fixes come later." default:"1"`
	Blind    float64       `help:"Losses of the satellites an hour and unit, of 1 min on average; fixes never come." default:"0"`
}

// Run plans, drives, computes and compares.
func (c *benchCoverageCmd) Run(ctx context.Context) error {
	switch {
	case !(c.Noise >= 0 && c.Noise <= 100):
		return badInputf("--noise is %v; want 0 to 100 metres", c.Noise)
	case c.Interval < time.Second || c.Interval > 10*time.Minute:
		return badInputf("--interval is %v; want 1s to 10m", c.Interval)
	case !(c.Dropouts >= 0 && c.Dropouts <= 60) || !(c.Blind >= 0 && c.Blind <= 60):
		return badInputf("--dropouts %v, --blind %v: want 0 to 60 an hour", c.Dropouts, c.Blind)
	}
	c.fleetOr(10, 0)
	in, plan, err := c.planned(ctx)
	if err != nil {
		return err
	}
	score, lag, err := c.compare(in, plan)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(struct {
			trial.Score
			coverage.Replacement
		}{score, lag})
	}
	fmt.Printf("%.1f km of street; patrolled: truly %.2f %%\n", score.StreetKm, score.TruePct)
	fmt.Printf("certain %.2f %% (%+.2f points), best estimate %.2f %% (%+.2f points), probable %.2f %%\n",
		score.CertainPct, score.CertainErr, score.EstimatePct, score.EstimateErr, score.ProbablePct)
	fmt.Printf("certain and not patrolled %.2f km; patrolled, and neither certain nor probable %.2f km\n", score.WrongKm, score.MissedKm)
	fmt.Printf("matched as fixes came, against whole tracks: %.2f of %.1f km differ (%.2f %%)\n", lag.DifferKm, lag.WholeKm, lag.DifferPct)
	return nil
}

// planned gives the plan that is driven.
func (c *benchCoverageCmd) planned(ctx context.Context) (patrol.DraftInput, patrol.Plan, error) {
	in, err := c.input(ctx)
	if err != nil {
		return in, patrol.Plan{}, err
	}
	if c.Driven == "" {
		plan, _, err := timedDraft(ctx, in, c.clock(), c.Seconds, "planning")
		return in, plan, draftError(err)
	}
	f, err := os.Open(c.Driven)
	if err != nil {
		return in, patrol.Plan{}, badInputf("--driven: %v", err)
	}
	defer f.Close()
	file, err := patrol.DecodeGeoJSON(f, c.Driven)
	return in, file.Plan, badInput(err)
}

// compare drives the plan and scores what is found.
func (c *benchCoverageCmd) compare(in patrol.DraftInput, plan patrol.Plan) (score trial.Score, lag coverage.Replacement, err error) {
	f, err := sim.New(sim.Config{Plan: plan, Seed: c.Seed, Interval: c.Interval, Noise: noneIfZero(matchtrial.Deviation(c.Noise)), DropoutsPerHour: noneIfZero(c.Dropouts), BlindPerHour: c.Blind})
	if err != nil {
		return score, lag, badInput(err)
	}
	start, end := f.Span()
	set := coverage.Setup{Graph: in.Graph, Shift: fleet.Shift{ID: plan.Shift, Start: start, End: end.Add(time.Second)}, Config: coverage.DefaultConfig()}
	mode := map[string]routing.Mode{}
	unitOf := map[string]string{}
	for _, r := range plan.Rounds {
		mode[r.Unit] = r.Mode
	}
	for _, id := range f.Units() {
		set.Units = append(set.Units, coverage.Unit{ID: id, Mode: mode[id], Duty: coverage.Window{Start: start, End: end}})
		unitOf[f.Device(id)] = id
	}
	var fixes []fleet.Fix
	for _, m := range f.Messages() {
		d := mqtt.Native{}.Decode(m.Payload)
		if len(d.Rejects) > 0 {
			return score, lag, fmt.Errorf("message of %s: %s", m.Device, d.Rejects[0].Reason)
		}
		for _, x := range d.Fixes {
			x.Ubigeo, x.Device, x.Unit, x.Received = in.District.Ubigeo, m.Device, unitOf[m.Device], m.At
			fixes = append(fixes, x)
		}
	}
	truth, err := trial.Truth(in.Graph, f.Truth(start, end), set.Config)
	if err != nil {
		return score, lag, badInput(err)
	}
	if score, _, err = trial.Compare(set, slices.Clone(fixes), truth); err != nil {
		return score, lag, err
	}
	lag, err = coverage.Replaced(set, fixes)
	return score, lag, err
}

// noneIfZero switches a fault of the simulation off that is asked for as 0,
// which the simulation takes for its default.
func noneIfZero(v float64) float64 {
	if v == 0 {
		return -1
	}
	return v
}
