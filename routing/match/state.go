package match

import (
	"math"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

// Fix is a position of the unit. Speed (m/s), Course (degrees) and Accuracy
// (metres, 68 % radius) are NaN where unknown.
type Fix struct {
	Time                    time.Time
	Point                   orb.Point
	Speed, Course, Accuracy float64
}

// state is a place on an arc where the unit may have been.
type state struct {
	arc   routing.Arc
	pos   float64 // metres along the arc, in driving order
	point orb.Point
	east  float64 // of the arc's direction at point, a vector of length 1
	north float64
	side  float64 // metres that the fix lies to the right of the arc
	left  float64 // metres from pos to the arc's end
	ends  [2]end  // of the arc: its tail and its head
	logE  float64 // emission, in nats
	e     float64 // its exponential
	of    *step   // where the fix of this step is left out: the step where the unit was last; else nil
	out   int     // how many fixes in a row are left out
}

// end is a junction at an end of an arc.
type end struct {
	node routing.NodeID
	at   orb.Point
}

// at gives the step whose fix a state of s stands for.
func (s *step) at(st *state) *step {
	if st.of != nil {
		return st.of
	}
	return s
}

// step is one place of the track: a fix, and those after it that did not move.
type step struct {
	fix          Fix // the first
	since, until time.Time
	speed        float64 // as last reported here
	came         float64 // metres from the fix of the step before, as the crow flies
	states       []state

	score []float64 // of the best way to each state, in nats
	alpha []float64 // forward probabilities, scaled to sum 1

	// From the step before; empty in the first step of a run.
	links []link
	arcs  []routing.Arc // driven whole on the links
	back  []int32       // the state before on the best way; -1: none
	sum   float64       // of alpha before it was scaled
}

// What a step in a town mostly holds.
const (
	usualStates = 12
	usualLinks  = 16
)

// makeStep makes a step for a fix, with memory for what steps mostly hold.
func makeStep(f Fix) *step {
	numbers := make([]float64, 2*usualStates)
	return &step{
		fix: f, since: f.Time, until: f.Time, speed: f.Speed, states: make([]state, 0, usualStates),
		score: numbers[0:0:usualStates], alpha: numbers[usualStates:usualStates], links: make([]link, 0, usualLinks),
		arcs: make([]routing.Arc, 0, usualLinks), back: make([]int32, 0, usualStates),
	}
}

// reset empties the step for a fix and keeps its memory.
func (s *step) reset(f Fix) {
	*s = step{
		fix: f, since: f.Time, until: f.Time, speed: f.Speed, states: s.states[:0],
		score: s.score[:0], alpha: s.alpha[:0], links: s.links[:0], arcs: s.arcs[:0], back: s.back[:0],
	}
}

// blank gives every state of the step no way to it yet.
func (s *step) blank() {
	s.score, s.alpha, s.back = s.score[:0], s.alpha[:0], s.back[:0]
	for range s.states {
		s.score, s.alpha, s.back = append(s.score, math.Inf(-1)), append(s.alpha, 0), append(s.back, -1)
	}
}

// weakest is how much less likely than the best a state may be, in nats.
const weakest = 12

// accuracyCap bounds what a fix of poor accuracy may claim, in metres.
const accuracyCap = 40

// sigma is the standard deviation across the street, in metres. The accuracy
// of a receiver is the radius that holds 68 %, which is 1.5 deviations of one
// axis.
func (c *Config) sigma(f Fix) float64 {
	if f.Accuracy > 0 { // false for NaN
		return max(c.Sigma, min(f.Accuracy/1.5, accuracyCap))
	}
	return c.Sigma
}

// minMove is the distance below which a fix is the same place as another: the
// least of the configuration, or what its noise alone would move it.
func (c *Config) minMove(f Fix) float64 { return max(c.MinMove, c.sigma(f)) }

// appendStates appends the places where the unit may be at a fix.
func (m *Matcher) appendStates(dst []state, f Fix) []state {
	c := &m.cfg
	first := len(dst)
	sigma := c.sigma(f)
	m.near = m.g.AppendSnap(m.near[:0], f.Point, max(c.Radius, 2.5*sigma))
	best := math.Inf(-1)
	n := 0
	for x := range m.near {
		k := &m.near[x]
		if n == c.Candidates {
			break
		}
		seg := &m.g.Segments[k.Segment]
		along := min(k.Along, seg.Length)
		from, to := end{seg.From, m.g.Nodes[seg.From].Point}, end{seg.To, m.g.Nodes[seg.To].Point}
		used := false
		for _, reverse := range []bool{false, true} {
			a := routing.ArcOf(k.Segment, reverse)
			if !m.g.Allowed(a, c.Mode) {
				continue
			}
			used = true
			pos, left, side, turn := along, seg.Length-along, k.Right, 1.0
			if reverse {
				pos, left, side, turn = left, pos, -side, -1
			}
			logE := -0.5*(k.Distance/sigma)*(k.Distance/sigma) + c.heading(f, turn*k.East, turn*k.North)
			if logE < best-weakest {
				continue
			}
			best = max(best, logE)
			st := state{arc: a, pos: pos, left: left, point: k.Point, east: turn * k.East, north: turn * k.North, side: side, logE: logE, ends: [2]end{from, to}}
			if reverse {
				st.ends = [2]end{to, from}
			}
			dst = append(dst, st)
		}
		if used {
			n++
		}
	}
	kept := first
	for i := first; i < len(dst); i++ {
		s := &dst[i]
		if s.logE < best-weakest {
			continue
		}
		s.e = math.Exp(s.logE)
		if i > kept {
			dst[kept] = *s
		}
		kept++
	}
	return dst[:kept]
}

// headingFloor bounds what a course can say against an arc, in nats: a unit
// that turns points anywhere.
const headingFloor = -4.5

// heading is the likelihood of the fix's course on an arc in a direction.
func (c *Config) heading(f Fix, east, north float64) float64 {
	if !(f.Speed >= c.HeadingMin) || math.IsNaN(f.Course) {
		return 0
	}
	bearing := math.Atan2(east, north) * 180 / math.Pi
	d := math.Abs(math.Remainder(f.Course-bearing, 360)) / c.HeadingDev
	return max(headingFloor, -0.5*d*d)
}
