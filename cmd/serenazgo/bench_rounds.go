package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// benchRoundsCmd plans the night shift of a district from files and prints the
// plan's figures.
type benchRoundsCmd struct {
	OSM         string  `name:"osm" help:"Street extract (.osm, .osm.gz, .osm.bz2, .osm.pbf)." required:"" type:"path" placeholder:"FILE"`
	Boundary    string  `help:"District boundary (GeoJSON)." required:"" type:"path" placeholder:"FILE"`
	Base        []place `help:"Base of the units, repeatable; units are given bases in turn." sep:"none" placeholder:"LON,LAT"`
	Cars        int     `help:"Number of cars."`
	Motorcycles int     `help:"Number of motorcycles."`
	Bicycles    int     `help:"Number of bicycles."`
	Foot        int     `help:"Number of units on foot."`
	Hours       float64 `help:"Length of the shift, which begins at 22:00." default:"8"`
	Police      string  `help:"Police presence (GeoJSON)." type:"path" placeholder:"FILE"`
	Incidents   string  `help:"Incidents (CSV) for hot cells; without them there are no tactical stops." type:"path" placeholder:"FILE"`
	Date        string  `help:"Date on which the shift begins (default: the night after the last incident)." placeholder:"AAAA-MM-DD"`
	TimeZone    string  `help:"Time zone of the district." default:"America/Lima"`
	Seconds     float64 `help:"Wall time to plan." default:"20"`
	Clock       string  `help:"wall, or cpu: processor time of this process shared out over its cores, to measure on a machine that does other work." enum:"wall,cpu" default:"wall"`
	Profile     string  `help:"Profile with what plans give weight to (default: the one the program brings along)." type:"path" placeholder:"FILE"`
	Seed        int64   `help:"Seed of all that is drawn." default:"1"`
	Days        int     `help:"Plan so many days, each with its own seed, and measure how much they resemble each other instead."`
	Pool        int     `help:"With --days: plans made a day at most, of which the one least like the days before is taken; 1: the first." default:"6"`
	Rotation    int     `help:"Plan so many shifts, each from what was driven in those before, and count them until every street was driven instead."`
	Miss        int     `help:"With --rotation: the shift, from 1, in which nobody goes out; 0: none."`
	Planner     string  `help:"Who plans: ours, or to set beside it postman (sectors, and in each the nearest street next) or random (turning by chance within sectors)." enum:"ours,postman,random" default:"ours"`
	Plan        string  `help:"Write the plan here as GeoJSON." type:"path" placeholder:"FILE"`
	Picture     string  `help:"Draw here as SVG who drives which street first." type:"path" placeholder:"FILE"`

	PictureHours float64 `help:"With --picture: what is driven after so many hours of the shift; 0: in all of it." default:"0"`
	JSON         bool    `name:"json" help:"Print one JSON object."`
}

// Run plans once with the police presence, and once without to compare.
func (c *benchRoundsCmd) Run(ctx context.Context) error {
	in, err := c.input(ctx)
	if err != nil {
		return err
	}
	if c.Days > 0 {
		return c.runDays(ctx, in)
	}
	if c.Rotation > 0 {
		return c.runRotation(ctx, in)
	}
	plan, figures, err := timedDraft(ctx, in, c.clock(), c.Seconds, "planning")
	if err != nil {
		return draftError(err)
	}
	if len(in.Presence) > 0 && ctx.Err() == nil {
		blind := in
		blind.Presence = nil
		other, _, err := timedDraft(ctx, blind, c.clock(), c.Seconds, "planning without police")
		if err != nil {
			return draftError(err)
		}
		seen, err := patrol.Measure(other, in)
		if err != nil {
			return err
		}
		figures.PoliceOverlapBlindPct = &seen.PoliceOverlapPct
	} else if len(in.Presence) == 0 {
		figures.PoliceOverlapBlindPct = &figures.PoliceOverlapPct
	}
	if c.Plan != "" {
		if err := writePlan(c.Plan, plan, patrol.Span{Start: in.Shift.Start, End: in.Shift.End}); err != nil {
			return err
		}
	}
	if c.Picture != "" {
		if err := c.draw(plan, in, figures); err != nil {
			return err
		}
	}
	if c.JSON {
		return printJSON(figures)
	}
	return printFigures(figures)
}

// clock gives a stopwatch in seconds.
func (c *benchRoundsCmd) clock() func() float64 {
	if c.Clock == "cpu" {
		used, cores := newCPUClock(), float64(runtime.GOMAXPROCS(0))
		return func() float64 { return used.Seconds() / cores }
	}
	begun := time.Now()
	return func() float64 { return time.Since(begun).Seconds() }
}

// timedDraft plans for the given time by the clock and reports on standard
// error.
func timedDraft(ctx context.Context, in patrol.DraftInput, clock func() float64, seconds float64, label string) (patrol.Plan, patrol.Figures, error) {
	bar := newProgress(label)
	in.Elapsed = func() float64 { return clock() / seconds }
	in.Progress = func(p patrol.Progress) {
		bar.Set(p.Elapsed, 1, fmt.Sprintf("%s, longest %.0f s, bound %.0f s", p.Phase, p.Best, p.Bound))
	}
	plan, figures, err := patrol.NewDraft(ctx, in)
	bar.Done()
	figures.SolveS = float64(int(clock()*100)) / 100
	return plan, figures, err
}

// draftError tells the caller's mistakes from failures.
func draftError(err error) error {
	if errors.Is(err, fleet.ErrInvalid) {
		return badInput(err)
	}
	return err
}

// input reads the files.
func (c *benchRoundsCmd) input(ctx context.Context) (patrol.DraftInput, error) {
	var in patrol.DraftInput
	if !(c.Seconds > 0) {
		return in, badInputf("--seconds %g: give a time above 0", c.Seconds)
	}
	if c.Days < 0 || c.Days > 366 {
		return in, badInputf("--days %d: give a number from 1 to 366", c.Days)
	}
	if c.Pool < 1 || c.Pool > 64 {
		return in, badInputf("--pool %d: give a number from 1 to 64", c.Pool)
	}
	if c.Rotation < 0 || c.Rotation > 366 || c.Miss < 0 {
		return in, badInputf("--rotation %d --miss %d: give numbers from 1 to 366", c.Rotation, c.Miss)
	}
	if err := c.togetherErr(); err != nil {
		return in, err
	}
	if !(c.Hours > 0.5 && c.Hours <= 24) {
		return in, badInputf("--hours %g: a shift has more than half an hour and at most 24", c.Hours)
	}
	if !(c.PictureHours >= 0) || c.PictureHours > c.Hours {
		return in, badInputf("--picture-hours %g: give hours of the shift, 0 to %g", c.PictureHours, c.Hours)
	}
	loc, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return in, badInputf("--time-zone %q is not an IANA time zone such as America/Lima", c.TimeZone)
	}
	in.Loc, in.Seed, in.Solve = loc, c.Seed, planners[c.Planner]
	if in.Terms, err = readTerms(c.Profile); err != nil {
		return in, err
	}
	if in.Units, err = c.units(); err != nil {
		return in, err
	}
	var modes routing.ModeSet
	for _, u := range in.Units {
		modes |= routing.SetOf(u.Mode)
	}
	im, err := osm.Load(ctx, osm.Source{File: c.OSM, BoundaryFile: c.Boundary, Modes: modes, Paths: modes.Has(routing.Foot)})
	if err != nil {
		return in, badInput(err)
	}
	in.Graph = im.Graph
	in.District = fleet.District{Ubigeo: im.Ubigeo, Name: im.Name, TimeZone: c.TimeZone, Boundary: im.Graph.Boundary}
	if c.Police != "" {
		f, err := os.Open(c.Police)
		if err != nil {
			return in, badInputf("--police: %v", err)
		}
		defer f.Close()
		if in.Presence, err = patrol.ReadPresence(f, c.Police); err != nil {
			return in, badInput(err)
		}
	}
	incidents, err := c.incidents(loc)
	if err != nil {
		return in, err
	}
	if in.Shift, err = c.shift(incidents, loc); err != nil {
		return in, err
	}
	if len(incidents) > 0 {
		grid, err := hotspots.NewGrid(in.Graph.Boundary, 10)
		if err != nil {
			return in, badInput(err)
		}
		target := hotspots.Target{Start: in.Shift.Start, End: in.Shift.End, Loc: loc}
		if in.Surface, err = hotspots.Forecast(grid, incidents, target); err != nil {
			return in, err
		}
	}
	return in, nil
}

// togetherErr refuses flags that would do nothing beside each other.
func (c *benchRoundsCmd) togetherErr() error {
	switch {
	case c.Days > 0 && c.Rotation > 0:
		return badInputf("--days and --rotation measure different things: give one of them")
	case (c.Days > 0 || c.Rotation > 0) && (c.Plan != "" || c.Picture != ""):
		return badInputf("--plan and --picture are of one shift: leave out --days and --rotation")
	case c.Miss > 0 && c.Rotation == 0:
		return badInputf("--miss %d: it is a shift of --rotation, which is missing", c.Miss)
	case c.Miss > c.Rotation:
		return badInputf("--miss %d: --rotation has %d shifts", c.Miss, c.Rotation)
	case c.PictureHours > 0 && c.Picture == "":
		return badInputf("--picture-hours %g: it is for --picture, which is missing", c.PictureHours)
	}
	return nil
}

// units makes the fleet, its bases given out in turn.
func (c *benchRoundsCmd) units() ([]fleet.Unit, error) {
	var out []fleet.Unit
	for _, k := range [...]struct {
		n      int
		mode   routing.Mode
		letter string
		flag   string
	}{{c.Cars, routing.Car, "C", "cars"}, {c.Motorcycles, routing.Motorcycle, "M", "motorcycles"},
		{c.Bicycles, routing.Bicycle, "B", "bicycles"}, {c.Foot, routing.Foot, "F", "foot"}} {
		if k.n < 0 || k.n > 1000 {
			return nil, badInputf("--%s %d: give a number from 0 to 1000", k.flag, k.n)
		}
		for i := range k.n {
			u := fleet.Unit{ID: fmt.Sprintf("%s%02d", k.letter, i+1), Mode: k.mode, Active: true}
			u.CallSign = u.ID
			if len(c.Base) > 0 {
				u.Base = orb.Point(c.Base[len(out)%len(c.Base)])
			}
			out = append(out, u)
		}
	}
	if len(out) == 0 {
		return nil, badInputf("no units: give --cars, --motorcycles, --bicycles or --foot")
	}
	return out, nil
}

func (c *benchRoundsCmd) incidents(loc *time.Location) ([]hotspots.Incident, error) {
	if c.Incidents == "" {
		return nil, nil
	}
	f, err := os.Open(c.Incidents)
	if err != nil {
		return nil, badInputf("--incidents: %v", err)
	}
	defer f.Close()
	res, err := importer.Read(f, c.Incidents, importer.Options{Loc: loc})
	if err != nil {
		return nil, badInput(err)
	}
	if len(res.Incidents) == 0 {
		return nil, badInputf("--incidents %s: none of its rows could be used", c.Incidents)
	}
	return res.Incidents, nil
}

// shift is the night that begins on the date, or after the last incident.
func (c *benchRoundsCmd) shift(incidents []hotspots.Incident, loc *time.Location) (fleet.Shift, error) {
	date := c.Date
	if date == "" {
		day := time.Now().In(loc)
		if len(incidents) > 0 {
			last := incidents[0].At
			for _, i := range incidents {
				if i.At.After(last) {
					last = i.At
				}
			}
			// The operational day begins at 06:00: what happened before it
			// belongs to the night that began the evening before.
			last = last.In(loc)
			day = last
			if last.Hour() >= 22 {
				day = last.AddDate(0, 0, 1)
			}
		}
		date = day.Format(time.DateOnly)
	}
	def := fleet.ShiftDef{Code: "noche", Name: "Noche", Start: "22:00", End: "06:00"}
	s, err := def.On(date, loc)
	if err != nil {
		return s, badInput(err)
	}
	s.End = s.Start.Add(time.Duration(c.Hours * float64(time.Hour)))
	return s, nil
}
