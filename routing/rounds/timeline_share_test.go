package rounds

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// toured is a solver with tours through a random city that has a hot place and
// watched streets.
func toured(t *rapid.T) *solver {
	seed := rapid.Uint64Range(0, 1<<20).Draw(t, "seed")
	g := routingtest.City(routingtest.Usual(seed, rapid.IntRange(3, 5).Draw(t, "cols"), rapid.IntRange(3, 5).Draw(t, "rows")))
	base, ok := g.DefaultBase(routing.Car)
	if !ok {
		t.Skip("nothing to drive")
	}
	p := &Problem{Graph: g, Seed: seed, StopMin: 600, StopMax: 960, GapGoal: 2000, SlotLength: 900,
		Units: []Unit{{Mode: routing.Car, Base: base, Speed: 5, End: 4 * 3600, Break: 600}, {Mode: routing.Car, Base: base, Speed: 6, End: 4 * 3600, Break: 600}},
		Hot:   []Hot{{Nodes: []routing.NodeID{base}}}, Present: [][]bool{{true, false, true, true, false, true}}, Zones: make([][]Piece, len(g.Segments))}
	for i := range p.Zones {
		if i%3 == 0 {
			p.Zones[i] = []Piece{{0, g.Segments[i].Length}}
		}
	}
	if err := p.check(); err != nil {
		t.Fatal(err)
	}
	s := &solver{p: p, ctl: Control{Workers: 1, Progress: func(Progress) {}}, rng: rand.New(rand.NewPCG(seed, 1)), uneven: withoutStops.uneven}
	s.prepare()
	s.assignPosts()
	var err error
	if s.bounds, err = LowerBounds(g, p.Units); err != nil {
		t.Fatal(err)
	}
	if err := s.makeLoops(); err != nil {
		t.Fatal(err)
	}
	if err := s.construct(); err != nil {
		t.Fatal(err)
	}
	s.findApproaches()
	s.dealt = true
	s.dispatch()
	return s
}

// A tour that has a stretch in another order, or left out, costs the same
// whether what it shares with the old one is taken over or gone along again.
func TestSharedTimelineIsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := toured(t)
		for _, tr := range s.tours {
			n := len(tr.arcs)
			i := rapid.IntRange(0, n).Draw(t, "from")
			j := rapid.IntRange(i, n).Draw(t, "to")
			arcs := append([]routing.Arc(nil), tr.arcs[:i]...)
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				for k := j - 1; k >= i; k-- {
					arcs = append(arcs, tr.arcs[k])
				}
			case 1: // left out
			case 2: // twice
				arcs = append(append(arcs, tr.arcs[i:j]...), tr.arcs[i:j]...)
			}
			arcs = append(arcs, tr.arcs[j:]...)
			var shared, whole timeline
			got, want := s.run(tr.unit, tr.visits, arcs, &shared, tr), s.run(tr.unit, tr.visits, arcs, &whole, nil)
			if math.Abs(got-want) > 1e-3 || math.Abs(shared.end-whole.end) > 1e-6 || len(shared.halts) != len(whole.halts) {
				t.Fatalf("unit %d: price %.6f instead of %.6f, end %.3f instead of %.3f", tr.unit, got, want, shared.end, whole.end)
			}
			for k := range whole.drive {
				if math.Abs(shared.drive[k]-whole.drive[k]) > 1e-6 || math.Abs(shared.turn[k]-whole.turn[k]) > 1e-6 {
					t.Fatalf("unit %d, position %d: %.6f s instead of %.6f", tr.unit, k, shared.drive[k], whole.drive[k])
				}
			}
		}
	})
}

// Setting windows anew does not make a visit missed that was made.
func TestWindowsHoldWhatIsMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := toured(t)
		s.spreadRests()
		for _, tr := range s.tours {
			tr.cost = s.price(tr, tr.visits, tr.arcs, &tr.line)
		}
		missed := func() (n int) {
			for _, tr := range s.tours {
				for _, away := range tr.line.near {
					if away >= 0 {
						n++
					}
				}
			}
			return n
		}
		before := missed()
		s.setWindows()
		if after := missed(); after > before {
			t.Fatalf("%d visits missed instead of %d", after, before)
		}
	})
}

// The finder's ways are as short as those of a search that looks at all.
func TestFinderIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := toured(t)
		f, search := newFinder(s), s.search[0]
		n := len(s.p.Graph.Nodes)
		for range 5 {
			from, to := routing.NodeID(rapid.IntRange(0, n-1).Draw(t, "a")), routing.NodeID(rapid.IntRange(0, n-1).Draw(t, "b"))
			if from == to {
				continue
			}
			way, ok := f.append(nil, 0, from, to, 1e9)
			search.FromNode(from, math.Inf(1), nil)
			want, _, reached := search.CostToNode(to)
			if !ok { // not reached from the base and back
				continue
			}
			at, got := from, 0.0
			for _, a := range way {
				if s.p.Graph.Tail(a) != at || !s.p.Graph.Allowed(a, routing.Car) {
					t.Fatal("the way does not hang together")
				}
				at, got = s.p.Graph.Head(a), got+s.metres[a>>1]
			}
			if at != to || reached && got > want+1e-6 {
				t.Fatalf("%.2f m to %d instead of %.2f to %d", got, at, want, to)
			}
		}
	})
}

// Both ways of making streets even give closed walks over every street.
func TestEvenIsBalanced(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := toured(t)
		g := s.p.Graph
		for _, c := range classes(s.p, s.wanted) {
			first, err := evenFirst(g, c)
			if err != nil {
				t.Fatal(err)
			}
			both := [][]copyOf{first}
			if other, ok := balancedFirst(g, c); ok {
				both = append(both, other)
			}
			for k, copies := range both {
				out, wanted := make([]int, len(g.Nodes)), 0
				for _, cp := range copies {
					out[g.Tail(cp.arc)]++
					out[g.Head(cp.arc)]--
					if cp.wanted {
						wanted++
					}
					if !c.reach.Arc(cp.arc) {
						t.Fatalf("way %d: a passage against a one-way", k)
					}
				}
				for n, o := range out {
					if o != 0 {
						t.Fatalf("way %d: junction %d has %d more ways out than in", k, n, o)
					}
				}
				if wanted != len(c.wanted) {
					t.Fatalf("way %d visits %d of %d streets", k, wanted, len(c.wanted))
				}
			}
		}
	})
}

// Without a clock two workers find what one finds, with stops and police too.
func TestStopsAreReproducible(t *testing.T) {
	g := routingtest.City(routingtest.Usual(5, 8, 8))
	base, _ := g.DefaultBase(routing.Car)
	var last *Solution
	for _, workers := range []int{1, 2} {
		p := &Problem{Graph: g, Seed: 4, StopMin: 600, StopMax: 960, GapGoal: 3000, SlotLength: 1800,
			Units: []Unit{{Mode: routing.Car, Base: base, Speed: 5, End: 14400}, {Mode: routing.Car, Base: base, Speed: 5, End: 14400}},
			Hot:   []Hot{{Nodes: []routing.NodeID{0, 3}}, {Nodes: []routing.NodeID{base}}}}
		sol, err := Solve(context.Background(), p, Control{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if last != nil {
			for i := range sol.Routes {
				if len(sol.Routes[i].Steps) != len(last.Routes[i].Steps) {
					t.Fatalf("route %d has %d steps with two workers and %d with one", i, len(sol.Routes[i].Steps), len(last.Routes[i].Steps))
				}
			}
		}
		last = sol
	}
}
