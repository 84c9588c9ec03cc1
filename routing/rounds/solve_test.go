package rounds

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// checkRoutes fails unless every route can be driven: from base to base, arc
// after arc, allowed, in time, with one break.
func checkRoutes(t rapid.TB, p *Problem, sol *Solution) {
	t.Helper()
	for _, r := range sol.Routes {
		u := p.Units[r.Unit]
		node, now, before, rests := u.Base, u.Start, routing.NoArc, 0
		for k, st := range r.Steps {
			if math.Abs(st.Start-now) > 1e-6 || st.End < st.Start {
				t.Fatalf("unit %d, step %d: %g to %g after %g", r.Unit, k, st.Start, st.End, now)
			}
			now = st.End
			switch st.Kind {
			case Drive:
				if p.Graph.Tail(st.Arc) != node {
					t.Fatalf("unit %d, step %d starts at node %d, not at %d", r.Unit, k, p.Graph.Tail(st.Arc), node)
				}
				if !p.Graph.Allowed(st.Arc, u.Mode) {
					t.Fatalf("unit %d, step %d: %s may not go that way", r.Unit, k, u.Mode)
				}
				if before != routing.NoArc && !p.Graph.TurnAllowed(before, st.Arc, u.Mode) {
					t.Fatalf("unit %d, step %d: forbidden turn", r.Unit, k)
				}
				if want := p.Graph.Segment(st.Arc).Length / u.Speed; math.Abs(st.End-st.Start-want) > 1e-6 {
					t.Fatalf("unit %d, step %d takes %g s, want %g", r.Unit, k, st.End-st.Start, want)
				}
				node, before = p.Graph.Head(st.Arc), st.Arc
			case Break:
				rests++
			}
			if st.Kind != Drive && st.Node != node {
				t.Fatalf("unit %d, step %d stands at node %d, not at %d", r.Unit, k, st.Node, node)
			}
		}
		if node != u.Base {
			t.Fatalf("unit %d ends at node %d, not at its base", r.Unit, node)
		}
		if now > u.End+1e-6 {
			t.Fatalf("unit %d is out until %g, its window ends at %g", r.Unit, now, u.End)
		}
		if rests > 1 || rests == 0 && u.Break > 0 && now-u.Start > 0.9*(u.End-u.Start) {
			t.Fatalf("unit %d has %d breaks", r.Unit, rests)
		}
	}
}

// visited is the length of the wanted segments that some route drives.
func visited(p *Problem, sol *Solution) (got, all float64) {
	wanted, _ := Reached(p.Graph, p.Units)
	seen := make([]bool, len(wanted))
	for _, r := range sol.Routes {
		for _, st := range r.Steps {
			if st.Kind == Drive {
				seen[st.Arc.Segment()] = true
			}
		}
	}
	for i, w := range wanted {
		if w {
			all += p.Graph.Segments[i].Length
			if seen[i] {
				got += p.Graph.Segments[i].Length
			}
		}
	}
	return got, all
}

func TestSolveDrawnMaps(t *testing.T) {
	tests := []struct {
		name    string
		drawing string
		options []routingtest.Option
		floor   float64 // metres
	}{
		{name: "a square", drawing: `
			a-b
			| |
			c-d`, floor: 0},
		{name: "a dead end is driven twice", drawing: `
			a-b-e
			| |
			c-d`, floor: 100},
		{name: "a ladder repeats its rungs or rails", drawing: `
			a-b-c
			| | |
			d-e-f`, floor: 100},
		{name: "a one-way round", drawing: `
			a>b
			^ v
			c<d`, floor: 0},
		{name: "one-ways that meet", drawing: `
			a->b->c
			|  |  |
			d--e--f`, floor: 100},
		{name: "a forbidden turn", drawing: `
			a-b-c
			| | |
			d-e-f`, options: []routingtest.Option{routingtest.Ban("ab", "bc"), routingtest.Ban("eb", "bc")}, floor: 100},
		{name: "two blocks joined by a street outside", drawing: `
			a-b-c-d
			| | | |
			e-f g-h`, options: []routingtest.Option{routingtest.Outside("bc")}, floor: 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := routingtest.Draw(tt.drawing, tt.options...)
			p := &Problem{Graph: m.Graph, Seed: 3, Units: []Unit{{Mode: routing.Car, Base: m.Node("a"), Speed: 5, End: 3600}}}
			sol, err := Solve(context.Background(), p, Control{})
			if err != nil {
				t.Fatal(err)
			}
			checkRoutes(t, p, sol)
			if got, all := visited(p, sol); got < all {
				t.Errorf("visited %.0f of %.0f m", got, all)
			}
			if math.Abs(sol.Bounds.Floor-tt.floor) > 2 {
				t.Errorf("floor %.1f m, want %.0f", sol.Bounds.Floor, tt.floor)
			}
		})
	}
}

func TestSolveRandomCities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(0, 1<<20).Draw(t, "seed")
		g := routingtest.City(routingtest.Usual(seed, rapid.IntRange(4, 9).Draw(t, "cols"), rapid.IntRange(4, 9).Draw(t, "rows")))
		base, ok := g.DefaultBase(routing.Car)
		if !ok {
			t.Fatal("nothing to drive")
		}
		p := &Problem{Graph: g, Seed: seed, StopMin: 600, StopMax: 960, GapGoal: 5160, SlotLength: 1800}
		hours := rapid.SampledFrom([]float64{0.5, 1, 4}).Draw(t, "hours")
		modes := []routing.Mode{routing.Car, routing.Motorcycle, routing.Bicycle, routing.Foot}
		for range rapid.IntRange(1, 4).Draw(t, "units") {
			u := Unit{Mode: rapid.SampledFrom(modes).Draw(t, "mode"), Base: base, Speed: 5, End: hours * 3600, Break: 600}
			p.Units = append(p.Units, u)
		}
		for i := rapid.IntRange(0, 3).Draw(t, "hot"); i > 0; i-- {
			n := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "node"))
			p.Hot = append(p.Hot, Hot{Nodes: []routing.NodeID{n}})
		}
		if rapid.Bool().Draw(t, "police") {
			p.Present = [][]bool{{true, false, true}}
			p.Zones = make([][]Piece, len(g.Segments))
			for i := range p.Zones {
				if i%3 == 0 {
					p.Zones[i] = []Piece{{0, g.Segments[i].Length}}
				}
			}
		}
		sol, err := Solve(context.Background(), p, Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		checkRoutes(t, p, sol)
		got, all := visited(p, sol)
		if sol.Bounds.Floor > all+1 {
			t.Fatalf("floor %.0f m of %.0f m", sol.Bounds.Floor, all)
		}
		if hours == 4 && got < all-1 {
			t.Fatalf("visited %.0f of %.0f m in four hours", got, all)
		}
	})
}

func TestSolveIsReproducible(t *testing.T) {
	g := routingtest.City(routingtest.Usual(7, 8, 8))
	base, _ := g.DefaultBase(routing.Car)
	solve := func(seed uint64, workers int) string {
		p := &Problem{Graph: g, Seed: seed, Units: []Unit{
			{Mode: routing.Car, Base: base, Speed: 5, End: 7200}, {Mode: routing.Car, Base: base, Speed: 5, End: 7200}, {Mode: routing.Car, Base: base, Speed: 5, End: 7200}}}
		sol, err := Solve(context.Background(), p, Control{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(sol.Routes)
	}
	if solve(1, 1) != solve(1, 2) {
		t.Error("the same seed gives two plans on one and two workers")
	}
	if solve(1, 1) == solve(2, 1) {
		t.Error("two seeds give one plan")
	}
}

func TestSolveStopsWhenCancelled(t *testing.T) {
	g := routingtest.City(routingtest.Usual(7, 8, 8))
	base, _ := g.DefaultBase(routing.Car)
	p := &Problem{Graph: g, Units: []Unit{{Mode: routing.Car, Base: base, Speed: 5, End: 7200}}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	sol, err := Solve(ctx, p, Control{Elapsed: func() float64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	checkRoutes(t, p, sol)
}

func TestSolveRefuses(t *testing.T) {
	m := routingtest.Draw("a-b")
	good := Unit{Mode: routing.Car, Base: m.Node("a"), Speed: 5, End: 3600}
	for name, change := range map[string]func(*Problem){
		"no units":           func(p *Problem) { p.Units = nil },
		"no streets":         func(p *Problem) { p.Graph = nil },
		"no speed":           func(p *Problem) { p.Units[0].Speed = 0 },
		"speed not a number": func(p *Problem) { p.Units[0].Speed = math.NaN() },
		"base off the map":   func(p *Problem) { p.Units[0].Base = 99 },
		"endless break":      func(p *Problem) { p.Units[0].Break = 4000 },
		"values too few":     func(p *Problem) { p.Value = []float64{1, 2, 3} },
		"hot off the map":    func(p *Problem) { p.Hot = []Hot{{Nodes: []routing.NodeID{-1}}} },
	} {
		t.Run(name, func(t *testing.T) {
			p := &Problem{Graph: m.Graph, Units: []Unit{good}}
			change(p)
			if _, err := Solve(context.Background(), p, Control{}); !errors.Is(err, ErrProblem) {
				t.Errorf("error %v, want ErrProblem", err)
			}
		})
	}
}

func TestWork(t *testing.T) {
	tests := []struct {
		name          string
		speeds        []float64
		metres, stops float64
		want          float64
	}{
		{"one unit", []float64{5}, 1000, 0, 200},
		{"two units share", []float64{5, 5}, 1000, 100, 150},
		{"the slow one stands", []float64{1, 5}, 500, 100, 100},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Work(tt.speeds, tt.metres, tt.stops); math.Abs(got-tt.want) > 0.01 {
				t.Errorf("got %.3f s, want %.3f", got, tt.want)
			}
		})
	}
}

func TestCoverageBound(t *testing.T) {
	b := Bounds{Street: 100, Floor: 20}
	for _, tt := range []struct{ metres, want float64 }{{200, 1}, {120, 1}, {110, 0.95}, {50, 0.5}, {0, 0}} {
		if got := b.CoverageBound(tt.metres); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%g m: bound %g, want %g", tt.metres, got, tt.want)
		}
	}
}
