package patrol

import (
	"fmt"
	"slices"
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// Mistakes in what a plan is to keep; all wrap fleet.ErrInvalid.
var (
	ErrAllKept = fmt.Errorf("%w: every round is to be kept, nothing is left to plan", fleet.ErrInvalid)
	ErrKept    = fmt.Errorf("%w: a round that is to be kept does not fit any more", fleet.ErrInvalid)
)

// LockedRounds are the rounds of a plan that are locked as a whole.
func (p Plan) LockedRounds() []Round {
	var out []Round
	for _, r := range p.Rounds {
		if p.Rules.round(r.Unit) && r.Ended.IsZero() {
			out = append(out, r)
		}
	}
	return out
}

// kept are rounds that stay as they are while the others are planned around
// them.
type kept struct {
	sc     *scene
	rounds map[int]Round // by the index of their unit
	free   []int         // units that are planned
	served []bool        // segments that a kept round is the first to visit
}

// keep finds the units of the rounds that stay, and what these do.
func (sc *scene) keep() (*kept, error) {
	k := &kept{sc: sc, rounds: map[int]Round{}, served: make([]bool, len(sc.g.Segments))}
	for _, r := range sc.in.Keep {
		u := slices.IndexFunc(sc.in.Units, func(u fleet.Unit) bool { return u.ID == r.Unit })
		switch {
		case u < 0:
			return nil, fmt.Errorf("%w: unit %s does not work in shift %s", ErrKept, r.Unit, sc.in.Shift.ID)
		case sc.in.Units[u].Mode != r.Mode || sc.g.Nodes[sc.start[u].Base].Point != r.Base:
			return nil, fmt.Errorf("%w: unit %s has another vehicle or base than in its round", ErrKept, r.Unit)
		}
		k.rounds[u] = r
	}
	legs, err := placeLegs(sc.g, Plan{Rounds: sc.in.Keep})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKept, err)
	}
	for i, r := range sc.in.Keep {
		for n, a := range legs[i] {
			if a != routing.NoArc && r.Legs[n].Kind == Service {
				k.served[a.Segment()] = true
			}
		}
	}
	for u := range sc.in.Units {
		if _, ok := k.rounds[u]; !ok {
			k.free = append(k.free, u)
		}
	}
	if len(k.free) == 0 {
		return nil, ErrAllKept
	}
	return k, nil
}

// rest narrows a problem to what the kept rounds leave to the other units:
// streets, posts, and the hot places between the stops of the kept rounds.
func (k *kept) rest(p *rounds.Problem) {
	if len(k.rounds) == 0 {
		return
	}
	g := *p.Graph
	g.Segments = slices.Clone(p.Graph.Segments)
	for i, s := range k.served {
		g.Segments[i].Belongs = g.Segments[i].Belongs && !s
	}
	now := map[int]int{} // unit → its index among the free
	units := make([]rounds.Unit, len(k.free))
	for i, u := range k.free {
		units[i], now[u] = p.Units[u], i
	}
	p.Units = units
	// Where the kept rounds visit all that the others reach, these visit it again.
	if left, _ := rounds.Reached(&g, units); slices.Contains(left, true) {
		p.Graph = &g
	}
	for i := range p.Posts {
		free := []int{}
		for _, u := range p.Posts[i].Units {
			if n, ok := now[u]; ok && !k.stands(k.sc.times[i].ID) {
				free = append(free, n)
			}
		}
		p.Posts[i].Units = free
	}
	at := map[routing.NodeID][]Span{}
	for _, r := range k.rounds {
		for _, l := range r.Legs {
			if l.Kind != Stop {
				continue
			}
			for n := range g.Nodes {
				if g.Nodes[n].Point == l.Point {
					at[routing.NodeID(n)] = append(at[routing.NodeID(n)], Span{l.Start, l.End})
				}
			}
		}
	}
	for h := range p.Hot {
		hot := &p.Hot[h]
		for _, n := range hot.Nodes {
			for _, v := range at[n] {
				hot.Visits = append(hot.Visits, rounds.Span{Start: k.sc.seconds(v.Start), End: k.sc.seconds(v.End)})
			}
		}
		slices.SortFunc(hot.Visits, func(a, b rounds.Span) int {
			switch {
			case a.Start < b.Start:
				return -1
			case a.Start > b.Start:
				return 1
			}
			return 0
		})
	}
}

// stands tells whether a kept round stands at a fixed post.
func (k *kept) stands(post string) bool {
	for _, r := range k.rounds {
		for _, l := range r.Legs {
			if id, ok := strings.CutPrefix(l.Reason, postReason); ok && id == post {
				return true
			}
		}
	}
	return false
}

// back names the units of a solution of the rest as the scene does.
func (k *kept) back(sol *rounds.Solution) {
	for i := range sol.Routes {
		sol.Routes[i].Unit = k.free[sol.Routes[i].Unit]
	}
}

// join puts the kept rounds among those that were planned, in the order of the
// units, and locks them as they were.
func (k *kept) join(plan *Plan) {
	for u := range k.sc.in.Units {
		if r, ok := k.rounds[u]; ok {
			plan.Rounds = slices.Insert(plan.Rounds, u, r)
			plan.Rules.Locks = append(plan.Rules.Locks, Lock{Unit: r.Unit})
		}
		plan.Rounds[u].Number = u + 1
	}
}
