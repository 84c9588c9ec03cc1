package patrol

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

const (
	// rotationMore is how many times more shifts are tried than the least possible.
	rotationMore = 3
	// rotationUnits and rotationStreets are up to how many rounds, those of all
	// its shifts together, and segments a rotation is planned: more is not what
	// few units do.
	rotationUnits   = 48
	rotationStreets = 16_000
	// rotationShare is the part of the time given that one attempt at a rotation
	// takes; after rotationMost of it there is no other.
	rotationShare = 0.3
	rotationMost  = 0.4
	// leftTried is up to what part of the streets those without room in any shift
	// are tried in each.
	leftTried = 0.005
	// partFirst is by how much what belongs to this shift's part counts more than
	// anything else.
	partFirst = 1000.0
	// dueSlack is the part of a shift's share by which streets of an equal age
	// may be more than it, and be due together all the same.
	dueSlack = 0.15
)

// Rotation says in how many shifts a plan's units visit every street, and what
// of it is this shift's.
type Rotation struct {
	Shifts  int     `json:"shifts"`   // this one among them
	AtLeast int     `json:"at_least"` // with fewer no plan can
	PartKm  float64 `json:"part_km"`  // of street in this shift's part
	DoneKm  float64 `json:"done_km"`  // of the part that the plan visits
	LeftKm  float64 `json:"left_km"`  // of street for which these shifts have no room; 0: they visit everything
	// OldestShifts is how many shifts ago the street was visited that has waited
	// longest; null: not known.
	OldestShifts *int `json:"oldest_shifts"`
	// Part is the part itself: a bit for each segment, the lowest of each byte
	// first, in the order of the plan's streets.
	Part []byte `json:"part,omitempty"`
}

// Words says a rotation in a sentence, for the command line.
func (r Rotation) Words() string {
	s := fmt.Sprintf("in rotation every street is visited in %d shifts, this one among them", r.Shifts)
	if r.Shifts > r.AtLeast {
		s += fmt.Sprintf(" (no plan does it in fewer than %d; the ways to the base and back take the rest)", r.AtLeast)
	}
	if r.LeftKm > 0 {
		s = fmt.Sprintf("%d shifts like this one visit all but %.1f km of the streets", r.Shifts, r.LeftKm)
	}
	return s + fmt.Sprintf("; of this shift's part of %.1f km the plan visits %.1f", r.PartKm, r.DoneKm)
}

// rotate finds the part of the district that this shift should visit if one
// shift is not enough for all of it, and has the planner prefer it; nil if one
// is enough, or no rotation was found.
func (sc *scene) rotate(ctx context.Context, p *rounds.Problem, b rounds.Bounds, ctl rounds.Control) (*Rotation, error) {
	least := b.Shifts(p)
	if least < 2 || least*len(p.Units) > rotationUnits || len(sc.g.Segments) > rotationStreets {
		return nil, nil
	}
	for k, tries := least, 0; ; tries++ {
		due := sc.due(k)
		r, err := rounds.Rotate(ctx, p, k, due, rounds.Control{Workers: ctl.Workers, Elapsed: part(ctl.Elapsed, rotationShare)})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
		}
		late := ctl.Elapsed != nil && ctl.Elapsed() > rotationMost
		left := r.Left - b.TooFar
		if left <= 0.001*b.Street || sc.keepsDue(r, due) || late || tries == rotationMore || (k+1)*len(p.Units) > rotationUnits {
			return sc.prefer(p, r, b, least), nil
		}
		// As many more as what is left takes at the rate of these.
		k = max(k+1, int(math.Ceil(0.97*float64(k)*b.Street/max(1, b.Street-left))))
		k = min(k, rotationUnits/len(p.Units))
	}
}

// keepsDue tells whether a rotation visits in this shift all that is due in it,
// but for what little is tried in each shift. Then what it leaves over was
// visited lately: more shifts would only have what is due wait.
func (sc *scene) keepsDue(r rounds.Rotation, due []int) bool {
	all, missed := 0.0, 0.0
	wanted, _ := rounds.Reached(sc.g, sc.units())
	for i, d := range due {
		if d == 0 && wanted[i] {
			all += sc.g.Segments[i].Length
			if r.Part[i] != 0 {
				missed += sc.g.Segments[i].Length
			}
		}
	}
	return all > 0 && missed < leftTried*all
}

// part is the clock of a part of the time that is given: it goes from 0 to 1
// while the other goes on by share; nil if there is none.
func part(elapsed func() float64, share float64) func() float64 {
	if elapsed == nil {
		return nil
	}
	begun := elapsed()
	return func() float64 { return (elapsed() - begun) / share }
}

// prefer has the planner make its rounds of this shift's part first.
func (sc *scene) prefer(p *rounds.Problem, r rounds.Rotation, b rounds.Bounds, least int) *Rotation {
	out := &Rotation{Shifts: r.Shifts, AtLeast: least, LeftKm: round3(r.Left / 1000), Part: make([]byte, (len(r.Part)+7)/8)}
	p.Part = make([]bool, len(r.Part))
	wanted, _ := rounds.Reached(sc.g, p.Units)
	oldest, due := 0, sc.due(r.Shifts)
	for i, part := range r.Part {
		isDue := due != nil && due[i] == 0
		if part == 0 || part < 0 && wanted[i] && (isDue || r.Left < leftTried*b.Street) { // what little has no room in any shift is tried in each
			p.Part[i] = true
			out.Part[i/8] |= 1 << (i % 8)
			p.Value[i] *= partFirst
			out.PartKm += sc.g.Segments[i].Length / 1000
		}
		if part >= 0 && sc.in.Ages != nil {
			oldest = max(oldest, sc.in.Ages[i]+1)
		}
	}
	out.PartKm = round3(out.PartKm)
	if sc.in.Ages != nil {
		out.OldestShifts = &oldest
	}
	return out
}

// due gives for every segment the last of so many shifts, from 0, in which it
// should be visited: those that have waited longest first, each shift its share.
// Streets that have waited equally long wait for the same shift. Nil: nothing
// is known of the past.
func (sc *scene) due(shifts int) []int {
	if sc.in.Ages == nil {
		return nil
	}
	byAge, total := map[int]float64{}, 0.0
	for i, a := range sc.in.Ages {
		if s := &sc.g.Segments[i]; s.Belongs {
			byAge[a] += s.Length
			total += s.Length
		}
	}
	ages := make([]int, 0, len(byAge))
	for a := range byAge {
		ages = append(ages, a)
	}
	slices.SortFunc(ages, func(a, b int) int { return cmp.Compare(b, a) })
	at, sum := map[int]int{}, 0.0
	for _, a := range ages {
		sum += byAge[a]
		at[a] = min(shifts-1, max(0, int(math.Ceil(sum/total*float64(shifts)-dueSlack))-1))
	}
	out := make([]int, len(sc.in.Ages))
	for i, a := range sc.in.Ages {
		out[i] = at[a]
	}
	return out
}

// of gives the rotation of another plan on the same streets: how much of the
// shift's part that one visits. Nil if the part is not known of these streets.
func (r Rotation) of(g *routing.Graph, plan Plan) *Rotation {
	if len(r.Part) != (len(g.Segments)+7)/8 {
		return nil
	}
	r.DoneKm = 0
	seen := map[string]bool{}
	for _, round := range plan.Rounds {
		for _, l := range round.Legs {
			seen[l.Segment] = true
		}
	}
	for i := range g.Segments {
		if s := &g.Segments[i]; r.Part[i/8]>>(i%8)&1 == 1 && seen[s.ID] {
			r.DoneKm += s.Length / 1000
		}
	}
	r.DoneKm = round3(r.DoneKm)
	return &r
}
