package routing_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

var lima = time.FixedZone("Lima", -5*3600)

// night is the shift of 21 November 2026, 22:00 to 06:00.
var night = [2]time.Time{time.Date(2026, 11, 21, 22, 0, 0, 0, lima), time.Date(2026, 11, 22, 6, 0, 0, 0, lima)}

func TestApplyClosesStreets(t *testing.T) {
	day := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 0, 0, 0, lima) }
	tests := []struct {
		name    string
		c       routing.Correction
		closed  bool // to cars, in the night shift
		foot    bool // closed to walkers too
		inForce bool
		note    string // begins with
	}{
		{name: "forbidden", c: routing.Correction{Kind: routing.CorrectForbidden}, closed: true, foot: true, inForce: true},
		{name: "forbidden to cars", c: routing.Correction{Kind: routing.CorrectForbidden, Modes: []routing.Mode{routing.Car}}, closed: true, inForce: true},
		{name: "closed for ever", c: routing.Correction{Kind: routing.CorrectClosed}, closed: true, foot: true, inForce: true},
		{name: "closed in the afternoon", c: routing.Correction{Kind: routing.CorrectClosed, HourFrom: "14:00", HourUntil: "20:00"}},
		{name: "closed in the evening", c: routing.Correction{Kind: routing.CorrectClosed, HourFrom: "18:00", HourUntil: "23:00"}, closed: true, foot: true, inForce: true, note: "it holds for a part"},
		{name: "closed over midnight", c: routing.Correction{Kind: routing.CorrectClosed, HourFrom: "22:00", HourUntil: "06:00"}, closed: true, foot: true, inForce: true},
		{name: "closed until midnight of the day before", c: routing.Correction{Kind: routing.CorrectClosed, Until: day(21, 0)}},
		{name: "closed since tomorrow noon", c: routing.Correction{Kind: routing.CorrectClosed, From: day(22, 12)}},
		{name: "closed for the week", c: routing.Correction{Kind: routing.CorrectClosed, From: day(20, 0), Until: day(27, 0)}, closed: true, foot: true, inForce: true},
		{name: "closed by day for the week", c: routing.Correction{Kind: routing.CorrectClosed, From: day(20, 0), Until: day(27, 0), HourFrom: "07:00", HourUntil: "21:00"}},
		{name: "a gate without hours", c: routing.Correction{Kind: routing.CorrectGate}, closed: true, foot: true, inForce: true},
		{name: "a gate open by day", c: routing.Correction{Kind: routing.CorrectGate, HourFrom: "06:00", HourUntil: "22:00"}, closed: true, foot: true, inForce: true},
		{name: "a gate open all night", c: routing.Correction{Kind: routing.CorrectGate, HourFrom: "20:00", HourUntil: "08:00"}},
		{name: "a gate that shuts at midnight", c: routing.Correction{Kind: routing.CorrectGate, HourFrom: "05:00", HourUntil: "24:00"}, closed: true, foot: true, inForce: true, note: "it holds for a part"},
		{name: "hours that are none", c: routing.Correction{Kind: routing.CorrectClosed, HourFrom: "25:00", HourUntil: "6"}, note: "the hour"},
		{name: "dates the wrong way round", c: routing.Correction{Kind: routing.CorrectClosed, From: day(27, 0), Until: day(20, 0)}, note: "it ends"},
		{name: "an unknown kind", c: routing.Correction{Kind: "flooded"}, note: "its kind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := routingtest.Draw("a-b-c")
			tt.c.ID, tt.c.Segment = "x", m.Segment("bc").ID
			before, err := routing.Encode(m.Graph)
			if err != nil {
				t.Fatal(err)
			}
			g, r, err := routing.Apply(m.Graph, []routing.Correction{tt.c}, night, lima)
			if err != nil {
				t.Fatal(err)
			}
			a := m.Arc("bc")
			if got := !g.Allowed(a, routing.Car) && !g.Allowed(a.Opposite(), routing.Car); got != tt.closed {
				t.Errorf("closed to cars: %v", got)
			}
			if got := !g.Allowed(a, routing.Foot); got != tt.foot {
				t.Errorf("closed to walkers: %v", got)
			}
			if r[0].InForce != tt.inForce || !strings.HasPrefix(r[0].Note, tt.note) || tt.note == "" && r[0].Note != "" {
				t.Errorf("%+v", r[0])
			}
			if st := g.DistrictStats(routing.Start{Mode: routing.Car, Base: m.Node("a")}); (st.ExcludedKm > 0) != tt.closed {
				t.Errorf("excluded %v km", st.ExcludedKm)
			}
			if after, _ := routing.Encode(m.Graph); !slices.Equal(before, after) {
				t.Error("the graph given has changed")
			}
		})
	}
}

func TestApplyNames(t *testing.T) {
	m := routingtest.Draw("a-b-c\n  |\n  e", routingtest.Named("be", ""))
	g, r, err := routing.Apply(m.Graph, []routing.Correction{
		{ID: "1", Kind: routing.CorrectName, Segment: m.Segment("ab").ID, Name: "Jr. Unión"},
		{ID: "2", Kind: routing.CorrectName, Segment: m.Segment("bc").ID, Name: "Jr. Unión"},
		{ID: "3", Kind: routing.CorrectName, Segment: m.Segment("bc").ID},
		{ID: "4", Kind: routing.CorrectName, Segment: "1-2-3", Name: "Nowhere"},
	}, [2]time.Time{}, lima)
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Segment(m.Arc("be")).Label; got != "pasaje sin salida de Jr. Unión" {
		t.Errorf("the neighbour is called %q", got)
	}
	if r[0].By != routing.ByID || !r[0].InForce || r[2].Note == "" || r[3].By != routing.NotFound || r[3].Note == "" {
		t.Errorf("%+v", r)
	}
}

func TestApplyFindsStreetsByTheirLine(t *testing.T) {
	old := routingtest.Draw("a---b---c\n|   |   |\nd---e---f")
	line := old.Segment("be").Line
	tests := []struct {
		name    string
		drawing string // the map after the next import
		want    string // names of the streets found
	}{
		{name: "the same street under another id", drawing: "g---h---i\n|   |   |\nj---k---l", want: "hk"},
		{name: "cut in two", drawing: "a---b---c\n|   |   |\n|   x-y |\n|   |   |\nd---e---f", want: ""},
		{name: "gone", drawing: "g---h---i\n|       |\nj---k---l", want: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := routingtest.Draw(tt.drawing)
			if tt.name == "cut in two" { // drawn twice as high, so that the old line covers one half
				line = slices.Clone(m.Segment("bx").Line)
				line = append(line, m.Segment("xe").Line[1])
				tt.want = "bx xe"
			}
			g, r, err := routing.Apply(m.Graph, []routing.Correction{{ID: "1", Kind: routing.CorrectForbidden, Segment: "9-9-9", Line: line}}, night, lima)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for i := range g.Segments {
				if g.Segments[i].Forward == 0 {
					names = append(names, g.Segments[i].Name)
				}
			}
			if got := strings.Join(names, " "); got != tt.want || (r[0].By == routing.ByLine) != (tt.want != "") {
				t.Errorf("found %q, %+v; want %q", got, r[0], tt.want)
			}
		})
	}
}

func TestApplyDoesNotTrustAnIDThatMoved(t *testing.T) {
	m := routingtest.Draw("a---b---c\n|   |   |\nd---e---f")
	c := routing.Correction{ID: "1", Kind: routing.CorrectForbidden, Segment: m.Segment("ad").ID, Line: m.Segment("cf").Line}
	_, r, err := routing.Apply(m.Graph, []routing.Correction{c}, night, lima)
	if err != nil {
		t.Fatal(err)
	}
	if r[0].By != routing.ByLine || !cmp.Equal(r[0].Segments, []string{m.Segment("cf").ID}) {
		t.Errorf("%+v", r[0])
	}
}

// offset moves a point by metres east and south.
func offset(p orb.Point, east, south float64) orb.Point {
	return orb.Point{p[0] + east/(111319.49*0.99), p[1] - south/111319.49}
}

func TestApplyDrawsStreets(t *testing.T) {
	const town = `
		a---b---c
		|   |   |
		d---e---f
		|       |
		g-------h`
	m := routingtest.Draw(town, routingtest.Ban("de", "eb"))
	at := func(letter string) orb.Point { return m.Nodes[m.Node(letter)].Point }
	mid := func(ends string) orb.Point { s := m.Segment(ends); return routing.PointAlong(s.Line, s.Length/2) }
	tests := []struct {
		name         string
		line         orb.LineString
		nodes, extra int // more nodes and segments than before
		drawn        int // pieces of the street
		note         string
	}{
		{name: "from junction to junction", line: orb.LineString{at("e"), mid("gh"), at("h")}, nodes: 1, extra: 3, drawn: 2},
		{name: "ends a little off the junctions", line: orb.LineString{offset(at("b"), 5, 9), offset(at("d"), 0, -6)}, extra: 1, drawn: 1},
		{name: "into the middle of a street", line: orb.LineString{at("e"), offset(mid("gh"), 0, -10)}, nodes: 1, extra: 2, drawn: 1},
		{name: "across a street", line: orb.LineString{mid("ab"), mid("de"), mid("gh")}, nodes: 3, extra: 5, drawn: 2},
		{name: "a dead end", line: orb.LineString{at("h"), offset(at("h"), 300, 0)}, nodes: 1, extra: 1, drawn: 1},
		{name: "far from everything", line: orb.LineString{offset(at("h"), 300, 300), offset(at("h"), 400, 300)}, nodes: 2, extra: 1, drawn: 1, note: "it meets no other street"},
		{name: "too short", line: orb.LineString{at("a"), at("a")}, note: "its line is"},
		{name: "nonsense", line: orb.LineString{{math.NaN(), 1}, {2, 3}}, note: "its line has points"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, r, err := routing.Apply(m.Graph, []routing.Correction{{ID: "new", Kind: routing.CorrectStreet, Line: tt.line, Name: "Jr. Nuevo"}}, night, lima)
			if err != nil {
				t.Fatal(err)
			}
			if n, s := len(g.Nodes)-len(m.Nodes), len(g.Segments)-len(m.Segments); n != tt.nodes || s != tt.extra || len(r[0].Segments) != tt.drawn {
				t.Errorf("%d more nodes, %d more segments, %d drawn; want %d, %d, %d: %+v", n, s, len(r[0].Segments), tt.nodes, tt.extra, tt.drawn, r[0])
			}
			if !strings.HasPrefix(r[0].Note, tt.note) || tt.note == "" && r[0].Note != "" {
				t.Errorf("note %q, want %q", r[0].Note, tt.note)
			}
			checkWhole(t, m.Graph, g)
			if len(g.Restrictions) != 1 || g.Head(g.Restrictions[0].From) != m.Node("e") || g.TurnAllowed(g.Restrictions[0].From, g.Restrictions[0].To, routing.Car) {
				t.Errorf("the turn restriction is lost: %v", g.Restrictions)
			}
		})
	}
}

// checkWhole tells whether a corrected graph is sound, and holds the streets of
// the old one at their full length.
func checkWhole(t interface {
	Helper()
	Errorf(string, ...any)
}, old, g *routing.Graph) {
	t.Helper()
	ids := map[string]bool{}
	var was, is float64
	for i := range g.Segments {
		s := &g.Segments[i]
		if ids[s.ID] {
			t.Errorf("two segments %s", s.ID)
		}
		ids[s.ID] = true
		if s.Line[0] != g.Nodes[s.From].Point || s.Line[len(s.Line)-1] != g.Nodes[s.To].Point {
			t.Errorf("segment %s does not end at its nodes", s.ID)
		}
		if s.WayIDs[0] > 0 {
			is += s.Length
		}
		if s.Label == "" {
			t.Errorf("segment %s has no label", s.ID)
		}
	}
	for i := range old.Segments {
		was += old.Segments[i].Length
	}
	if math.Abs(is-was) > 0.05*float64(len(g.Nodes)-len(old.Nodes))+0.01 {
		t.Errorf("the old streets are %.2f m long, were %.2f", is, was)
	}
}

func TestApplyOnADrawnStreet(t *testing.T) {
	m := routingtest.Draw("a---b\n|   |\nd---e")
	at := func(letter string) orb.Point { return m.Nodes[m.Node(letter)].Point }
	first := routing.Correction{ID: "1", Kind: routing.CorrectStreet, Line: orb.LineString{at("a"), at("e")}, Name: "Jr. Nuevo"}
	second := routing.Correction{ID: "2", Kind: routing.CorrectStreet, Line: orb.LineString{at("b"), at("d")}, OneWay: true}
	g, r, err := routing.Apply(m.Graph, []routing.Correction{first, second}, night, lima)
	if err != nil {
		t.Fatal(err)
	}
	if len(r[0].Segments) != 2 || len(r[1].Segments) != 2 || len(g.Nodes) != 5 {
		t.Fatalf("two drawn streets that cross: %+v", r)
	}
	shut := routing.Correction{ID: "3", Kind: routing.CorrectForbidden, Segment: r[0].Segments[0]}
	g, r, err = routing.Apply(m.Graph, []routing.Correction{first, second, shut}, night, lima)
	if err != nil {
		t.Fatal(err)
	}
	if r[2].By != routing.ByID || len(r[2].Segments) != 1 {
		t.Errorf("%+v", r[2])
	}
	oneway := 0
	for i := range g.Segments {
		if s := &g.Segments[i]; s.Backward == routing.SetOf(routing.Foot) {
			oneway++
		}
	}
	if oneway != 2 {
		t.Errorf("%d one-way pieces, want 2", oneway)
	}
	// A correction made before the street was cut finds both pieces.
	cut := routing.Correction{ID: "0", Kind: routing.CorrectStreet, Line: orb.LineString{offset(at("a"), 100, 0), offset(at("d"), 100, 0)}}
	_, r, err = routing.Apply(m.Graph, []routing.Correction{{ID: "9", Kind: routing.CorrectForbidden, Segment: m.Segment("ab").ID}, cut}, night, lima)
	if err != nil || len(r[0].Segments) != 2 {
		t.Errorf("%v %+v", err, r)
	}
}

func TestApplyKeepsTheGraphSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := city(t)
		var cs []routing.Correction
		for i := range rapid.IntRange(1, 6).Draw(t, "corrections") {
			c := routing.Correction{ID: string(rune('a' + i)), Kind: routing.CorrectStreet, OneWay: rapid.Bool().Draw(t, "one-way")}
			for range rapid.IntRange(2, 5).Draw(t, "points") {
				c.Line = append(c.Line, offset(routingtest.Origin, rapid.Float64Range(-100, 600).Draw(t, "east"), rapid.Float64Range(-100, 600).Draw(t, "south")))
			}
			cs = append(cs, c)
		}
		out, _, err := routing.Apply(g, cs, night, lima)
		if err != nil {
			t.Fatal(err)
		}
		checkWhole(t, g, out)
		for _, r := range out.Restrictions {
			if out.Head(r.From) != out.Tail(r.To) {
				t.Fatal("a restriction fell apart")
			}
		}
		again, _, err := routing.Apply(g, cs, night, lima)
		if d := cmp.Diff(out, again, sameGraph); err != nil || d != "" {
			t.Fatalf("the same corrections give another graph: %v %s", err, d)
		}
	})
}

func BenchmarkApply(b *testing.B) {
	g := routingtest.City(routingtest.Usual(1, 60, 60))
	cs := []routing.Correction{{ID: "1", Kind: routing.CorrectForbidden, Segment: g.Segments[7].ID}, {ID: "2", Kind: routing.CorrectClosed, Line: g.Segments[99].Line}}
	for b.Loop() {
		if _, _, err := routing.Apply(g, cs, night, lima); err != nil {
			b.Fatal(err)
		}
	}
}
