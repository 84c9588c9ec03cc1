package rounds

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Few units cannot visit every street in one shift, but can in several, one
// after the other. Choosing each shift what is worth most then leaves streets
// over that lie far apart, and the last of them cost a shift of their own. A
// rotation plans the shifts to come together: as if all their units were out at
// once, each with a part of the district that hangs together, so that every part
// is one closed round from a base. This shift drives its part.

// Rotation says what of the district a shift should visit, for all of it to be
// visited in a number of shifts.
type Rotation struct {
	Shifts int     // planned together, this one among them
	Part   []int   // segment → shift from 0, this one, that is to visit it; -1: none
	Left   float64 // metres of wanted street for which there is no room in any of them
}

// rotationRounds is the length of the search without a clock.
const rotationRounds = 12

// Rotate splits the wanted streets over shifts like the problem's. due[s] is the
// last of them, from 0, in which segment s should be visited: nil, any. Stops,
// posts and the police are left out, but for the time that stops and posts take.
func Rotate(ctx context.Context, p *Problem, shifts int, due []int, ctl Control) (Rotation, error) {
	if err := p.check(); err != nil {
		return Rotation{}, err
	}
	if shifts < 1 || due != nil && len(due) != len(p.Graph.Segments) {
		return Rotation{}, fmt.Errorf("%w: a rotation of %d shifts with %d dates for %d segments", ErrProblem, shifts, len(due), len(p.Graph.Segments))
	}
	if ctl.Workers < 1 {
		ctl.Workers = 1
	}
	ctl.Progress = func(Progress) {}
	all := p.over(shifts, due)
	s := &solver{p: all, ctl: ctl, rng: rand.New(rand.NewPCG(p.Seed, 0x707a))}
	s.prepare()
	s.assignPosts()
	if err := s.makeLoops(); err != nil {
		return Rotation{}, err
	}
	if len(s.loops) == 0 {
		return Rotation{}, fmt.Errorf("%w: no unit reaches a street of the district from its base and returns", ErrProblem)
	}
	if err := s.construct(); err != nil {
		return Rotation{}, err
	}
	s.spreadRests()
	s.takeIn()
	whole := withoutStops
	whole.until, whole.rounds = 1, rotationRounds
	s.improve(ctx, whole)
	s.takeIn()
	return s.rotation(shifts, len(p.Units)), nil
}

// over makes the problem of several shifts at once: every unit comes once for
// each, and in later ones may be sent only to what can wait so long.
func (p *Problem) over(shifts int, due []int) *Problem {
	one := &solver{p: p}
	one.prepare()
	one.assignPosts()
	all := &Problem{Graph: p.Graph, Value: p.Value, Again: p.Again, Others: p.Others, Seed: p.Seed}
	for day := range shifts {
		masks := map[*bool][]bool{}
		for i, u := range p.Units {
			u.MaxMetres = max(1, one.canDriveMetres(i))
			u.Serves = waits(u.Serves, due, day, masks)
			all.Units = append(all.Units, u)
		}
	}
	return all
}

// waits narrows the streets that a unit may be sent to, to those that can wait
// for so many shifts. Units that had the same streets get the same again.
func waits(serves []bool, due []int, day int, masks map[*bool][]bool) []bool {
	if due == nil || day == 0 {
		return serves
	}
	var key *bool
	if len(serves) > 0 {
		key = &serves[0]
	}
	if m, ok := masks[key]; ok {
		return m
	}
	out := make([]bool, len(due))
	for i, d := range due {
		out[i] = d >= day && (serves == nil || serves[i])
	}
	masks[key] = out
	return out
}

// takeIn gives loops that were left out to tours that pass them and have room,
// those worth most first.
func (s *solver) takeIn() {
	visited := make([]bool, len(s.metres))
	room := make([]float64, len(s.tours))
	at := make([]map[routing.NodeID]int, len(s.tours)) // junction → a position of the tour
	for k, t := range s.tours {
		room[k] = s.canDriveMetres(t.unit)
		for _, a := range t.arcs {
			visited[a>>1] = true
			room[k] -= s.metres[a>>1]
		}
		at[k] = s.places(t)
	}
	order := make([]int, len(s.loops))
	for i := range order {
		order[i] = i
	}
	s.worstFirst(order)
	slices.Reverse(order)
	for again := true; again; {
		again = false
		for _, i := range order {
			l := &s.loops[i]
			if !slices.ContainsFunc(l.visits, func(seg routing.SegmentID) bool { return !visited[seg] }) {
				continue
			}
			for k, t := range s.tours {
				if room[k] < l.length || !s.mayTake(t.unit, i) {
					continue
				}
				from := slices.IndexFunc(l.arcs, func(a routing.Arc) bool {
					_, ok := at[k][s.head[a.Opposite()]]
					return ok
				})
				if from < 0 {
					continue
				}
				turned := append(slices.Clone(l.arcs[from:]), l.arcs[:from]...)
				t.arcs = with(nil, t.arcs, at[k][s.head[turned[0].Opposite()]], turned)
				room[k] -= l.length
				for _, a := range l.arcs {
					visited[a>>1] = true
				}
				at[k], again = s.places(t), true
				break
			}
		}
	}
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
}

// places gives a position of a tour for every junction that it passes.
func (s *solver) places(t *tour) map[routing.NodeID]int {
	out := make(map[routing.NodeID]int, len(t.arcs)+1)
	for i, a := range slices.Backward(t.arcs) {
		out[s.head[a.Opposite()]] = i
	}
	out[s.p.Units[t.unit].Base] = 0
	return out
}

// rotation reads the parts from the tours.
func (s *solver) rotation(shifts, units int) Rotation {
	out := Rotation{Shifts: shifts, Part: make([]int, len(s.metres))}
	for i := range out.Part {
		out.Part[i] = -1
	}
	for _, t := range s.tours {
		day := t.unit / units
		metres := 0.0
		for _, a := range t.arcs {
			metres += s.metres[a>>1]
		}
		if metres > s.canDriveMetres(t.unit)+1 { // the search left it too long: not all of it is driven
			t.arcs = t.arcs[:s.fitting(t)]
		}
		for _, a := range t.arcs {
			if seg := a.Segment(); s.wanted[seg] && s.p.Units[t.unit].serves(seg) && (out.Part[seg] < 0 || day < out.Part[seg]) {
				out.Part[seg] = day
			}
		}
	}
	for i, w := range s.wanted {
		if w && out.Part[i] < 0 {
			out.Left += s.metres[i]
		}
	}
	return out
}

// fitting is how many arcs of a tour its unit can drive and be home in time.
func (s *solver) fitting(t *tour) int {
	most, metres, n := s.canDriveMetres(t.unit), 0.0, 0
	for i, a := range t.arcs {
		if metres += s.metres[a>>1]; metres+s.home[t.unit].Metres[a] <= most && !math.IsInf(s.home[t.unit].Metres[a], 1) {
			n = i + 1
		}
	}
	return n
}
