package sim

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// move is what a unit does on one leg: it drives a line from start to end,
// slower at the junctions at its ends, or stands at the line's only place.
type move struct {
	start, end  time.Time
	line        orb.LineString
	at          []float64 // metres from the beginning to each vertex
	first, last float64   // speed at the ends, relative to the mean of the leg
	leg         int       // of the round
}

func (m *move) length() float64 { return m.at[len(m.at)-1] }

// drive is a whole round as a movement in time.
type drive struct {
	moves []move
}

// corner is how much of its speed a vehicle keeps at a turn of so many degrees.
func corner(degrees float64) float64 {
	switch {
	case degrees < 20:
		return 0.9
	case degrees < 60:
		return 0.6
	case degrees < 120:
		return 0.35
	}
	return 0.15
}

// newDrive lays the legs of a round out in time. Legs must follow each other
// in time; where one does not begin where the last one ended, the unit would
// jump, so that is refused.
func newDrive(r patrol.Round) (*drive, error) {
	d := &drive{}
	for i, leg := range r.Legs {
		m := move{start: leg.Start, end: leg.End, line: leg.Line, leg: i}
		if len(m.line) == 0 {
			m.line = orb.LineString{leg.Point}
		}
		if leg.End.Before(leg.Start) {
			return nil, fmt.Errorf("%w: leg %d of unit %s ends before it starts", fleet.ErrInvalid, leg.Seq, r.Unit)
		}
		if n := len(d.moves); n > 0 {
			prev := &d.moves[n-1]
			if leg.Start.Before(prev.end) {
				return nil, fmt.Errorf("%w: leg %d of unit %s starts before the last one ended", fleet.ErrInvalid, leg.Seq, r.Unit)
			}
			if gap := geo.Distance(prev.line[len(prev.line)-1], m.line[0]); gap > 100 {
				return nil, fmt.Errorf("%w: leg %d of unit %s starts %.0f m from where the last one ended", fleet.ErrInvalid, leg.Seq, r.Unit, gap)
			}
		}
		m.at = make([]float64, len(m.line))
		for j := 1; j < len(m.line); j++ {
			m.at[j] = m.at[j-1] + geo.Distance(m.line[j-1], m.line[j])
		}
		d.moves = append(d.moves, m)
	}
	if len(d.moves) == 0 {
		return nil, fmt.Errorf("%w: the round of unit %s has no legs", fleet.ErrInvalid, r.Unit)
	}
	for i := range d.moves {
		if i > 0 {
			d.moves[i-1].last, d.moves[i].first = d.meet(i-1, i)
		}
	}
	return d, nil
}

// meet gives the relative speeds at the junction between two moves, so that
// the speed is continuous there: the slower of both, less what the turn costs.
func (d *drive) meet(i, j int) (last, first float64) {
	a, b := &d.moves[i], &d.moves[j]
	va, vb := a.mean(), b.mean()
	if va == 0 || vb == 0 || b.start.Sub(a.end) > time.Second {
		return 0, 0
	}
	turn := math.Abs(math.Mod(heading(a.line, len(a.line)-1)-heading(b.line, 1)+540, 360) - 180)
	v := min(va, vb) * corner(turn)
	return v / va, v / vb
}

// mean speed in m/s; 0 for a stop.
func (m *move) mean() float64 {
	t := m.end.Sub(m.start).Seconds()
	if t <= 0 {
		return 0
	}
	return m.length() / t
}

// heading gives the bearing of the side that ends at vertex i.
func heading(l orb.LineString, i int) float64 {
	for ; i > 0 && i < len(l); i++ {
		if l[i-1] != l[i] {
			return geo.Bearing(l[i-1], l[i])
		}
	}
	return 0
}

// state is where a unit truly is and how it moves.
type state struct {
	point  orb.Point
	speed  float64 // m/s
	course float64 // degrees from north, NaN while it stands
	leg    int     // of the round
}

// at gives the true state at t: before the first leg at its beginning, after
// the last at its end, between two legs where the first of them ended.
func (d *drive) at(t time.Time) state {
	i, found := slices.BinarySearchFunc(d.moves, t, func(m move, t time.Time) int { return m.start.Compare(t) })
	if !found {
		i--
	}
	if i < 0 {
		return state{point: d.moves[0].line[0], course: math.NaN(), leg: d.moves[0].leg}
	}
	m := &d.moves[i]
	if !t.Before(m.end) || m.length() == 0 {
		return state{point: m.line[len(m.line)-1], course: math.NaN(), leg: m.leg}
	}
	whole := m.end.Sub(m.start).Seconds()
	part, rate := easeBetween(t.Sub(m.start).Seconds()/whole, m.first, m.last)
	s := part * m.length()
	j, _ := slices.BinarySearch(m.at, s)
	j = min(max(j, 1), len(m.at)-1)
	for m.at[j] == m.at[j-1] && j+1 < len(m.at) {
		j++
	}
	f := 0.0
	if l := m.at[j] - m.at[j-1]; l > 0 {
		f = min(1, (s-m.at[j-1])/l)
	}
	a, b := m.line[j-1], m.line[j]
	return state{
		point: orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])},
		speed: rate * m.mean(), course: math.Mod(geo.Bearing(a, b)+360, 360), leg: m.leg,
	}
}

// easeBetween gives the share of the way done after a share u of the time, and
// the speed then relative to the mean, when the relative speeds at the ends are
// first and last: the cubic between them, which never goes back for ends ≤ 3.
func easeBetween(u, first, last float64) (part, rate float64) {
	u = min(1, max(0, u))
	part = (first+last-2)*u*u*u + (3-2*first-last)*u*u + first*u
	rate = 3*(first+last-2)*u*u + 2*(3-2*first-last)*u + first
	return part, max(0, rate)
}
