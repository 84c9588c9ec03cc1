package osm

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/routing"
)

func ids(g *routing.Graph) []string {
	var out []string
	for i := range g.Segments {
		out = append(out, g.Segments[i].ID)
	}
	slices.Sort(out)
	return out
}

func TestContraction(t *testing.T) {
	tests := []struct {
		name string
		w    *world
		want []string
	}{
		{name: "a street of several ways is one segment from its smaller end",
			w:    new(world).grid(3).way(2, "highway=residential", 13, 12).way(1, "highway=service", 12, 11),
			want: []string{"11-13-1"}},
		{name: "a crossing cuts both streets",
			w:    new(world).grid(3).way(1, "highway=residential", 21, 22, 23).way(2, "highway=residential", 12, 22, 32),
			want: []string{"12-22-2", "21-22-1", "22-23-1", "22-32-2"}},
		{name: "bridges that share no node do not cross",
			w:    new(world).grid(3).way(1, "highway=residential", 21, 23).way(2, "highway=residential", 12, 32),
			want: []string{"12-32-2", "21-23-1"}},
		{name: "a change of direction is an end",
			w:    new(world).grid(3).way(1, "highway=residential oneway=yes", 11, 12).way(2, "highway=residential", 12, 13),
			want: []string{"11-12-1", "12-13-2"}},
		{name: "one-ways in a row are one segment, whichever way they are drawn",
			w:    new(world).grid(3).way(1, "highway=residential oneway=yes", 11, 12).way(2, "highway=residential oneway=-1", 13, 12),
			want: []string{"11-13-1"}},
		{name: "a ring on its own starts at its smallest node",
			w:    new(world).grid(3).way(1, "highway=residential", 22, 12, 11, 21, 22),
			want: []string{"11-11-1"}},
		{name: "a loop at the end of a street",
			w:    new(world).grid(3).way(1, "highway=residential", 31, 21, 22, 12, 11, 21),
			want: []string{"21-21-1", "21-31-1"}},
		{name: "parallel pieces of one way are told apart",
			w:    new(world).grid(3).way(1, "highway=residential", 11, 12, 13, 23, 22, 21, 11).way(2, "highway=residential", 11, 22, 13),
			want: []string{"11-13-1", "11-22-1", "11-22-2", "13-22-1", "13-22-2"}},
		{name: "a way that crosses itself",
			w:    new(world).grid(3).way(1, "highway=residential", 21, 22, 23, 13, 12, 22, 32),
			want: []string{"21-22-1", "22-22-1", "22-32-1"}},
		{name: "a footway cuts a street",
			w:    new(world).grid(3).way(1, "highway=residential", 11, 12, 13).way(2, "highway=steps", 12, 22),
			want: []string{"11-12-1", "12-13-1", "12-22-2"}},
		{name: "a closed street is left out and cuts nothing",
			w:    new(world).grid(3).way(1, "highway=residential", 11, 12, 13).way(2, "highway=service access=private", 12, 22),
			want: []string{"11-13-1"}},
		{name: "points that the extract lacks end a street",
			w:    new(world).grid(3).way(1, "highway=residential", 11, 12, 99, 13, 23),
			want: []string{"11-12-1", "13-23-1"}},
		{name: "points given twice in a row",
			w:    new(world).grid(3).way(1, "highway=residential", 11, 11, 12, 12, 13),
			want: []string{"11-13-1"}},
		{name: "two nodes in one place, joined by a stretch without length, are one",
			w:    new(world).grid(3).node(50, 2, -1).way(1, "highway=residential", 11, 12, 50, 13).way(2, "highway=residential", 50, 22),
			want: []string{"11-12-1", "12-13-1", "12-22-2"}},
		{name: "a bollard ends segments, a gate does not",
			w:    new(world).node(1, 1, 1).node(2, 2, 1, "barrier", "bollard").node(3, 3, 1, "barrier", "gate").node(4, 4, 1).way(1, "highway=residential", 1, 2, 3, 4),
			want: []string{"1-2-1", "2-4-1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ids(tt.w.load(t).Graph); !cmp.Equal(got, tt.want) {
				t.Error(cmp.Diff(tt.want, got))
			}
		})
	}
}

func TestSegmentTakesTheLongerPartsWords(t *testing.T) {
	w := new(world).node(1, 0, 0).node(2, 1, 0).node(3, 4, 0).
		way(1, "highway=service name=Pasaje_A surface=dirt", 1, 2).way(2, "highway=tertiary name=Av._B surface=asphalt", 2, 3)
	s := w.load(t).Graph.Segments[0]
	if s.Name != "Av. B" || s.Class != routing.Tertiary || s.Surface != "asphalt" || !slices.Equal(s.WayIDs, []int64{1, 2}) || len(s.Line) != 3 {
		t.Errorf("%+v", s)
	}
}

func TestBarriersStopWhomTheyStop(t *testing.T) {
	w := new(world).node(1, 1, 1).node(2, 2, 1, "barrier", "bollard").node(3, 3, 1, "barrier", "gate").node(4, 4, 1).way(1, "highway=residential", 1, 2, 3, 4)
	imp := w.load(t)
	g := imp.Graph
	near, far := segment(t, g, "1-2-1"), segment(t, g, "2-4-1")
	if near.Gate || !far.Gate || imp.Report.Gates != 1 || imp.Report.Barriers != 1 {
		t.Errorf("gates %v %v, %+v", near.Gate, far.Gate, imp.Report)
	}
	base := near.From
	for m, want := range map[routing.Mode]bool{routing.Car: false, routing.Motorcycle: true, routing.Foot: true} {
		if got := g.Reachable(m, base).Segment(1); got != want {
			t.Errorf("%v passes: %v", m, got)
		}
	}
}

// random draws a messy map: ways of random walks over a grid.
func random(t *rapid.T) *world {
	w := new(world)
	n := rapid.IntRange(2, 5).Draw(t, "n")
	w.grid(n)
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	for id := range rapid.IntRange(1, 10).Draw(t, "ways") {
		x, y := 1+r.IntN(n), 1+r.IntN(n)
		nodes := []int64{int64(10*y + x)}
		for range 1 + r.IntN(6) {
			x = min(max(x+r.IntN(3)-1, 1), n)
			y = min(max(y+r.IntN(3)-1, 1), n)
			nodes = append(nodes, int64(10*y+x))
		}
		tags := []string{"highway=residential", "highway=residential oneway=yes", "highway=footway", "highway=service name=X"}[r.IntN(4)]
		w.way(int64(id+1), tags, nodes...)
	}
	return w
}

func TestContractionKeepsLengthAndDirections(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := collected(rt, t, random(rt))
		var mapped float64
		for i := range c.ways {
			for k := 1; k < len(c.ways[i].nodes); k++ {
				a, _ := c.places.at(c.ways[i].nodes[k-1])
				b, _ := c.places.at(c.ways[i].nodes[k])
				mapped += geo.Distance(a, b)
			}
		}
		var r Report
		g, err := build(c, nil, &r)
		if err != nil {
			rt.Fatal(err)
		}
		var kept float64
		seen := map[string]bool{}
		for i := range g.Segments {
			s := &g.Segments[i]
			kept += s.Length
			if seen[s.ID] || s.Length <= 0 || s.Line[0] != g.Nodes[s.From].Point || s.Line[len(s.Line)-1] != g.Nodes[s.To].Point {
				rt.Fatalf("bad segment %+v", s)
			}
			seen[s.ID] = true
			if g.Nodes[s.From].OSM > g.Nodes[s.To].OSM {
				rt.Fatalf("segment %s starts at its larger end", s.ID)
			}
			if geo.Length(orb.LineString(s.Line)) != s.Length {
				rt.Fatal("length of another line")
			}
		}
		if math.Abs(kept-mapped) > 1e-6*mapped+1e-6 {
			rt.Fatalf("%.6f m kept of %.6f", kept, mapped)
		}
	})
}

func TestTheOrderOfTheFileDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := random(rt)
		shuffled := &world{nodes: slices.Clone(w.nodes), ways: slices.Clone(w.ways)}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1))
		r.Shuffle(len(shuffled.nodes), func(i, j int) { shuffled.nodes[i], shuffled.nodes[j] = shuffled.nodes[j], shuffled.nodes[i] })
		r.Shuffle(len(shuffled.ways), func(i, j int) { shuffled.ways[i], shuffled.ways[j] = shuffled.ways[j], shuffled.ways[i] })
		if len(w.ways) == 0 {
			return
		}
		if d := cmp.Diff(graphOf(rt, t, w), graphOf(rt, t, shuffled), cmpopts.IgnoreUnexported(routing.Graph{}), cmpopts.EquateEmpty()); d != "" {
			rt.Fatal(d)
		}
	})
}

// collected reads a map without a file.
func collected(rt *rapid.T, t *testing.T, w *world) *collector {
	c := newCollector(routing.AllModes, true)
	c.want, c.allNodes = want{true, true, true}, true
	if err := readXML(t.Context(), bytes.NewReader(w.xml()), c); err != nil {
		rt.Fatal(err)
	}
	c.allNodes = false
	c.places.index()
	c.needNodes()
	return c
}

func graphOf(rt *rapid.T, t *testing.T, w *world) *routing.Graph {
	g, err := build(collected(rt, t, w), nil, &Report{})
	if err != nil {
		rt.Fatal(err)
	}
	return g
}
