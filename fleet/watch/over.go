package watch

import (
	"context"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Guest is a unit that is not the municipality's, with its positions.
type Guest struct {
	Unit  coverage.Unit
	Fixes []fleet.Fix
}

// Over is a shift that is over, computed from all that is stored of it.
type Over struct {
	Shift      fleet.Shift
	Graph      *routing.Graph
	Streets    string // version of Graph
	Index      *coverage.Index
	Coverage   *coverage.Coverage
	Snapshot   coverage.Snapshot      // at the end
	Compliance *compliance.Report     // nil: it had no plan
	Plan       *patrol.Plan           // nil: none
	Police     []patrol.Visit         // expected by the police plan
	Units      []coverage.Unit        // of the municipality and guests
	Registered map[string]fleet.Unit  // the municipality's
	Fixes      map[string][]fleet.Fix // by unit
}

// Over computes the shift at an instant. A district without streets, or hours
// without a shift, give fleet.ErrNotFound.
func (w *Watch) Over(ctx context.Context, d fleet.District, at time.Time, guests []Guest) (Over, error) {
	on, err := w.newShift(ctx, d, at)
	if err != nil {
		return Over{}, err
	}
	if on.off || on.live == nil {
		return Over{}, fmt.Errorf("district %s has no shift, or no streets, at %s: %w", d.Ubigeo, at.UTC().Format(time.RFC3339), fleet.ErrNotFound)
	}
	set := on.setup()
	out := Over{Shift: on.shift, Graph: on.graph, Streets: on.version, Index: on.index, Plan: on.plan, Registered: on.byID, Fixes: map[string][]fleet.Fix{}}
	rounds := on.newRounds()
	var all []fleet.Fix
	for _, u := range on.units {
		fs, err := w.cfg.Source.FixesOfUnit(ctx, d.Ubigeo, u.ID, on.shift.Start, on.shift.End)
		if err != nil {
			return Over{}, err
		}
		out.Fixes[u.ID] = fs
		all = append(all, fs...)
		if r := rounds[u.ID]; r != nil {
			r.recount(fs, true)
		}
	}
	for _, g := range guests {
		set.Units = append(set.Units, g.Unit)
		out.Fixes[g.Unit.ID] = g.Fixes
		all = append(all, g.Fixes...)
	}
	out.Units = set.Units
	if out.Coverage, _, err = coverage.Recompute(set, all); err != nil {
		return Over{}, err
	}
	if on.plan != nil {
		out.Coverage.Expect(*on.plan)
		r := on.compare(out.Coverage, rounds, on.shift.End, w.cfg.Compliance)
		out.Compliance = &r
	}
	out.Snapshot = out.Coverage.Snapshot(on.shift.End)
	ps, err := w.cfg.Source.Presence(ctx, d.Ubigeo)
	if err != nil {
		return Over{}, err
	}
	out.Police = patrol.ExpectedVisits(on.graph, ps, on.shift, on.loc)
	return out, nil
}
