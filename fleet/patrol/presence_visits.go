package patrol

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// How police presence is turned into visits of streets.
const (
	// postRadius is how far a standing police officer counts, in metres.
	postRadius = 75
	// postVisit: a post is a visit of its streets in each half-hour it stands.
	postVisit = 30 * time.Minute
)

// Visit is what the police are expected to do on a segment in a window of the
// shift: Expected passes at unknown moments, spread evenly over it.
type Visit struct {
	Segment    routing.SegmentID
	Start, End time.Time
	Expected   float64
	Trust      float64 // 0..1
}

// ExpectedVisits gives what a police plan does to the streets of g in a shift,
// ordered by segment and start. A segment has one visit for each patrol,
// sector and post that reaches it.
//
//   - Round: all features of equal name, start and end are one patrol. It
//     passes each segment that its lines follow as often as they follow it, or
//     less if its speed does not allow to drive them all in its window.
//   - Sector: units × patrol speed × window / street length inside, on each
//     segment that lies at least half inside and is open to its mode.
//   - Post: a visit each half-hour on the segments within 75 m.
func ExpectedVisits(g *routing.Graph, presence []Presence, shift fleet.Shift, loc *time.Location) []Visit {
	var out []Visit
	for _, group := range patrolsOf(presence) {
		windows := group[0].windows(shift, loc)
		if len(windows) == 0 {
			continue
		}
		switch group[0].Kind {
		case PresenceRound:
			out = append(out, roundVisits(g, group, windows)...)
		case PresenceSector:
			out = append(out, sectorVisits(g, group[0], windows)...)
		case PresencePost:
			out = append(out, postVisits(g, group[0], windows)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Visit) int {
		return cmp.Or(cmp.Compare(a.Segment, b.Segment), a.Start.Compare(b.Start))
	})
	return out
}

// patrolsOf puts the pieces of a patrol together; sectors and posts stay
// alone. Groups keep the order of the file.
func patrolsOf(presence []Presence) [][]Presence {
	type key struct{ name, start, end string }
	at := map[key]int{}
	var out [][]Presence
	for _, p := range presence {
		k := key{p.Name, p.Start, p.End}
		if i, ok := at[k]; ok && p.Kind == PresenceRound {
			out[i] = append(out[i], p)
			continue
		}
		if p.Kind == PresenceRound {
			at[k] = len(out)
		}
		out = append(out, []Presence{p})
	}
	return out
}

// patrolSpeed gives m/s; ReadPresence has checked the mode.
func (p Presence) patrolSpeed() float64 {
	m, err := routing.ParseMode(p.Mode)
	if err != nil {
		m = routing.Foot
	}
	return fleet.DefaultSpeeds(m).Patrol
}

func roundVisits(g *routing.Graph, group []Presence, windows []window) []Visit {
	units, length := 0, 0.0
	for _, p := range group {
		units = max(units, p.Units)
		for _, l := range linesOf(p.Geometry) {
			length += geo.Length(l)
		}
	}
	if length == 0 {
		return nil
	}
	var out []Visit
	for _, f := range followed(g, group) {
		for _, w := range windows {
			able := min(1, group[0].patrolSpeed()*w.whole.Seconds()/length)
			out = append(out, Visit{f.segment, w.Start, w.End, float64(units) * able * f.passes * w.share, f.trust})
		}
	}
	return out
}

func linesOf(g orb.Geometry) []orb.LineString {
	switch g := g.(type) {
	case orb.LineString:
		return []orb.LineString{g}
	case orb.MultiLineString:
		return g
	}
	return nil
}

func sectorVisits(g *routing.Graph, p Presence, windows []window) []Visit {
	mode, err := routing.ParseMode(p.Mode)
	if err != nil {
		return nil
	}
	inside := func(pt orb.Point) bool { return false }
	switch area := p.Geometry.(type) {
	case orb.Polygon:
		inside = func(pt orb.Point) bool { return planar.PolygonContains(area, pt) }
	case orb.MultiPolygon:
		inside = func(pt orb.Point) bool { return planar.MultiPolygonContains(area, pt) }
	}
	var in []routing.SegmentID
	length := 0.0
	bound := p.Geometry.Bound()
	for i := range g.Segments {
		s := &g.Segments[i]
		if !(s.Forward | s.Backward).Has(mode) || !s.Line.Bound().Intersects(bound) {
			continue
		}
		n, hits := 0, 0
		alongLine(s.Line, sampleStep, func(at orb.Point, _ float64) {
			n++
			if inside(at) {
				hits++
			}
		})
		if 2*hits >= n {
			in = append(in, routing.SegmentID(i))
			length += s.Length
		}
	}
	if length == 0 {
		return nil
	}
	var out []Visit
	for _, w := range windows {
		each := float64(p.Units) * p.patrolSpeed() * w.End.Sub(w.Start).Seconds() / length
		for _, s := range in {
			out = append(out, Visit{s, w.Start, w.End, each, p.Trust})
		}
	}
	return out
}

func postVisits(g *routing.Graph, p Presence, windows []window) []Visit {
	at, ok := p.Geometry.(orb.Point)
	if !ok {
		return nil
	}
	near := geo.NewBoundAroundPoint(at, postRadius)
	pl := planeAt(at)
	var out []Visit
	for i := range g.Segments {
		line := g.Segments[i].Line
		if !line.Bound().Intersects(near) || pl.distance(line, at) > postRadius {
			continue
		}
		for _, w := range windows {
			visits := float64(w.End.Sub(w.Start)) / float64(postVisit)
			out = append(out, Visit{routing.SegmentID(i), w.Start, w.End, float64(p.Units) * math.Max(visits, 1), p.Trust})
		}
	}
	return out
}
