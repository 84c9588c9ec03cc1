package naive

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

type planner = func(context.Context, *rounds.Problem, rounds.Control) (*rounds.Solution, error)

var planners = map[string]planner{"postman": Postman, "random": Random}

// town is a problem of a few units in a random town.
func town(t rapid.TB, seed uint64, cars, feet int, hours float64) *rounds.Problem {
	t.Helper()
	g := routingtest.City(routingtest.Usual(seed, 9, 8))
	p := &rounds.Problem{Graph: g, Seed: seed}
	for i := range cars + feet {
		u := rounds.Unit{Mode: routing.Car, Speed: 5, End: 3600 * hours, Break: 600}
		if i >= cars {
			u.Mode, u.Speed = routing.Foot, 1.1
		}
		base, ok := g.DefaultBase(u.Mode)
		if !ok {
			t.Skip("no street of this town is open to the mode")
		}
		u.Base = base
		p.Units = append(p.Units, u)
	}
	return p
}

// drivable fails unless a unit can do what it is to do: from its base back to
// it, arc after arc, allowed, in its window and its metres, with one break.
func drivable(t rapid.TB, p *rounds.Problem, r rounds.Route) {
	t.Helper()
	u := p.Units[r.Unit]
	node, now, last, rests, metres := u.Base, u.Start, routing.NoArc, 0, 0.0
	for k, st := range r.Steps {
		if math.Abs(st.Start-now) > 1e-6 {
			t.Fatalf("unit %d: step %d starts at %g, not at %g", r.Unit, k, st.Start, now)
		}
		now = st.End
		if st.Kind == rounds.Break {
			rests++
			continue
		}
		if p.Graph.Tail(st.Arc) != node || !p.Graph.Allowed(st.Arc, u.Mode) || last != routing.NoArc && !p.Graph.TurnAllowed(last, st.Arc, u.Mode) {
			t.Fatalf("unit %d: step %d cannot be driven", r.Unit, k)
		}
		node, last = p.Graph.Head(st.Arc), st.Arc
		metres += p.Graph.Segment(st.Arc).Length
	}
	if node != u.Base || now > u.End+1e-6 {
		t.Fatalf("unit %d is at node %d at %g; its base is %d and its window ends at %g", r.Unit, node, now, u.Base, u.End)
	}
	if u.MaxMetres > 0 && metres > u.MaxMetres+1e-6 {
		t.Fatalf("unit %d drives %g m of %g", r.Unit, metres, u.MaxMetres)
	}
	if len(r.Steps) > 0 && rests != 1 {
		t.Fatalf("unit %d has %d breaks", r.Unit, rests)
	}
}

func TestRoundsCanBeDriven(t *testing.T) {
	for name, plan := range planners {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := town(t, rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 3).Draw(t, "cars"), rapid.IntRange(0, 1).Draw(t, "feet"), rapid.Float64Range(0.5, 3).Draw(t, "hours"))
				p.Units[0].MaxMetres = rapid.SampledFrom([]float64{0, 3000}).Draw(t, "metres")
				sol, err := plan(t.Context(), p, rounds.Control{})
				if err != nil {
					t.Fatal(err)
				}
				if len(sol.Routes) != len(p.Units) {
					t.Fatalf("%d routes for %d units", len(sol.Routes), len(p.Units))
				}
				for _, r := range sol.Routes {
					drivable(t, p, r)
				}
			})
		})
	}
}

func TestPostmanLeavesNothingOut(t *testing.T) {
	p := town(t, 3, 3, 0, 8)
	sol, err := Postman(t.Context(), p, rounds.Control{})
	if err != nil {
		t.Fatal(err)
	}
	wanted, _ := rounds.Reached(p.Graph, p.Units)
	for _, r := range sol.Routes {
		for _, st := range r.Steps {
			if st.Kind == rounds.Drive {
				wanted[st.Arc.Segment()] = false
			}
		}
	}
	if left := slices.Index(wanted, true); left >= 0 {
		t.Errorf("segment %s is never driven", p.Graph.Segments[left].ID)
	}
}

// TestNearest sets the search beside the one of package routing.
func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := routingtest.City(routingtest.Usual(rapid.Uint64().Draw(t, "seed"), 6, 6))
		base, ok := g.DefaultBase(routing.Car)
		if !ok {
			t.Skip("no street is open to cars")
		}
		reach := g.Reachable(routing.Car, base)
		f, search := newFinder(g, routing.Car, reach), routing.NewSearch(g, routing.Car, nil)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "wanted"), 1))
		want := make([]bool, 2*len(g.Segments))
		for range 3 {
			want[rng.IntN(len(want))] = true
		}
		search.FromNode(base, math.Inf(1), nil)
		least := math.Inf(1)
		for a := range routing.Arc(len(want)) {
			if c, ok := search.Cost(a); ok && want[a] && reach.Arc(a) {
				least = min(least, c)
			}
		}
		got := math.Inf(1)
		if way := f.to(base, routing.NoArc, func(a routing.Arc) bool { return want[a] }); way != nil {
			got = 0
			for _, a := range way {
				got += g.Segment(a).Length
			}
		}
		if got != least && math.Abs(got-least) > 1e-6 {
			t.Fatalf("the nearest is %g m away, want %g", got, least)
		}
	})
}

func TestSameSeedSamePlan(t *testing.T) {
	for name, plan := range planners {
		t.Run(name, func(t *testing.T) {
			var sols [3]*rounds.Solution
			for i := range sols {
				p := town(t, 5, 3, 0, 2)
				p.Seed = uint64(7 + i/2)
				var err error
				if sols[i], err = plan(t.Context(), p, rounds.Control{}); err != nil {
					t.Fatal(err)
				}
			}
			if !reflect.DeepEqual(sols[0], sols[1]) {
				t.Error("two plans of one seed differ")
			}
			if reflect.DeepEqual(sols[0], sols[2]) {
				t.Error("another seed gave the same plan")
			}
		})
	}
}

func TestSectors(t *testing.T) {
	p := town(t, 11, 3, 1, 2)
	p.Units[1].Serves = make([]bool, len(p.Graph.Segments))
	var reach []*routing.Reach
	for _, u := range p.Units {
		reach = append(reach, p.Graph.Reachable(u.Mode, u.Base))
	}
	wanted, _ := rounds.Reached(p.Graph, p.Units)
	metres := make([]float64, len(p.Units))
	for i, u := range sectors(p, reach, rand.New(rand.NewPCG(1, 1))) {
		switch {
		case u == nobodys && wanted[i]:
			t.Errorf("segment %s is in no sector", p.Graph.Segments[i].ID)
		case u != nobodys && !reach[u].Segment(routing.SegmentID(i)):
			t.Errorf("unit %d does not reach segment %s of its sector", u, p.Graph.Segments[i].ID)
		case u != nobodys:
			metres[u] += p.Graph.Segments[i].Length
		}
	}
	if metres[1] > 0 {
		t.Error("a unit that may serve nothing has a sector")
	}
	if metres[0] == 0 || metres[2] == 0 {
		t.Errorf("metres of the sectors: %v", metres)
	}
}
