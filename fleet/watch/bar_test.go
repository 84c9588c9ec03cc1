package watch

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// The bar is an expectation over every way in which the police may have driven
// or not: here, all ways are counted out.
func TestBarIsTheExpectation(t *testing.T) {
	g := routingtest.Draw(block).Graph
	n := len(g.Segments)
	now := clock(t, 0, 12, 0)
	shift := fleet.Shift{Start: now.Add(-time.Hour), End: now.Add(time.Hour)}
	rapid.Check(t, func(rt *rapid.T) {
		states := make(coverage.States, n)
		var visits []patrol.Visit
		for i := range states {
			states[i] = coverage.State(rapid.IntRange(0, int(coverage.Outside)).Draw(rt, "state"))
			for range rapid.IntRange(0, 2).Draw(rt, "visits") {
				v := patrol.Visit{Segment: routing.SegmentID(i), Start: shift.Start, End: shift.End,
					Expected: rapid.Float64Range(0, 3).Draw(rt, "passes"), Trust: rapid.Float64Range(0, 1).Draw(rt, "trust")}
				visits = append(visits, v)
			}
		}
		on := &onShift{graph: g, shift: shift}
		var err error
		if on.police, err = coverage.OfPolice(g, nil, visits); err != nil {
			rt.Fatal(err)
		}
		// Half of each window is over. The police came if one of the visits was
		// made, which needs its plan to be driven and half of its passes.
		p := make([]float64, n)
		km := 0.0
		for i := range p {
			absent := 1.0
			for _, v := range visits {
				if v.Segment == routing.SegmentID(i) {
					absent *= 1 - v.Trust + v.Trust*math.Exp(-v.Expected/2)
				}
			}
			p[i] = 1 - absent
			switch states[i] {
			case coverage.ByPolice, coverage.Both, coverage.ByIntegrated:
				p[i] = 1
			}
			if states[i] != coverage.Outside {
				km += g.Segments[i].Length / 1000
			}
		}
		var want struct{ ser, pnp, both, joint, none, unknown float64 }
		for came := range 1 << n {
			chance := 1.0
			for i := range n {
				if came>>i&1 == 1 {
					chance *= p[i]
				} else {
					chance *= 1 - p[i]
				}
			}
			for i := range n {
				st, l := states[i], chance*g.Segments[i].Length/1000
				if st == coverage.Outside {
					continue
				}
				ours := st == coverage.ByMunicipal || st == coverage.Both || st == coverage.ByIntegrated
				theirs := came>>i&1 == 1
				add := func(to *float64, when bool) {
					if when {
						*to += l
					}
				}
				add(&want.ser, ours)
				add(&want.pnp, theirs)
				add(&want.both, ours && theirs)
				add(&want.joint, ours || theirs)
				add(&want.unknown, !ours && !theirs && st == coverage.Unknown)
				add(&want.none, !ours && !theirs && st != coverage.Unknown)
			}
		}
		b := on.bar(states, km, on.likely(now), now)
		for _, c := range []struct {
			name string
			got  coverage.Share
			want float64
		}{{"serenazgo", b.Serenazgo, want.ser}, {"pnp", b.PNP, want.pnp}, {"both", b.Both, want.both}, {"joint", b.Joint, want.joint},
			{"none", b.None, want.none}, {"unknown", b.Unknown, want.unknown}} {
			if math.Abs(c.got.Km-c.want) > 1e-9 || km > 0 && math.Abs(c.got.Pct-100*c.want/km) > 1e-7 {
				rt.Errorf("%s: %v, want %.6f km of %.6f", c.name, c.got, c.want, km)
			}
		}
	})
}

func TestBarSaysWhereThePoliceComeFrom(t *testing.T) {
	g := routingtest.Draw(block).Graph
	now := clock(t, 0, 12, 0)
	police, err := coverage.OfPolice(g, nil, []patrol.Visit{{Segment: 0, Start: now.Add(-time.Hour), End: now, Expected: 1, Trust: 1}})
	if err != nil {
		t.Fatal(err)
	}
	driven := make(coverage.States, len(g.Segments))
	driven[2] = coverage.ByPolice
	for _, c := range []struct {
		name   string
		police *coverage.PlannedPolice
		states coverage.States
		want   string
	}{
		{"nothing", nil, make(coverage.States, len(g.Segments)), "none"},
		{"a plan", police, make(coverage.States, len(g.Segments)), "planned"},
		{"positions", nil, driven, "driven"},
		{"a plan and positions", police, driven, "driven"},
	} {
		on := &onShift{graph: g, police: c.police}
		if b := on.bar(c.states, 3.15, on.likely(now), now); b.PNPSource != c.want {
			t.Errorf("%s: %q, want %q", c.name, b.PNPSource, c.want)
		}
	}
}

// What a reader was given by a snapshot and the events after it is what there
// is, whenever he came.
func TestReadersAgree(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 14, 0))
	wo.plan(wo.snapshot().Shift, "e", "ab", "bc", "be")
	on := wo.w.current(ubigeo)
	wo.w.beat(t.Context())
	type reader struct {
		name     string
		presence []int
	}
	var readers []*reader
	fixes := wo.drive("abedabcfeb", clock(t, 0, 14, 10))
	for i, f := range fixes {
		wo.set(f.Time.Add(time.Duration(i%3) * 6 * time.Minute)) // back and forth past the silence that makes streets unknown
		wo.send(f)
		if i%3 == 0 {
			readers = append(readers, &reader{f.Time.String(), wo.snapshot().Presence})
		}
		if i%4 == 0 {
			wo.told("")
			wo.w.beat(t.Context())
			for _, e := range wo.told("coverage") {
				for _, c := range e.Body.(CoverageEvent).Changes {
					for _, r := range readers {
						r.presence[c[0]] = c[1]
					}
				}
			}
			for _, r := range readers {
				for k, p := range on.shown {
					if r.presence[k] != p {
						t.Fatalf("fix %d: whoever came at %s believes %d of segment %d, which is %d", i, r.name, r.presence[k], k, p)
					}
				}
			}
		}
	}
}
