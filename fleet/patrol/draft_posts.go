package patrol

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// postMetres is how far a fixed post may lie from a junction that its unit
// stands at.
const postMetres = 250

// postReason begins the reason of a leg at a fixed post; its id follows.
const postReason = "fixed:"

// posts places the fixed posts of the shift on the map. A post that no unit
// gets near is given to nobody: it counts as unkept.
func (sc *scene) posts() []rounds.Post {
	var out []rounds.Post
	for _, t := range sc.times {
		p := rounds.Post{Start: sc.seconds(t.Start), End: sc.seconds(t.End), Units: []int{}}
		for i, u := range sc.in.Units {
			if len(t.Units) == 0 || slices.Contains(t.Units, u.ID) {
				p.Units = append(p.Units, i)
			}
		}
		node, ok := sc.nodeFor(t.Place, p.Units)
		if !ok {
			p.Units = []int{}
		}
		p.Node = node
		out = append(out, p)
	}
	return out
}

// nodeFor finds the junction nearest to a place that one of the units reaches
// and returns from.
func (sc *scene) nodeFor(at orb.Point, units []int) (routing.NodeID, bool) {
	best, least := routing.NodeID(0), math.Inf(1)
	for _, u := range units {
		reach := sc.reachOf(sc.start[u])
		for _, c := range sc.g.Snap(at, postMetres) {
			if !reach.Segment(c.Segment) {
				continue
			}
			for _, n := range [...]routing.NodeID{sc.g.Segments[c.Segment].From, sc.g.Segments[c.Segment].To} {
				if m := planeAt(at).metres(sc.g.Nodes[n].Point, at); m < least && m <= postMetres {
					best, least = n, m
				}
			}
		}
	}
	return best, !math.IsInf(least, 1)
}

func (sc *scene) reachOf(st routing.Start) *routing.Reach {
	r := sc.reach[st]
	if r == nil {
		r = sc.g.Reachable(st.Mode, st.Base)
		sc.reach[st] = r
	}
	return r
}

// servesOf tells for every segment whether a unit may be sent to it: half of it
// lies in one of the unit's sectors; nil: the unit is bound to none.
func (sc *scene) servesOf(u fleet.Unit) []bool {
	if len(u.Sectors) == 0 {
		return nil
	}
	key := ""
	for _, id := range u.Sectors {
		key += id + "|"
	}
	if s, ok := sc.serves[key]; ok {
		return s
	}
	var area orb.MultiPolygon
	for _, id := range u.Sectors {
		area = append(area, sc.in.Sectors[id]...)
	}
	if len(area) == 0 { // they were taken away after the unit was planned
		return nil
	}
	region := routing.NewRegion(area)
	out := make([]bool, len(sc.g.Segments))
	for i := range out {
		s := &sc.g.Segments[i]
		out[i] = 2*region.LengthInside(s.Line) >= s.Length
	}
	sc.serves[key] = out
	return out
}
