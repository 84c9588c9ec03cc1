package rounds

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/arc"
)

// DepotCut is the least length of repeats of any plan that visits every street
// in the units' time from one base: at least the floor. What lies beyond a
// distance takes so many rounds that each goes out there and comes back; where
// fewer streets lead out than that, the rest of the passages are repeats. Beyond
// the last such distance the floor counts (the cut bound of capacitated arc
// routing, Belenguer & Benavent 1998, over nested cuts). One-ways are ignored,
// which only raises it.
func DepotCut(g *routing.Graph, units []Unit, floor float64) (float64, error) {
	if len(units) == 0 || slices.ContainsFunc(units, func(u Unit) bool { return u.Base != units[0].Base }) {
		return floor, nil // several bases: each may send few
	}
	wanted, open := Reached(g, units)
	dist := flood(g, []routing.NodeID{units[0].Base}, func(seg routing.SegmentID) bool { return open[seg] }, nil)
	most := 0.0
	for _, u := range units {
		most = max(most, u.Metres(0))
	}
	inner, reach := ring(g, dist, wanted, most)
	if reach == 0 {
		return floor, nil
	}
	outer, err := floorBeyond(g, dist, wanted, open, reach)
	if err != nil {
		return 0, err
	}
	return max(floor, inner+outer), nil
}

// ring adds up the repeats up to the distance from which on enough wanted
// streets lead out, and gives that distance. A round has at most so many metres.
func ring(g *routing.Graph, dist []float64, wanted []bool, most float64) (metres, reach float64) {
	type change struct {
		at     float64
		by     int
		street float64 // that is not beyond the distance any more
	}
	var changes []change
	beyond := 0.0
	for i, w := range wanted {
		s := &g.Segments[i]
		from, to := min(dist[s.From], dist[s.To]), max(dist[s.From], dist[s.To])
		if !w || math.IsInf(to, 1) {
			continue
		}
		beyond += s.Length
		changes = append(changes, change{from, +1, s.Length}, change{to, -1, 0})
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(b.by, a.by)) })
	crossing, at := 0, 0.0
	for _, c := range changes {
		if c.at > at {
			rounds := 1.0
			if left := most - 2*c.at; left > 0 {
				rounds = math.Ceil(beyond / left)
			}
			if float64(crossing) >= 2*rounds || beyond <= 0 {
				return metres, at
			}
			metres += (c.at - at) * (2*rounds - float64(crossing))
			at = c.at
		}
		crossing += c.by
		beyond -= c.street
	}
	return metres, at
}

// floorBeyond is the floor of repeats on what lies farther from the base than a
// distance: everything nearer is one place.
func floorBeyond(g *routing.Graph, dist []float64, wanted, open []bool, reach float64) (float64, error) {
	hub := int32(len(g.Nodes))
	place := func(n routing.NodeID) int32 {
		if dist[n] <= reach {
			return hub
		}
		return int32(n)
	}
	odd := make([]bool, len(g.Nodes)+1)
	var links []arc.Link
	for i := range g.Segments {
		s := &g.Segments[i]
		u, v := place(s.From), place(s.To)
		if u == v {
			continue
		}
		if wanted[i] {
			odd[u] = !odd[u]
			odd[v] = !odd[v]
		}
		if open[i] {
			length := s.Length
			if near := min(dist[s.From], dist[s.To]); near < reach {
				length = max(0, length-(reach-near))
			}
			links = append(links, arc.Link{U: u, V: v, Cost: millimetres(length)})
		}
	}
	net, err := arc.NewNetwork(len(g.Nodes)+1, links)
	if err != nil {
		return 0, err
	}
	var terminals []int32
	for n, o := range odd {
		if o {
			terminals = append(terminals, int32(n))
		}
	}
	join, err := arc.MinTJoin(net, terminals)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, l := range join.Links {
		sum += float64(links[l].Cost) / 1000
	}
	return sum, nil
}
