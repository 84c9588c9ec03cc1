package osm

import (
	"slices"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
)

// cross is a crossing of four ways at node 22: 1 from the west (21), 2 to the
// east (23), 3 to the north (12), 4 to the south (32).
func cross() *world {
	return new(world).grid(3).way(1, "highway=residential", 21, 22).way(2, "highway=residential", 22, 23).
		way(3, "highway=residential", 22, 12).way(4, "highway=residential", 22, 32)
}

func TestTurnRestrictions(t *testing.T) {
	kind := func(v string, more ...string) []string {
		return append([]string{"type", "restriction", "restriction", v}, more...)
	}
	tests := []struct {
		name    string
		tags    []string
		members []member
		banned  string // ways from the west whose turn is forbidden to cars
		bike    bool   // bicycles are bound too
		used    int
		refused int
		idle    int
	}{
		{name: "no left turn", tags: kind("no_left_turn"), members: []member{from(1), via(22), to(3)}, banned: "3", bike: true, used: 1},
		{name: "only straight on", tags: kind("only_straight_on"), members: []member{from(1), via(22), to(2)}, banned: "1 3 4", bike: true, used: 1},
		{name: "no U-turn", tags: kind("no_u_turn"), members: []member{from(1), via(22), to(1)}, banned: "1", bike: true, used: 1},
		{name: "bicycles excepted", tags: kind("no_left_turn", "except", "bicycle;psv"), members: []member{from(1), via(22), to(3)}, banned: "3", used: 1},
		{name: "for cars only", tags: []string{"type", "restriction", "restriction:motorcar", "no_left_turn"}, members: []member{from(1), via(22), to(3)}, banned: "3", used: 1},
		{name: "for lorries", tags: []string{"type", "restriction", "restriction:hgv", "no_left_turn"}, members: []member{from(1), via(22), to(3)}, refused: 1},
		{name: "at certain hours", tags: []string{"type", "restriction", "restriction:conditional", "no_left_turn @ (07:00-09:00)"}, members: []member{from(1), via(22), to(3)}, refused: 1},
		{name: "everybody excepted", tags: kind("no_left_turn", "except", "vehicle"), members: []member{from(1), via(22), to(3)}, idle: 1},
		{name: "no entry from several", tags: kind("no_entry"), members: []member{from(1), from(4), via(22), to(3)}, banned: "3", bike: true, used: 1},
		{name: "several from without no_entry", tags: kind("no_left_turn"), members: []member{from(1), from(4), via(22), to(3)}, refused: 1},
		{name: "a member is missing", tags: kind("no_left_turn"), members: []member{from(1), to(3)}, refused: 1},
		{name: "nonsense", tags: kind("perhaps"), members: []member{from(1), via(22), to(3)}, refused: 1},
		{name: "of another town", tags: kind("no_left_turn"), members: []member{from(77), via(78), to(79)}},
		{name: "via a node that is no junction", tags: kind("no_left_turn"), members: []member{from(1), via(99), to(3)}, idle: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := cross().relation(1, rawTags(tt.tags...), tt.members...)
			imp := w.load(t)
			g := imp.Graph
			banned := func(m routing.Mode) string {
				var out []string
				in := arc(t, g, 21, 22)
				for _, a := range g.Out(g.Head(in)) {
					if !g.TurnAllowed(in, a, m) {
						out = append(out, map[int64]string{21: "1", 23: "2", 12: "3", 32: "4"}[g.Nodes[g.Head(a)].OSM])
					}
				}
				slices.Sort(out)
				return strings.Join(out, " ")
			}
			if got := banned(routing.Car); got != tt.banned {
				t.Errorf("forbidden to cars: %q, want %q", got, tt.banned)
			}
			if got := banned(routing.Bicycle) != ""; got != tt.bike {
				t.Errorf("bicycles are bound: %v", got)
			}
			if banned(routing.Foot) != "" {
				t.Error("walkers are bound")
			}
			if n := imp.Report.Turns; n.Used != tt.used || n.Refused != tt.refused || n.Idle != tt.idle || len(n.Unsupported) != tt.refused {
				t.Errorf("%+v", n)
			}
		})
	}
}

// arc finds the arc between two nodes.
func arc(t *testing.T, g *routing.Graph, from, to int64) routing.Arc {
	t.Helper()
	for i := range 2 * len(g.Segments) {
		a := routing.Arc(i)
		if g.Nodes[g.Tail(a)].OSM == from && g.Nodes[g.Head(a)].OSM == to {
			return a
		}
	}
	t.Fatalf("no street from %d to %d", from, to)
	return routing.NoArc
}

func TestTurnRestrictionsViaAWay(t *testing.T) {
	// Two carriageways, east 11→12→13 and west 23→22→21, joined by way 3.
	dual := func() *world {
		return new(world).grid(4).way(1, "highway=primary oneway=yes", 11, 12).way(2, "highway=primary oneway=yes", 12, 13).
			way(4, "highway=primary oneway=yes", 23, 22).way(5, "highway=primary oneway=yes", 22, 21).way(3, "highway=service", 12, 22)
	}
	uturn := rawTags("type", "restriction", "restriction", "no_u_turn")
	t.Run("the only way in", func(t *testing.T) {
		imp := dual().relation(1, uturn, from(1), viaWay(3), to(5)).load(t)
		if imp.Graph.TurnAllowed(arc(t, imp.Graph, 12, 22), arc(t, imp.Graph, 22, 21), routing.Car) || imp.Report.Turns.Used != 1 {
			t.Errorf("%+v", imp.Report.Turns)
		}
	})
	t.Run("one way in of several", func(t *testing.T) {
		w := dual().way(6, "highway=residential", 14, 12).way(7, "highway=residential", 22, 32)
		imp := w.relation(1, uturn, from(1), viaWay(3), to(5)).load(t)
		if n := imp.Report.Turns; n.Refused != 1 || n.Unsupported[0].Relation != 1 || n.Unsupported[0].Place[0] == 0 {
			t.Errorf("%+v", n)
		}
	})
}
