package rounds

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// checkPosts fails unless every post that is not said to be unkept is kept
// once, by a unit that may take it, from its beginning to its end.
func checkPosts(t rapid.TB, p *Problem, sol *Solution) {
	t.Helper()
	kept := make([]int, len(p.Posts))
	for _, r := range sol.Routes {
		metres := 0.0
		for _, st := range r.Steps {
			if st.Kind == Drive {
				metres += p.Graph.Segment(st.Arc).Length
			}
			if st.Kind != Stand {
				continue
			}
			o := p.Posts[st.Hot]
			kept[st.Hot]++
			if st.Node != o.Node || st.Start > o.Start+1e-6 || st.End < o.End-1e-6 {
				t.Fatalf("unit %d is at junction %d from %.0f to %.0f, its post %d is at %d from %.0f to %.0f", r.Unit, st.Node, st.Start, st.End, st.Hot, o.Node, o.Start, o.End)
			}
			if o.Units != nil && !slices.Contains(o.Units, r.Unit) {
				t.Fatalf("unit %d takes post %d, which is for %v", r.Unit, st.Hot, o.Units)
			}
		}
		if most := p.Units[r.Unit].MaxMetres; most > 0 && metres > most+1e-6 {
			t.Fatalf("unit %d drives %.0f m and may drive %.0f", r.Unit, metres, most)
		}
	}
	for i, n := range kept {
		if want := 1; n != want && !(n == 0 && slices.Contains(sol.Unkept, i)) {
			t.Fatalf("post %d is kept %d times; unkept are %v", i, n, sol.Unkept)
		}
		if n > 0 && slices.Contains(sol.Unkept, i) {
			t.Fatalf("post %d is kept and said to be unkept", i)
		}
	}
}

func TestPostsAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64Range(0, 1<<20).Draw(t, "seed")
		g := routingtest.City(routingtest.Usual(seed, rapid.IntRange(4, 8).Draw(t, "cols"), rapid.IntRange(4, 8).Draw(t, "rows")))
		base, ok := g.DefaultBase(routing.Car)
		if !ok {
			t.Fatal("nothing to drive")
		}
		p := &Problem{Graph: g, Seed: seed, StopMin: 600, StopMax: 960, GapGoal: 5160, SlotLength: 1800}
		hours := rapid.SampledFrom([]float64{1, 2, 4}).Draw(t, "hours")
		for range rapid.IntRange(1, 4).Draw(t, "units") {
			u := Unit{Mode: rapid.SampledFrom(routing.Modes[:]).Draw(t, "mode"), Base: base, Speed: 5, End: hours * 3600, Break: 600}
			if rapid.Bool().Draw(t, "limited") {
				u.MaxMetres = rapid.Float64Range(1000, 15000).Draw(t, "metres")
			}
			if rapid.IntRange(0, 3).Draw(t, "window") == 0 {
				u.Start, u.End = u.End*0.2, u.End*0.9
			}
			if rapid.IntRange(0, 2).Draw(t, "sector") == 0 {
				u.Serves = make([]bool, len(g.Segments))
				for i := range u.Serves {
					u.Serves[i] = g.Nodes[g.Segments[i].From].Point[0] > g.Nodes[base].Point[0]
				}
			}
			p.Units = append(p.Units, u)
		}
		for range rapid.IntRange(0, 3).Draw(t, "posts") {
			from := rapid.Float64Range(0, hours*3600-600).Draw(t, "from")
			o := Post{Node: routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "node")), Start: from,
				End: from + rapid.Float64Range(60, 2400).Draw(t, "long")}
			if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
				o.Units = []int{rapid.IntRange(0, len(p.Units)-1).Draw(t, "who")}
			}
			p.Posts = append(p.Posts, o)
		}
		if rapid.Bool().Draw(t, "hot") {
			p.Hot = []Hot{{Nodes: []routing.NodeID{routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "hot node"))}}}
		}
		sol, err := Solve(context.Background(), p, briefly())
		if err != nil {
			t.Skip("no street may be served")
		}
		checkRoutes(t, p, sol)
		checkPosts(t, p, sol)
		for _, i := range sol.Unkept {
			if n := len(p.Posts); n == 1 && keepable(p, i) {
				t.Fatalf("post %d could be kept", i)
			}
		}
	})
}

// keepable tells, from plain distances, whether some unit can be at a post in
// time, with time to spare, and do nothing else.
func keepable(p *Problem, post int) bool {
	o := p.Posts[post]
	for i, u := range p.Units {
		if o.Units != nil && !slices.Contains(o.Units, i) || u.Serves != nil {
			continue
		}
		out, home := distance(p.Graph, u.Mode, u.Base, o.Node), distance(p.Graph, u.Mode, o.Node, u.Base)
		before, after := o.Start-u.Start-out/u.Speed-2*postSlack, u.End-o.End-home/u.Speed-2*postSlack
		if before >= 0 && after >= 0 && max(before, after) >= u.Break && (u.MaxMetres == 0 || out+home <= u.MaxMetres) {
			return true
		}
	}
	return false
}

func distance(g *routing.Graph, m routing.Mode, from, to routing.NodeID) float64 {
	if from == to {
		return 0
	}
	s := routing.NewSearch(g, m, nil)
	s.FromNode(from, math.Inf(1), nil)
	if c, _, ok := s.CostToNode(to); ok {
		return c
	}
	return math.Inf(1)
}

func TestPostsGoToAsManyUnitsAsItTakes(t *testing.T) {
	m := routingtest.Draw(`
		a-b-c-d
		| | | |
		e-f-g-h`)
	unit := Unit{Mode: routing.Car, Base: m.Node("a"), Speed: 5, End: 7200, Break: 600}
	for _, tt := range []struct {
		name  string
		units int
		posts []Post
		want  int // kept
	}{
		{"one after the other", 1, []Post{{Node: m.Node("d"), Start: 1000, End: 1900}, {Node: m.Node("h"), Start: 2100, End: 3000}}, 2},
		{"at the same time, two units", 2, []Post{{Node: m.Node("d"), Start: 1000, End: 1900}, {Node: m.Node("h"), Start: 1000, End: 1900}}, 2},
		{"at the same time, one unit", 1, []Post{{Node: m.Node("d"), Start: 1000, End: 1900}, {Node: m.Node("h"), Start: 1000, End: 1900}}, 1},
		{"one that two others exclude", 1, []Post{{Node: m.Node("d"), Start: 1000, End: 1900}, {Node: m.Node("h"), Start: 1200, End: 5000}, {Node: m.Node("e"), Start: 2300, End: 2800}}, 2},
		{"the whole shift but the break", 1, []Post{{Node: m.Node("a"), Start: 0, End: 6500}}, 1},
		{"no time for the break", 1, []Post{{Node: m.Node("b"), Start: 300, End: 6900}}, 0},
		{"too early to be there", 1, []Post{{Node: m.Node("d"), Start: 10, End: 100}}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &Problem{Graph: m.Graph, Posts: tt.posts, Seed: 1}
			for range tt.units {
				p.Units = append(p.Units, unit)
			}
			sol, err := Solve(context.Background(), p, Control{})
			if err != nil {
				t.Fatal(err)
			}
			checkRoutes(t, p, sol)
			checkPosts(t, p, sol)
			if got := len(tt.posts) - len(sol.Unkept); got != tt.want {
				t.Errorf("kept %d, want %d", got, tt.want)
			}
		})
	}
}

func TestUnitsStayInTheirStreets(t *testing.T) {
	m := routingtest.Draw(`
		a-b-c-d
		| | | |
		e-f-g-h`)
	east, west := make([]bool, len(m.Graph.Segments)), make([]bool, len(m.Graph.Segments))
	x := m.Graph.Nodes[m.Node("c")].Point[0]
	for i, s := range m.Graph.Segments {
		east[i] = min(m.Graph.Nodes[s.From].Point[0], m.Graph.Nodes[s.To].Point[0]) >= x
		west[i] = !east[i]
	}
	unit := Unit{Mode: routing.Car, Base: m.Node("a"), Speed: 5, End: 1200}
	solve := func(serves ...[]bool) *Solution {
		p := &Problem{Graph: m.Graph, Seed: 1}
		for _, s := range serves {
			u := unit
			u.Serves = s
			p.Units = append(p.Units, u)
		}
		sol, err := Solve(context.Background(), p, Control{})
		if err != nil {
			t.Fatal(err)
		}
		checkRoutes(t, p, sol)
		if len(serves) > 1 {
			if got, all := visited(p, sol); got < all {
				t.Errorf("visited %.0f of %.0f m", got, all)
			}
		}
		return sol
	}
	both := solve(east, west)
	for _, st := range both.Routes[1].Steps {
		if st.Kind == Drive && !west[st.Arc.Segment()] {
			t.Errorf("the unit of the west drives in the east, at %.0f s", st.Start)
		}
	}
	// The base is in the west: who is bound to the east only passes there.
	passed := map[routing.SegmentID]int{}
	for _, st := range both.Routes[0].Steps {
		if st.Kind == Drive && west[st.Arc.Segment()] {
			passed[st.Arc.Segment()]++
		}
	}
	if len(passed) > 4 {
		t.Errorf("the unit of the east passes %d streets of the west, two there and two back are enough", len(passed))
	}
	if alone := solve(west); alone.Bounds.Barred < 100 {
		t.Errorf("nobody may go to the east: %.0f m barred", alone.Bounds.Barred)
	}
}
