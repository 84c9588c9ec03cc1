package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// policeRoundMetres is how long a simulated police round is.
const policeRoundMetres = 5000

// Police makes up a police patrol plan for each shift: two sectors that share
// the district, three rounds of two hours along its larger streets and three
// posts at junctions. All is marked as simulated.
func Police(seed int64, g *routing.Graph, shifts []fleet.ShiftDef) ([]patrol.Presence, error) {
	s, err := streetsOf(g)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 0x901ce))
	west, east, err := halves(s)
	if err != nil {
		return nil, err
	}
	var out []patrol.Presence
	for _, sh := range shifts {
		from, err := fleet.ParseClock(sh.Start)
		if err != nil {
			return nil, err
		}
		to, err := fleet.ParseClock(sh.End)
		if err != nil {
			return nil, err
		}
		if to <= from {
			to += 24 * 60
		}
		add := func(kind patrol.PresenceKind, name string, start, end int, mode routing.Mode, trust float64, geom orb.Geometry) {
			out = append(out, patrol.Presence{Kind: kind, Name: name, Shift: sh.Code, Start: clockTime(start), End: clockTime(end),
				Mode: mode.String(), Units: 1, Trust: trust, Simulated: true, Geometry: geom})
		}
		add(patrol.PresenceSector, "Sector PNP Oeste (simulado)", from, to, routing.Car, 0.5, west)
		add(patrol.PresenceSector, "Sector PNP Este (simulado)", from, to, routing.Car, 0.5, east)
		for i := range 3 {
			begin := from + 30 + (to-from-150)*i/2
			trust := 0.5
			if i == 0 {
				trust = 1
			}
			add(patrol.PresenceRound, fmt.Sprintf("Ronda PNP %d (simulada)", i+1), begin, min(to, begin+120), routing.Car, trust, s.wander(rng))
		}
		half := from + (to-from)/2
		for i := range 3 {
			add(patrol.PresencePost, fmt.Sprintf("Puesto fijo PNP %d (simulado)", i+1), from, half, routing.Foot, 1, s.corner(rng))
		}
	}
	return out, nil
}

func clockTime(minute int) string {
	return fmt.Sprintf("%02d:%02d", minute/60%24, minute%60)
}

// wander follows real streets from one to the next, rather a larger and a new
// one than a small or known one, without breaking a one-way street. A start
// that soon leads nowhere is tried elsewhere.
func (s *streets) wander(rng *rand.Rand) orb.LineString {
	var best orb.LineString
	for longest, try := 0.0, 0; try < 50 && longest < policeRoundMetres; try++ {
		if line, metres := s.wanderOnce(rng); metres > longest {
			best, longest = line, metres
		}
	}
	return best
}

func (s *streets) wanderOnce(rng *rand.Rand) (line orb.LineString, metres float64) {
	const mode = routing.Car
	g := s.g
	id := s.ids[rng.IntN(len(s.ids))]
	arc := routing.ArcOf(id, !g.Segments[id].Forward.Has(mode))
	line = append(orb.LineString(nil), g.Line(arc)...)
	metres = g.Segments[id].Length
	used := map[routing.SegmentID]int{id: 1}
	for metres < policeRoundMetres {
		var next []routing.Arc
		for _, a := range g.Out(g.Head(arc)) {
			if a != arc.Opposite() && g.Segment(a).Belongs && g.Allowed(a, mode) && g.TurnAllowed(arc, a, mode) {
				next = append(next, a)
			}
		}
		if len(next) == 0 && g.Allowed(arc.Opposite(), mode) {
			next = []routing.Arc{arc.Opposite()} // a dead end
		}
		if len(next) == 0 {
			break
		}
		arc = pick(rng, next, func(a routing.Arc) float64 {
			w := 1.0
			if g.Segment(a).Class <= routing.Tertiary {
				w = 5
			}
			for range used[a.Segment()] {
				w /= 20
			}
			return w
		})
		used[arc.Segment()]++
		line = append(line, g.Line(arc)[1:]...)
		metres += g.Segment(arc).Length
	}
	return line, metres
}

// corner gives a junction of three or more streets, rather of larger ones.
func (s *streets) corner(rng *rand.Rand) orb.Point {
	best, score := routing.NodeID(0), -1.0
	for range 40 {
		seg := &s.g.Segments[s.ids[rng.IntN(len(s.ids))]]
		v := float64(len(s.g.Out(seg.To))) + rng.Float64()
		if seg.Class <= routing.Tertiary {
			v += 3
		}
		if v > score {
			best, score = seg.To, v
		}
	}
	return s.g.Nodes[best].Point
}

// halves divides the district's streets at their median longitude and gives
// the convex outline of each side.
func halves(s *streets) (west, east orb.Polygon, err error) {
	var ps []orb.Point
	for _, id := range s.ids {
		ps = append(ps, s.g.Segments[id].Line...)
	}
	slices.SortFunc(ps, func(a, b orb.Point) int {
		switch {
		case a[0] < b[0] || a[0] == b[0] && a[1] < b[1]:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	ps = slices.Compact(ps)
	west, east = hull(ps[:len(ps)/2+1]), hull(ps[len(ps)/2:])
	if geo.Area(west) == 0 || geo.Area(east) == 0 {
		return nil, nil, fmt.Errorf("%w: the district's streets are too few for simulated police sectors", fleet.ErrInvalid)
	}
	return west, east, nil
}

// hull gives the convex outline of points sorted by longitude, then latitude.
func hull(ps []orb.Point) orb.Polygon {
	if len(ps) < 3 {
		return orb.Polygon{orb.Ring{ps[0], ps[0], ps[0], ps[0]}}
	}
	chain := func(points func(func(orb.Point) bool)) orb.Ring {
		var r orb.Ring
		for p := range points {
			for len(r) > 1 && !left(r[len(r)-2], r[len(r)-1], p) {
				r = r[:len(r)-1]
			}
			r = append(r, p)
		}
		return r
	}
	lower := chain(slices.Values(ps))
	upper := chain(func(yield func(orb.Point) bool) {
		for i := len(ps) - 1; i >= 0; i-- {
			if !yield(ps[i]) {
				return
			}
		}
	})
	return orb.Polygon{append(lower[:len(lower)-1], upper...)}
}

// left tells whether c lies to the left of a→b.
func left(a, b, c orb.Point) bool {
	return (b[0]-a[0])*(c[1]-a[1])-(b[1]-a[1])*(c[0]-a[0]) > 0
}
