package watch

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// roundState is what one unit has to do in the shift, and has done of it.
type roundState struct {
	number  int
	service []routing.SegmentID // streets that this round visits first
	metres  float64             // their length
	rests   []orb.Point         // its base, and where it breaks: standing there is no stop
	rules   compliance.Standing

	mu      sync.Mutex
	stops   []stopState
	last    fleet.Fix
	any     bool
	pause   pause       // where it stands and no stop was planned
	pauses  []pause     // of them, those that are over and were long enough
	late    bool        // a fix came late: count the stops anew
	loading bool        // they are being counted anew
	pending []fleet.Fix // came while loading: they may not be among what is loaded
}

// newRounds gives the rounds of the plan, by unit, with nothing done.
func (on *onShift) newRounds() map[string]*roundState {
	out := map[string]*roundState{}
	if on.plan == nil {
		return out
	}
	byID := make(map[string]routing.SegmentID, len(on.graph.Segments))
	for i := range on.graph.Segments {
		byID[on.graph.Segments[i].ID] = routing.SegmentID(i)
	}
	for _, r := range on.plan.Rounds {
		st := &roundState{number: r.Number, rests: []orb.Point{r.Base}, rules: on.rules}
		for _, l := range r.Legs {
			switch l.Kind {
			case patrol.Service:
				if id, ok := byID[l.Segment]; ok && on.graph.Segments[id].Belongs {
					st.service = append(st.service, id)
					st.metres += on.graph.Segments[id].Length
				}
			case patrol.Stop:
				st.stops = append(st.stops, stopState{leg: l, rules: on.rules})
			case patrol.Break:
				st.rests = append(st.rests, l.Point)
			}
		}
		out[r.Unit] = st
	}
	return out
}

// takeStops counts standing time at planned stops.
func (on *onShift) takeStops(fixes []fleet.Fix) {
	byUnit := map[string][]fleet.Fix{}
	for _, f := range fixes {
		if f.Usable() && on.shift.Contains(f.Time) && on.rounds[f.Unit] != nil {
			byUnit[f.Unit] = append(byUnit[f.Unit], f)
		}
	}
	for unit, fs := range byUnit {
		sortFixes(fs)
		r := on.rounds[unit]
		r.mu.Lock()
		if r.loading {
			r.pending = append(r.pending, fs...)
		}
		for _, f := range fs {
			r.take(f)
		}
		r.mu.Unlock()
	}
}

func sortFixes(fixes []fleet.Fix) {
	slices.SortFunc(fixes, func(a, b fleet.Fix) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Device, b.Device), cmp.Compare(a.Seq, b.Seq))
	})
}

// recountStops counts the stops of units with late fixes anew.
func (w *Watch) recountStops(ctx context.Context, on *onShift) error {
	for unit, r := range on.rounds {
		if !r.startRecount() {
			continue
		}
		fixes, err := w.cfg.Source.FixesOfUnit(ctx, on.d.Ubigeo, unit, on.shift.Start, on.shift.End)
		r.recount(fixes, err == nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// startRecount tells whether the stops have to be counted anew; recount must
// follow.
func (r *roundState) startRecount() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.late || r.loading {
		return false
	}
	r.late, r.loading, r.pending = false, true, nil
	return true
}

// recount counts the stops of a round again from all its stored fixes and those
// that came while they were loaded. If they could not be, it has to be done yet.
func (r *roundState) recount(stored []fleet.Fix, loaded bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fixes := append(stored, r.pending...)
	r.loading, r.pending = false, nil
	if !loaded {
		r.late = true
		return
	}
	sortFixes(fixes)
	for i := range r.stops {
		r.stops[i] = stopState{leg: r.stops[i].leg, rules: r.rules}
	}
	r.any, r.late, r.pause, r.pauses = false, false, pause{}, nil
	for _, f := range fixes {
		if f.Usable() {
			r.take(f)
		}
	}
}

// take counts one fix. The caller holds r.mu and gives fixes in order; one that
// is out of order asks for a recount.
func (r *roundState) take(f fleet.Fix) {
	if r.any && f.Time.Before(r.last.Time) {
		r.late = true
		return
	}
	if r.any {
		dt := f.Time.Sub(r.last.Time)
		if dt > 0 && dt <= r.rules.Silence && geo.Distance(f.Point, r.last.Point) < r.rules.Speed*dt.Seconds() {
			if s := r.nearest(f); s != nil && geo.Distance(r.last.Point, s.leg.Point) <= r.rules.Radius {
				s.stood(r.last.Time, f.Time)
				r.moveOn()
			} else {
				r.stand(f)
			}
		} else {
			r.moveOn()
		}
	}
	r.last, r.any = f, true
}

// nearest gives the planned stop at the place of f: of several, the one whose
// hour is nearest, and none that is past.
func (r *roundState) nearest(f fleet.Fix) *stopState {
	var best *stopState
	for i := range r.stops {
		s := &r.stops[i]
		if geo.Distance(f.Point, s.leg.Point) > r.rules.Radius {
			continue
		}
		if s.past(f.Time) {
			continue
		}
		if best == nil || off(f.Time, s.leg) < off(f.Time, best.leg) {
			best = s
		}
	}
	return best
}

// off is how far t is from the leg's window.
func off(t time.Time, l patrol.Leg) time.Duration {
	return max(l.Start.Sub(t), t.Sub(l.End), 0)
}
