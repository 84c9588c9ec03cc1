package routing_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// city draws a random graph with one-ways and forbidden turns.
func city(t *rapid.T) *routing.Graph {
	p := routingtest.Usual(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 6).Draw(t, "cols"), rapid.IntRange(2, 6).Draw(t, "rows"))
	p.OneWay, p.Bans, p.Spurs = 0.4, 0.5, 0.2
	return routingtest.City(p)
}

// relax is the oracle: the cost to the end of every arc, by relaxing all turns
// until nothing changes (Bellman and Ford).
func relax(g *routing.Graph, m routing.Mode, begin map[routing.Arc]float64, limit float64) []float64 {
	d := make([]float64, 2*len(g.Segments))
	for i := range d {
		d[i] = math.Inf(1)
	}
	for a, c := range begin {
		if g.Allowed(a, m) && c <= limit {
			d[a] = c
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range d {
			a := routing.Arc(i)
			for _, b := range g.Out(g.Head(a)) {
				c := d[a] + g.Segment(b).Length
				if g.Allowed(b, m) && g.TurnAllowed(a, b, m) && c < d[b]-1e-9 && c <= limit {
					d[b], changed = c, true
				}
			}
		}
	}
	return d
}

func TestSearchFindsWhatTheOracleFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := city(t)
		m := rapid.SampledFrom(routing.Modes[:]).Draw(t, "mode")
		limit := math.Inf(1)
		if rapid.Bool().Draw(t, "bounded") {
			limit = rapid.Float64Range(0, 800).Draw(t, "limit")
		}
		s := routing.NewSearch(g, m, nil)
		begin := map[routing.Arc]float64{}
		if rapid.Bool().Draw(t, "from an arc") {
			a := routing.Arc(rapid.IntRange(0, 2*len(g.Segments)-1).Draw(t, "arc"))
			if g.Allowed(a, m) {
				for _, b := range g.Out(g.Head(a)) {
					if g.TurnAllowed(a, b, m) {
						begin[b] = g.Segment(b).Length
					}
				}
			}
			s.FromArc(a, limit, nil)
		} else {
			n := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "node"))
			for _, b := range g.Out(n) {
				begin[b] = g.Segment(b).Length
			}
			s.FromNode(n, limit, nil)
		}
		for i, want := range relax(g, m, begin, limit) {
			a := routing.Arc(i)
			got, ok := s.Cost(a)
			if ok != !math.IsInf(want, 1) || ok && math.Abs(got-want) > 1e-6 {
				t.Fatalf("arc %d: cost %v, %v; want %v", i, got, ok, want)
			}
			if ok {
				checkPath(t, g, m, s.AppendPath(nil, a), begin, got)
			}
		}
	})
}

// checkPath walks a path and adds it up.
func checkPath(t *rapid.T, g *routing.Graph, m routing.Mode, path []routing.Arc, begin map[routing.Arc]float64, cost float64) {
	t.Helper()
	if _, ok := begin[path[0]]; !ok {
		t.Fatalf("the path begins with arc %d, which does not leave the start", path[0])
	}
	sum := 0.0
	for i, a := range path {
		if !g.Allowed(a, m) {
			t.Fatalf("arc %d is closed to %v", a, m)
		}
		if i > 0 && (g.Head(path[i-1]) != g.Tail(a) || !g.TurnAllowed(path[i-1], a, m)) {
			t.Fatalf("no turn from arc %d to %d", path[i-1], a)
		}
		sum += g.Segment(a).Length
	}
	if math.Abs(sum-cost) > 1e-6 {
		t.Fatalf("the path is %.3f m long, the cost %.3f", sum, cost)
	}
}

func TestReverseSearchIsTheSearchTurnedRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := city(t)
		m := rapid.SampledFrom(routing.Modes[:]).Draw(t, "mode")
		n := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "node"))
		back := routing.NewReverseSearch(g, m, nil)
		back.FromNode(n, math.Inf(1), nil)
		forth := routing.NewSearch(g, m, nil)
		for i := range 2 * len(g.Segments) {
			a := routing.Arc(i)
			if !g.Allowed(a, m) {
				continue
			}
			forth.FromArc(a, math.Inf(1), nil)
			want, last, ok := forth.CostToNode(n)
			if g.Head(a) == n {
				want, ok = 0, true
			}
			want += g.Segment(a).Length
			got, found := back.Cost(a)
			if found != ok || ok && math.Abs(got-want) > 1e-6 {
				t.Fatalf("arc %d: %v, %v back; %v, %v forth (last %v)", i, got, found, want, ok, last)
			}
			if found {
				if p := back.AppendPath(nil, a); p[0] != a || g.Head(p[len(p)-1]) != n {
					t.Fatalf("path %v from arc %d does not end at node %d", p, a, n)
				}
			}
		}
	})
}

func TestSearchStopsAtItsTargets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := city(t)
		all, some := routing.NewSearch(g, routing.Car, nil), routing.NewSearch(g, routing.Car, nil)
		n := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "node"))
		var targets []routing.Arc
		for range rapid.IntRange(1, 5).Draw(t, "targets") {
			targets = append(targets, routing.Arc(rapid.IntRange(0, 2*len(g.Segments)-1).Draw(t, "target")))
		}
		all.FromNode(n, math.Inf(1), nil)
		for range 2 { // the second query must not see the first
			some.FromNode(n, math.Inf(1), targets)
		}
		for _, a := range targets {
			want, wantOK := all.Cost(a)
			got, ok := some.Cost(a)
			if ok != wantOK || ok && got != want {
				t.Fatalf("arc %d: %v, %v; want %v, %v", a, got, ok, want, wantOK)
			}
		}
	})
}

func TestSearchTable(t *testing.T) {
	const square = `
		a--b--c
		|  |  |
		d--e--f`
	tests := []struct {
		name    string
		drawing string
		options []routingtest.Option
		mode    routing.Mode
		from    string
		to      string
		want    string
	}{
		{name: "straight on", drawing: "a-b-c", from: "ab", to: "bc", want: "b-c"},
		{name: "against a one-way there is no way", drawing: "a-b-<-c", from: "ab", to: "bc", want: ""},
		{name: "on foot there is", drawing: "a-b-<-c", mode: routing.Foot, from: "ab", to: "bc", want: "b-c"},
		{name: "round a forbidden turn", drawing: "a-b---c\n  |\n  e", options: []routingtest.Option{routingtest.Ban("ab", "be")}, from: "ab", to: "be", want: "b-c-b-e"},
		{name: "a forbidden turn and U-turns forbidden too", drawing: square,
			options: []routingtest.Option{routingtest.Ban("ab", "be"), routingtest.Ban("ab", "ba"), routingtest.Ban("bc", "cb"), routingtest.Ban("eb", "be")},
			from:    "ab", to: "be", want: "b-c-f-c-b-e"},
		{name: "a ban does not bind who comes from elsewhere", drawing: square, options: []routingtest.Option{routingtest.Ban("ab", "be")}, from: "cb", to: "be", want: "b-e"},
		{name: "closed to cars", drawing: "a-b-c", options: []routingtest.Option{routingtest.For("bc", routing.Foot)}, from: "ab", to: "bc", want: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := routingtest.Draw(tt.drawing, tt.options...)
			s := routing.NewSearch(m.Graph, tt.mode, nil)
			s.FromArc(m.Arc(tt.from), math.Inf(1), nil)
			if got := m.Letters(s.AppendPath(nil, m.Arc(tt.to))); got != tt.want {
				t.Errorf("from %s to %s: %q, want %q", tt.from, tt.to, got, tt.want)
			}
		})
	}
}

func TestSearchAllocatesNothing(t *testing.T) {
	g := routingtest.City(routingtest.Usual(1, 20, 20))
	s := routing.NewSearch(g, routing.Car, nil)
	n := routing.NodeID(0)
	path := make([]routing.Arc, 0, 2*len(g.Segments))
	s.FromNode(0, math.Inf(1), nil)
	if a := testing.AllocsPerRun(20, func() {
		s.FromNode(n, math.Inf(1), nil)
		_, last, _ := s.CostToNode(routing.NodeID(len(g.Nodes) / 2))
		path = s.AppendPath(path[:0], last)
		n++
	}); a != 0 {
		t.Errorf("%v allocations a query", a)
	}
}

func TestReachableIsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := city(t)
		m := rapid.SampledFrom(routing.Modes[:]).Draw(t, "mode")
		base := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "base"))
		r := g.Reachable(m, base)
		forth, back := routing.NewSearch(g, m, nil), routing.NewReverseSearch(g, m, nil)
		forth.FromNode(base, math.Inf(1), nil)
		back.FromNode(base, math.Inf(1), nil)
		of, n := g.StrongParts(m)
		for i := range 2 * len(g.Segments) {
			a := routing.Arc(i)
			_, there := forth.Cost(a)
			_, home := back.Cost(a)
			if r.Arc(a) != (there && home) {
				t.Fatalf("arc %d: reachable %v, there %v, home %v", i, r.Arc(a), there, home)
			}
			if (of[i] >= 0) != g.Allowed(a, m) || int(of[i]) >= n {
				t.Fatalf("arc %d is in part %d of %d", i, of[i], n)
			}
		}
		// Arcs of a strong part reach each other; of two parts they do not.
		a := routing.Arc(rapid.IntRange(0, 2*len(g.Segments)-1).Draw(t, "arc"))
		if !g.Allowed(a, m) {
			return
		}
		forth.FromArc(a, math.Inf(1), nil)
		to := make([]bool, 2*len(g.Segments))
		for i := range to {
			_, to[i] = forth.Cost(routing.Arc(i))
		}
		for i := range to {
			if routing.Arc(i) == a || !g.Allowed(routing.Arc(i), m) {
				continue
			}
			forth.FromArc(routing.Arc(i), math.Inf(1), []routing.Arc{a})
			_, returns := forth.Cost(a)
			if (of[i] == of[a]) != (to[i] && returns) {
				t.Fatalf("arcs %d and %d: parts %d and %d, there %v, back %v", a, i, of[a], of[i], to[i], returns)
			}
		}
	})
}

func TestDefaultBaseLiesInTheLargestPart(t *testing.T) {
	m := routingtest.Draw(`
		a--b--c--d--e
		   |     |
		   f--g--h    x-y`)
	base, ok := m.DefaultBase(routing.Car)
	if !ok || base != m.Node("c") {
		t.Errorf("base %v, %v; want c", base, ok)
	}
	st := m.DistrictStats(routing.Start{Mode: routing.Car, Base: base})
	if st.Segments != 8 || st.UnreachableSegments != 1 || st.OddJunctions != 4 {
		t.Errorf("%+v; want 8 segments, 1 unreachable, 4 odd junctions", st)
	}
	if lost := m.Unreached(routing.Start{Mode: routing.Car, Base: base}); len(lost) != 1 || !slices.Equal(lost[0], []routing.SegmentID{m.Arc("xy").Segment()}) {
		t.Errorf("unreached %v", lost)
	}
}

func BenchmarkSearchAcrossTown(b *testing.B) {
	g := routingtest.City(routingtest.Usual(1, 60, 60))
	s := routing.NewSearch(g, routing.Car, nil)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.FromNode(routing.NodeID(i%3600), math.Inf(1), nil)
	}
}

func BenchmarkSearchNearby(b *testing.B) {
	g := routingtest.City(routingtest.Usual(1, 60, 60))
	s := routing.NewSearch(g, routing.Car, nil)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.FromNode(routing.NodeID(i%3600), 500, nil)
	}
}

// TestCrossings: bends, dead ends and junctions of the neighbours alone do not
// count; one at the edge of the district does.
func TestCrossings(t *testing.T) {
	m := routingtest.Draw(`
		a-b-c-d-e-f
		  |   |   |
		  g-h i   j
	`, routingtest.Outside("ef", "fj"))
	if n := m.Crossings(); n != 2 {
		t.Errorf("%d crossings, want 2: b and d", n)
	}
}
