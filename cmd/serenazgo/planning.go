package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// What a shift cannot be planned without.
var (
	errNoStreets   = fmt.Errorf("%w: no streets", fleet.ErrInvalid)
	errNoUnits     = fmt.Errorf("%w: no units", fleet.ErrInvalid)
	errUnknownUnit = fmt.Errorf("%w: unknown unit", fleet.ErrInvalid)
)

// planOptions are a planner's choices.
type planOptions struct {
	Seconds float64   // wall time to plan
	Seed    int64     // of all that is drawn; 0: what the district's secret gives for the shift
	Units   []string  // ids; empty: those of the shift's roster
	By      string    // user name
	At      time.Time // of the service's clock; zero: the wall clock
	Unlock  bool      // plan rounds anew too that are locked in the newest version
	Terms   patrol.Terms
	// Save keeps the plan; nil: as the next version of its shift.
	Save func(ctx context.Context, p patrol.Plan) (patrol.Plan, error)
}

// draftPlan plans a shift of a district from what the store knows of it, and
// saves the result as a new version.
func draftPlan(ctx context.Context, st *store.Store, d fleet.District, shift fleet.ShiftID, opt planOptions, report func(patrol.Progress)) (patrol.Plan, error) {
	units, err := unitsToPlan(ctx, st, d, shift, opt.Units)
	if err != nil {
		return patrol.Plan{}, err
	}
	in, err := planInput(ctx, st, d, shift, units)
	if err != nil {
		return patrol.Plan{}, err
	}
	if !(opt.Seconds > 0) {
		return patrol.Plan{}, fmt.Errorf("%w: %g seconds to plan: give a time above 0", fleet.ErrInvalid, opt.Seconds)
	}
	if !opt.Unlock {
		if in.Keep, err = lockedRounds(ctx, st, d.Ubigeo, shift); err != nil {
			return patrol.Plan{}, err
		}
	}
	if opt.Seed == 0 {
		if opt.Seed, err = drawSeed(ctx, st, d, shift); err != nil {
			return patrol.Plan{}, err
		}
	}
	if in.Past, err = pastShifts(ctx, st, d, in.Shift, in.Loc); err != nil {
		return patrol.Plan{}, err
	}
	begun := time.Now()
	in.Seed, in.Progress, in.Rotate, in.Pool, in.Terms = opt.Seed, report, true, poolPlans, opt.Terms
	in.Elapsed = func() float64 { return time.Since(begun).Seconds() / opt.Seconds }
	plan, figures, err := patrol.NewDraft(ctx, in)
	if err != nil {
		return patrol.Plan{}, err
	}
	figures.SolveS = time.Since(begun).Round(10 * time.Millisecond).Seconds()
	if plan.Figures, err = json.Marshal(figures); err != nil {
		return patrol.Plan{}, err
	}
	plan.CreatedAt, plan.CreatedBy = opt.At.UTC(), opt.By
	if opt.At.IsZero() {
		plan.CreatedAt = time.Now().UTC()
	}
	// A search that was stopped early still gives a plan worth keeping.
	save := opt.Save
	if save == nil {
		save = st.SavePlan
	}
	return save(context.WithoutCancel(ctx), plan)
}

// lockedRounds gives the rounds that are locked in the newest plan of a shift.
func lockedRounds(ctx context.Context, st *store.Store, ubigeo string, shift fleet.ShiftID) ([]patrol.Round, error) {
	newest, err := st.NewestPlan(ctx, ubigeo, shift)
	if err == nil && len(newest.Rules.Locks) > 0 {
		newest, err = st.Plan(ctx, ubigeo, newest.ID)
	}
	if errors.Is(err, fleet.ErrNotFound) {
		return nil, nil
	}
	return newest.LockedRounds(), err
}

// drawSeed gives the seed of the next plan of a shift from the district's
// secret.
func drawSeed(ctx context.Context, st *store.Store, d fleet.District, shift fleet.ShiftID) (int64, error) {
	secret, err := st.PlanSecret(ctx, d.Ubigeo)
	if err != nil {
		return 0, err
	}
	plans, err := st.PlansOfShift(ctx, d.Ubigeo, shift)
	if err != nil {
		return 0, err
	}
	version := 1
	for _, p := range plans {
		version = max(version, p.Version+1)
	}
	return patrol.Seed(secret, d.Ubigeo, shift, version), nil
}

// planInput gathers what a plan depends on: the streets with the corrections
// of the shift's window, the units, the police and the forecast.
func planInput(ctx context.Context, st *store.Store, d fleet.District, id fleet.ShiftID, only []string) (patrol.DraftInput, error) {
	in := patrol.DraftInput{District: d}
	loc, err := d.Location()
	if err != nil {
		return in, err
	}
	in.Loc = loc
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return in, err
	}
	if in.Shift, err = fleet.ResolveShift(id, defs, loc); err != nil {
		return in, err
	}
	if in.Graph, in.Streets, err = streetsOf(ctx, st, d, [2]time.Time{in.Shift.Start, in.Shift.End}, loc); err != nil {
		return in, err
	}
	if in.Units, err = unitsOf(ctx, st, d, in.Shift, only); err != nil {
		return in, err
	}
	if in.Presence, err = st.Presence(ctx, d.Ubigeo); err != nil {
		return in, err
	}
	if err := districtTerms(ctx, st, &in); err != nil {
		return in, err
	}
	if in.Ages, err = streetAges(ctx, st, in); err != nil {
		return in, err
	}
	surface, err := forecast(ctx, st, d, in.Shift)
	if err == nil && surface.Sample > 0 {
		in.Surface = surface // a uniform one ranks nothing
	}
	return in, err
}

// districtTerms reads what a district lays down for every plan: its fixed posts,
// the sectors that units may be bound to, and the areas to be preferred.
func districtTerms(ctx context.Context, st *store.Store, in *patrol.DraftInput) (err error) {
	if in.Posts, err = st.Posts(ctx, in.District.Ubigeo); err != nil {
		return err
	}
	fences, err := st.Fences(ctx, in.District.Ubigeo)
	in.Sectors = make(map[string]orb.MultiPolygon, len(fences))
	for _, f := range fences {
		in.Sectors[f.ID] = f.Geometry
	}
	in.Priority = patrol.Preferred(fences, in.Shift.ID)
	return err
}

// streetsOf gives a district's streets as they are in a window of time, and
// the version of the import they come from.
func streetsOf(ctx context.Context, st *store.Store, d fleet.District, window [2]time.Time, loc *time.Location) (*routing.Graph, string, error) {
	v, err := st.Streets(ctx, d.Ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return nil, "", fmt.Errorf("%w: district %s has none yet: import them with serenazgo import streets FILE", errNoStreets, d.Ubigeo)
	}
	if err != nil {
		return nil, "", err
	}
	g, err := routing.Decode(v.Graph)
	if err != nil {
		return nil, "", fmt.Errorf("streets %s of district %s: %w", v.Version, d.Ubigeo, err)
	}
	cs, err := st.Corrections(ctx, d.Ubigeo)
	if err != nil {
		return nil, "", err
	}
	g, _, err = routing.Apply(g, cs, window, loc)
	return g, v.Version, err
}

// unitsToPlan gives the units that a plan is to be made for: those that were
// named, or else those of the shift's roster that are in service; none: every
// unit that is bound to the shift.
func unitsToPlan(ctx context.Context, st *store.Store, d fleet.District, shift fleet.ShiftID, named []string) ([]string, error) {
	if len(named) > 0 {
		return named, nil
	}
	roster, err := st.Roster(ctx, d.Ubigeo, shift)
	if errors.Is(err, fleet.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	units, err := st.Units(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	// One that went to the workshop meanwhile stays in.
	fit := slices.DeleteFunc(roster.Units, func(id string) bool {
		return !slices.ContainsFunc(units, func(u fleet.Unit) bool { return u.ID == id && u.Active })
	})
	if len(fit) == 0 {
		return nil, fmt.Errorf("%w: of the roster of %s: change it, or put one of its units into service", errNoUnits, shift)
	}
	return fit, nil
}

// unitsOf gives the units that are bound to a shift, or those that are named,
// bound to it or not.
func unitsOf(ctx context.Context, st *store.Store, d fleet.District, shift fleet.Shift, only []string) ([]fleet.Unit, error) {
	all, err := st.Units(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	var out []fleet.Unit
	for _, u := range all {
		_, _, works := u.Out(shift, loc)
		goes := len(u.Shifts) == 0 || slices.Contains(u.Shifts, shift.Code)
		if len(only) > 0 {
			goes = slices.Contains(only, u.ID)
		}
		if works && u.Active && goes {
			out = append(out, u)
		}
	}
	for _, id := range only {
		if !slices.ContainsFunc(out, func(u fleet.Unit) bool { return u.ID == id }) {
			return nil, fmt.Errorf("%w: %q is not registered, not in service, or works at other hours than shift %s", errUnknownUnit, id, shift.Code)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: none of district %s works in shift %s: add one (serenazgo unit add C01 --mode car, or Ajustes → Unidades y GPS)", errNoUnits, d.Ubigeo, shift.ID)
	}
	return out, nil
}
