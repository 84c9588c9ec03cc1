package rounds

import (
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// A unit whose sector is farther than it looks ahead goes there, and does not
// roam about its base.
func TestUnitGoesToItsFarSector(t *testing.T) {
	g := routingtest.City(routingtest.Plan{Seed: 3, Cols: 40, Rows: 3, Block: 90})
	p := &Problem{Graph: g, Units: []Unit{{Speed: 5, End: 7200, Serves: make([]bool, len(g.Segments))}}}
	s := &solver{p: p, ctl: Control{Workers: 1, Progress: func(Progress) {}}}
	east, west := g.Nodes[0].Point[0], g.Nodes[0].Point[0]
	for i, n := range g.Nodes {
		if n.Point[0] < west {
			west, p.Units[0].Base = n.Point[0], routing.NodeID(i)
		}
		east = max(east, n.Point[0])
	}
	for i, sg := range g.Segments {
		p.Units[0].Serves[i] = min(g.Nodes[sg.From].Point[0], g.Nodes[sg.To].Point[0]) > west+0.7*(east-west)
	}
	s.prepare()
	s.assignPosts()
	s.findApproaches()
	s.tours = []*tour{{}} // nothing to visit first: all of the shift is filled
	routes := s.routes()
	inside, outside := 0.0, 0.0
	for _, st := range routes[0].Steps {
		if m := s.metres[st.Arc>>1]; p.Units[0].Serves[st.Arc>>1] {
			inside += m
		} else {
			outside += m
		}
	}
	if inside < 3*outside {
		t.Errorf("%.0f m in the sector, %.0f m outside it", inside, outside)
	}
}
