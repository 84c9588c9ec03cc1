package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
)

// versionFlags name a version of a shift's plan.
type versionFlags struct {
	Shift   string `help:"Shift: AAAA-MM-DD/turno." required:"" placeholder:"SHIFT"`
	Version int    `name:"plan-version" help:"Version of its plan (default: the newest)." default:"0"`
	storeFlags
}

// find opens the store and reads the version.
func (f *versionFlags) find(ctx context.Context) (*store.Store, func(), fleet.District, patrol.Plan, error) {
	if _, _, err := fleet.ShiftID(f.Shift).Split(); err != nil {
		return nil, nil, fleet.District{}, patrol.Plan{}, badInput(err)
	}
	st, done, err := f.open(ctx)
	if err != nil {
		return nil, nil, fleet.District{}, patrol.Plan{}, err
	}
	d, err := f.district(ctx, st)
	if err == nil {
		var p patrol.Plan
		if p, err = planVersion(ctx, st, d, fleet.ShiftID(f.Shift), f.Version); err == nil {
			return st, done, d, p, nil
		}
	}
	done()
	return nil, nil, d, patrol.Plan{}, err
}

// planVersion reads a version of a shift's plan; 0: the newest.
func planVersion(ctx context.Context, st *store.Store, d fleet.District, shift fleet.ShiftID, version int) (patrol.Plan, error) {
	heads, err := st.PlansOfShift(ctx, d.Ubigeo, shift)
	if err != nil {
		return patrol.Plan{}, err
	}
	for _, h := range heads {
		if version == 0 || h.Version == version {
			return st.Plan(ctx, d.Ubigeo, h.ID)
		}
	}
	if len(heads) == 0 {
		return patrol.Plan{}, badInputf("shift %s has no plan yet: make one with serenazgo plan --shift %s", shift, shift)
	}
	return patrol.Plan{}, badInputf("--plan-version %d: shift %s has versions up to %d", version, shift, heads[0].Version)
}

// deskOf prepares the change of a plan.
func deskOf(ctx context.Context, st *store.Store, d fleet.District, p patrol.Plan, profile string) (*patrol.Desk, error) {
	terms, err := readTerms(profile)
	if err != nil {
		return nil, err
	}
	in, err := planInput(ctx, st, d, p.Shift, nil)
	if err != nil && !errors.Is(err, errNoUnits) {
		return nil, err
	}
	in.Terms = terms
	known := in.Units
	in.Units = nil
	for _, r := range p.Rounds {
		u := fleet.Unit{ID: r.Unit, CallSign: r.CallSign, Active: true}
		for _, k := range known {
			if k.ID == r.Unit {
				u = k
			}
		}
		u.Mode, u.Base = r.Mode, r.Base
		in.Units = append(in.Units, u)
	}
	return patrol.NewDesk(in)
}

// changeOut is what edit and replan print with --json.
type changeOut struct {
	ID      string `json:"id"` // empty: nothing was kept
	Version int    `json:"version"`
	patrol.Change
}

// keepChange saves what became of a plan, unless it was only asked for.
func keepChange(ctx context.Context, st *store.Store, old patrol.Plan, c patrol.Change, action string, dry, asJSON bool) error {
	out := changeOut{Change: c}
	if !dry {
		p := c.Plan
		p.CreatedAt = time.Now().UTC()
		saved, err := st.SavePlanAfter(ctx, p, old.ID, c.Same(), cliRow(old.Ubigeo, action, "", ""))
		if errors.Is(err, fleet.ErrConflict) {
			return badInputf("%v: edit the newest version", err)
		}
		if err != nil {
			return err
		}
		out.ID, out.Version = saved.ID, saved.Version
	}
	if asJSON {
		return printJSON(out)
	}
	for _, v := range c.Violations {
		fmt.Printf("%s leg %d: %s: %s\n", v.Unit, v.Seq, v.Code, v.Message)
	}
	for _, n := range c.Notes {
		fmt.Printf("%s %s %s %s %.0f m\n", n.Code, n.Unit, n.From, n.Name, n.Metres)
	}
	b, a := c.Before, c.After
	fmt.Printf("rounds changed: %s\n", strings.Join(c.Units, " "))
	fmt.Printf("driven %.1f → %.1f km, coverage %.2f → %.2f %%, worst gap %.0f → %.0f min, violations: %d\n",
		b.DrivenKm, a.DrivenKm, b.CoveragePct, a.CoveragePct, b.HotGapWorstMin, a.HotGapWorstMin, len(c.Violations))
	if !dry {
		fmt.Printf("plan %s, version %d\n", out.ID, out.Version)
	}
	return nil
}

// planEditCmd changes a plan by hand.
type planEditCmd struct {
	Op       string   `arg:"" help:"move_street, drop_street, move_stop, retime_stop, add_stop, drop_stop, lock, unlock, forbid or permit." enum:"move_street,drop_street,move_stop,retime_stop,add_stop,drop_stop,lock,unlock,forbid,permit"`
	Unit     string   `help:"Unit whose round it is."`
	To       string   `help:"Unit that gets the streets or the stop."`
	Segments []string `help:"Streets, by the ids of their segments."`
	Stop     int      `help:"Stop, by the seq of its leg."`
	Before   int      `help:"With retime_stop: come before the stop of this seq."`
	At       string   `help:"Time of the stop (RFC 3339)." placeholder:"TIME"`
	Minutes  float64  `help:"Length of a new stop."`
	Point    *place   `help:"Place of a new stop." placeholder:"LON,LAT"`
	Name     string   `help:"Name of a new stop."`
	DryRun   bool     `help:"Only say what would become of the plan."`
	JSON     bool     `name:"json" help:"Print one JSON object."`
	Profile  string   `help:"Profile with what plans give weight to (default: the one the program brings along)." type:"path" placeholder:"FILE"`
	versionFlags
}

// Run edits, saves the result as the next version and prints what it costs.
func (c *planEditCmd) Run(ctx context.Context) error {
	e := patrol.Edit{Op: patrol.EditOp(c.Op), Unit: c.Unit, To: c.To, Segments: c.Segments, Stop: c.Stop, Before: c.Before, Minutes: c.Minutes, Name: c.Name}
	var err error
	if e.At, err = parseInstant("--at", c.At); err != nil {
		return err
	}
	e.Point = (*orb.Point)(c.Point)
	st, done, d, p, err := c.find(ctx)
	if err != nil {
		return err
	}
	defer done()
	desk, err := deskOf(ctx, st, d, p, c.Profile)
	if err != nil {
		return draftError(err)
	}
	change, err := desk.Edit(p, []patrol.Edit{e})
	if err != nil {
		return draftError(err)
	}
	return keepChange(ctx, st, p, change, "plan.edit", c.DryRun, c.JSON)
}

// parseInstant reads an instant; empty: the zero time.
func parseInstant(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, badInputf("%s %q: write it as 2026-11-21T23:30:00-05:00", flag, s)
	}
	return t, nil
}

// planReplanCmd makes a plan anew in the middle of its shift.
type planReplanCmd struct {
	Event    string        `arg:"" help:"unit_lost, unit_added, street_closed or alert." enum:"unit_lost,unit_added,street_closed,alert"`
	Now      string        `help:"When it happens (RFC 3339; default: now)." placeholder:"TIME"`
	Unit     string        `help:"Unit that it happens to."`
	Segments []string      `help:"Streets that are closed, by the ids of their segments."`
	Point    *place        `help:"Place of the alert (default: where the unit is)." placeholder:"LON,LAT"`
	Until    string        `help:"When the alert is over (RFC 3339; default: in an hour)." placeholder:"TIME"`
	Hold     time.Duration `help:"How much of what comes next stays as it is." default:"5m"`
	DryRun   bool          `help:"Only say what would become of the plan."`
	JSON     bool          `name:"json" help:"Print one JSON object."`
	Profile  string        `help:"Profile with what plans give weight to (default: the one the program brings along)." type:"path" placeholder:"FILE"`
	versionFlags
}

// Run replans: without the live state, what should have been driven by now
// counts as driven.
func (c *planReplanCmd) Run(ctx context.Context) error {
	e := patrol.Event{Kind: patrol.EventKind(c.Event), Unit: c.Unit, Segments: c.Segments}
	now, err := parseInstant("--now", c.Now)
	if err != nil {
		return err
	}
	if now.IsZero() {
		now = time.Now()
	}
	if e.Until, err = parseInstant("--until", c.Until); err != nil {
		return err
	}
	e.Point = (*orb.Point)(c.Point)
	st, done, d, p, err := c.find(ctx)
	if err != nil {
		return err
	}
	defer done()
	desk, err := deskOf(ctx, st, d, p, c.Profile)
	if err != nil {
		return draftError(err)
	}
	s := patrol.Situation{Now: now, Events: []patrol.Event{e}, Hold: c.Hold, Added: map[string]fleet.Unit{}}
	units, err := st.Units(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	for _, u := range units {
		s.Added[u.ID] = u
	}
	change, err := desk.Replan(p, s)
	if err != nil {
		return draftError(err)
	}
	return keepChange(ctx, st, p, change, "plan.replan", c.DryRun, c.JSON)
}

// planCompareCmd tells what differs between two versions.
type planCompareCmd struct {
	With int    `help:"Older version (default: the one that it was made from, or the one before)." default:"0"`
	Out  string `help:"Write the streets that changed hands here (GeoJSON)." type:"path" placeholder:"FILE"`
	JSON bool   `name:"json" help:"Print one JSON object."`
	versionFlags
}

// Run compares and prints a line a unit.
func (c *planCompareCmd) Run(ctx context.Context) error {
	st, done, d, p, err := c.find(ctx)
	if err != nil {
		return err
	}
	defer done()
	older, err := olderVersion(ctx, st, d, p, c.With)
	if err != nil {
		return err
	}
	diff := patrol.Compare(older, p, nil)
	if c.Out != "" {
		raw, err := diff.GeoJSON()
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out, raw, 0o644); err != nil {
			return badInputf("cannot write %s: %v", c.Out, err)
		}
	}
	if c.JSON {
		return printJSON(diff)
	}
	for _, u := range diff.Units {
		fmt.Printf("%-12s %7.1f → %7.1f km  %3d → %3d stops  %s %% in common\n", u.Unit, u.Before.Km, u.After.Km, u.Before.Stops, u.After.Stops,
			strconv.FormatFloat(u.OverlapPct, 'f', 1, 64))
	}
	fmt.Printf("version %d → %d: %d streets (%.1f km) changed hands\n", older.Version, p.Version, diff.HandedCount, diff.HandedKm)
	return nil
}

// olderVersion finds what a version is compared with.
func olderVersion(ctx context.Context, st *store.Store, d fleet.District, p patrol.Plan, with int) (patrol.Plan, error) {
	if with != 0 {
		return planVersion(ctx, st, d, p.Shift, with)
	}
	if p.Parent != "" {
		if older, err := st.Plan(ctx, d.Ubigeo, p.Parent); err == nil {
			return older, nil
		}
	}
	if p.Version < 2 {
		return patrol.Plan{}, badInputf("shift %s has a single version", p.Shift)
	}
	return planVersion(ctx, st, d, p.Shift, p.Version-1)
}
