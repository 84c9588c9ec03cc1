package journal

import (
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// presence follows a unit in and out of an area. A receiver is wrong by some
// metres, so a unit at the edge would come and go all the time: it has changed
// sides once it was far enough from the edge, or long enough on the other side.
// It changed when it went over the edge.
type presence struct {
	area   area
	fence  *Fence // nil: the district itself, watched from outside
	inside bool   // as far as it is told
	side   bool   // where the last fix was
	going  *edge  // over which it went to the other side, if that is not told yet
	since  time.Time
	point  orb.Point
	came   bool // it was seen to come
	by     string
}

// begin takes the first place of the day. Where the unit was before it tells
// nothing of when it came.
func (p *presence) begin(_ *Machine, f fleet.Fix) {
	p.inside = p.area.contains(f.Point)
	p.side = p.inside
	p.since, p.point, p.came, p.by = f.Time, f.Point, false, f.Device
}

// edge is a place and time at which a unit goes over the edge of an area.
type edge struct {
	when  time.Time
	where orb.Point
}

// step takes the way between two fixes. Over a gap nobody knows the way: what
// changed, changed at its end. Over the edge and back within a millisecond, the
// finest that is kept, is no visit.
func (p *presence) step(m *Machine, prev, f fleet.Fix) {
	var edges []edge
	over := func(e edge) {
		if n := len(edges); n > 0 && edges[n-1].when.Equal(e.when) {
			edges = edges[:n-1]
			return
		}
		edges = append(edges, e)
	}
	inside := p.side
	if f.Time.Sub(prev.Time) <= m.cfg.Gap {
		for _, t := range p.area.crossings(prev.Point, f.Point, p.side) {
			d := time.Duration(t * float64(f.Time.Sub(prev.Time))).Truncate(time.Millisecond)
			over(edge{prev.Time.Add(d), orb.Point{prev.Point[0] + (f.Point[0]-prev.Point[0])*t, prev.Point[1] + (f.Point[1]-prev.Point[1])*t}})
			inside = !inside
		}
	}
	if p.area.contains(f.Point) != inside {
		over(edge{f.Time, f.Point})
	}
	// The way in pieces, each on one side of the edge.
	from := prev.Point
	for i := range len(edges) + 1 {
		last := i == len(edges)
		to, when := f.Point, f.Time
		if !last {
			to, when = edges[i].where, edges[i].when
		}
		p.stay(m, from, to, when, last, f.Device)
		if !last {
			p.side = !p.side
			if p.going == nil && p.side != p.inside {
				p.going = &edges[i]
			}
			from = to
		}
	}
}

// stay takes a piece of the way on one side, up to an instant; at its end is a
// fix, or the edge.
func (p *presence) stay(m *Machine, from, to orb.Point, until time.Time, fix bool, device string) {
	if p.side == p.inside {
		p.going = nil
		return
	}
	far := p.area.depth(orb.Point{(from[0] + to[0]) / 2, (from[1] + to[1]) / 2})
	if fix {
		far = max(far, p.area.depth(to))
	}
	if far >= min(m.cfg.EdgeMargin, p.area.narrow/6) || until.Sub(p.going.when) >= m.cfg.EdgeMin {
		p.turn(m, p.going.when, p.going.where, device)
		p.going = nil
	}
}

// turn takes the unit over the edge.
func (p *presence) turn(m *Machine, when time.Time, where orb.Point, device string) {
	if p.fence == nil {
		if !p.inside && when.Sub(p.since) >= m.cfg.OutsideMin { // it comes back
			m.over(p.away(when))
		}
	} else if p.inside {
		v := p.visit(when)
		v.Ended = true
		m.day.Visits = append(m.day.Visits, v)
		m.over(Event{Kind: FenceExit, Place: p.fence.ID, Start: when, Point: where, Value: figure(when.Sub(p.since).Seconds()), Device: device})
	} else {
		m.over(Event{Kind: FenceEnter, Place: p.fence.ID, Start: when, Point: where, Device: device})
	}
	p.inside, p.since, p.point, p.came, p.by = !p.inside, when, where, true, device
}

func (p *presence) visit(until time.Time) Visit {
	return Visit{Fence: p.fence.ID, Start: p.since, End: until, Began: p.came}
}

func (p *presence) away(until time.Time) Event {
	return Event{Kind: OutsideDistrict, Start: p.since, End: until, Point: p.point, Device: p.by}
}

// close adds a stay that goes on to a day's answer.
func (p *presence) close(m *Machine, d *Day) {
	switch {
	case p.since.IsZero():
	case p.fence != nil && p.inside:
		d.Visits = append(d.Visits, p.visit(m.place.Time))
	case p.fence == nil && !p.inside && m.place.Time.Sub(p.since) >= m.cfg.OutsideMin:
		e := p.away(time.Time{})
		e.Unit = m.unit
		d.Events = append(d.Events, e)
	}
}
