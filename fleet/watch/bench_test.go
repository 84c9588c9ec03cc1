package watch

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// bigDistrict is a district of 6,000 segments with 200 units, each with a round
// of its share of the streets, and a police plan on all streets.
func bigDistrict(b *testing.B) (*Watch, *routing.Graph, *time.Time) {
	b.Helper()
	now := clock(b, 0, 15, 0)
	st := storetest.Open(b, store.Config{Now: func() time.Time { return now }})
	ctx := b.Context()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(st.SaveDistrict(ctx, fleet.District{Ubigeo: ubigeo, Name: "El Porvenir"}))
	g := routingtest.City(routingtest.Usual(7, 55, 65))
	shift := fleet.Shift{ID: "2026-11-21/tarde", Start: clock(b, 0, 14, 0), End: clock(b, 0, 22, 0)}
	plan := patrol.Plan{Ubigeo: ubigeo, Shift: shift.ID, State: patrol.Published, Streets: "v1", Figures: []byte("{}")}
	for u := range 200 {
		id := fmt.Sprintf("C%03d", u)
		must(st.SaveUnit(ctx, fleet.Unit{Ubigeo: ubigeo, ID: id, CallSign: id, Mode: routing.Car, Active: true, Device: "g" + id}))
		r := patrol.Round{Number: u + 1, Unit: id, Mode: routing.Car}
		for i := u; i < len(g.Segments); i += 200 {
			s := &g.Segments[i]
			r.Legs = append(r.Legs, patrol.Leg{Seq: len(r.Legs) + 1, Kind: patrol.Service, Start: shift.Start, End: shift.Start.Add(time.Hour), Segment: s.ID, Line: s.Line})
		}
		r.Legs = append(r.Legs, patrol.Leg{Seq: len(r.Legs) + 1, Kind: patrol.Stop, Start: shift.Start, End: shift.Start.Add(15 * time.Minute), Point: g.Segments[u].Line[0]})
		plan.Rounds = append(plan.Rounds, r)
	}
	_, err := st.SavePlan(ctx, plan)
	must(err)
	w := New(Config{Source: st, Tracker: fleet.NewTracker(fleet.TrackerConfig{}), Now: func() time.Time { return now }, Emit: func(Event) {},
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			return g, "v1", nil
		}})
	must(w.ReloadAll(ctx))
	on := w.current(ubigeo)
	var visits []patrol.Visit
	for i := range g.Segments {
		for range 3 {
			visits = append(visits, patrol.Visit{Segment: routing.SegmentID(i), Start: shift.Start, End: shift.End, Expected: 1, Trust: 0.5})
		}
	}
	on.police, err = coverage.OfPolice(g, on.reach, visits)
	must(err)
	b.ReportMetric(float64(len(g.Segments)), "segments")
	return w, g, &now
}

// BenchmarkSecond is what one second costs with 200 units that send a fix each:
// their fixes in batches of 50, and the beat.
func BenchmarkSecond(b *testing.B) {
	w, g, now := bigDistrict(b)
	part := func(name string, fixes, beat bool) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				*now = now.Add(time.Second)
				if fixes {
					batch := make([]fleet.Fix, 0, 50)
					for u := range 200 {
						s := &g.Segments[(u*31+now.Minute()*7)%len(g.Segments)]
						id := fmt.Sprintf("C%03d", u)
						batch = append(batch, at(id, "g"+id, *now, along(s.Line, float64(now.Second())*5)))
						if len(batch) == cap(batch) {
							w.OnFresh(batch)
							batch = batch[:0]
						}
					}
				}
				if beat {
					w.beat(b.Context())
				}
			}
		})
	}
	part("fixes", true, false)
	part("beat", false, true)
	part("both", true, true)
}
