package watch

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Limits of a stop that is detected from fixes. Municipal practice asks for
// stops of 10 to 16 minutes; one counts as made from ten minutes on, or, if it
// was planned shorter, from its planned length less one minute.
const (
	stopRadius  = 60.0            // metres from the planned place
	stopSpeed   = 2.0             // m/s: standing is below
	stopSilence = 3 * time.Minute // a longer pause between fixes is not presence
	stopEnough  = 10 * time.Minute
)

// stopState is a planned stop and how long its unit has stood there.
type stopState struct {
	leg     patrol.Leg
	arrived time.Time
	dwell   time.Duration
}

func (s *stopState) done() bool {
	need := min(stopEnough, s.leg.End.Sub(s.leg.Start)-time.Minute)
	return s.dwell >= max(need, time.Minute)
}

// roundState is what one unit has to do in the shift, and has done of it.
type roundState struct {
	number  int
	service []routing.SegmentID // streets that this round visits first
	metres  float64             // their length

	mu    sync.Mutex
	stops []stopState
	last  fleet.Fix
	any   bool
	late  bool // a fix came late: count the stops anew
}

// readRounds takes the rounds of the plan, by unit.
func (on *onShift) readRounds() {
	byID := make(map[string]routing.SegmentID, len(on.graph.Segments))
	for i := range on.graph.Segments {
		byID[on.graph.Segments[i].ID] = routing.SegmentID(i)
	}
	for _, r := range on.plan.Rounds {
		st := &roundState{number: r.Number}
		for _, l := range r.Legs {
			switch l.Kind {
			case patrol.Service:
				if id, ok := byID[l.Segment]; ok && on.graph.Segments[id].Belongs {
					st.service = append(st.service, id)
					st.metres += on.graph.Segments[id].Length
				}
			case patrol.Stop:
				st.stops = append(st.stops, stopState{leg: l})
			}
		}
		on.rounds[r.Unit] = st
	}
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
		slices.SortFunc(fs, func(a, b fleet.Fix) int {
			return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Seq, b.Seq))
		})
		r := on.rounds[unit]
		r.mu.Lock()
		for _, f := range fs {
			r.take(f)
		}
		r.mu.Unlock()
	}
}

// recount counts the stops of a round again from all its fixes.
func (r *roundState) recount(fixes []fleet.Fix) {
	slices.SortFunc(fixes, func(a, b fleet.Fix) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Seq, b.Seq))
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.stops {
		r.stops[i].dwell, r.stops[i].arrived = 0, time.Time{}
	}
	r.any, r.late = false, false
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
		if dt > 0 && dt <= stopSilence && geo.Distance(f.Point, r.last.Point) < stopSpeed*dt.Seconds() {
			if s := r.nearest(f); s != nil && geo.Distance(r.last.Point, s.leg.Point) <= stopRadius {
				if s.dwell == 0 {
					s.arrived = r.last.Time
				}
				s.dwell += dt
			}
		}
	}
	r.last, r.any = f, true
}

// nearest gives the planned stop at the place of f: of several, the one whose
// hour is nearest.
func (r *roundState) nearest(f fleet.Fix) *stopState {
	var best *stopState
	for i := range r.stops {
		s := &r.stops[i]
		if geo.Distance(f.Point, s.leg.Point) > stopRadius {
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
