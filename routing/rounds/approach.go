package rounds

import (
	"math"
	"slices"
	"sync"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	// approachMetres is from how far a tour is sent to a hot place.
	approachMetres = 2500.0
	// approachNodes is at how many of its junctions at most it is stopped at.
	approachNodes = 4
)

// approach is how far it is from the junctions around to one of a hot place,
// and back from it.
type approach struct {
	node        routing.NodeID
	there, back []float32     // metres from and to each junction; +Inf: too far
	next        []routing.Arc // the arc to take from a junction
	prev        []routing.Arc // the last arc of the way back to a junction
}

// findApproaches looks from all hot places once, for each mode.
func (s *solver) findApproaches() {
	s.approaches = make([][][]approach, len(s.p.Units))
	type job struct {
		unit, hot int
		node      routing.NodeID
		into      *approach
	}
	var jobs []job
	for i, u := range s.p.Units {
		if j := slices.IndexFunc(s.p.Units[:i], func(o Unit) bool { return o.Mode == u.Mode }); j >= 0 {
			s.approaches[i] = s.approaches[j]
			continue
		}
		s.approaches[i] = make([][]approach, len(s.p.Hot))
		for h, hot := range s.p.Hot {
			var own []routing.NodeID
			for _, n := range hot.Nodes {
				if int(s.hotAt[n]) == h && len(own) < approachNodes {
					own = append(own, n)
				}
			}
			s.approaches[i][h] = make([]approach, len(own))
			for k, n := range own {
				jobs = append(jobs, job{i, h, n, &s.approaches[i][h][k]})
			}
		}
	}
	var wait sync.WaitGroup
	for w := range s.ctl.Workers {
		wait.Go(func() {
			searches := map[int][2]*routing.Search{}
			for k := w; k < len(jobs); k += s.ctl.Workers {
				j := jobs[k]
				both, ok := searches[j.unit]
				if !ok {
					mode := s.p.Units[j.unit].Mode
					both = [2]*routing.Search{routing.NewSearch(s.p.Graph, mode, nil), routing.NewReverseSearch(s.p.Graph, mode, nil)}
					searches[j.unit] = both
				}
				*j.into = s.approachTo(j.node, both[0], both[1])
			}
		})
	}
	wait.Wait()
}

// approachTo looks both ways from a junction.
func (s *solver) approachTo(node routing.NodeID, out, home *routing.Search) approach {
	n := len(s.p.Graph.Nodes)
	ap := approach{node: node, there: make([]float32, n), back: make([]float32, n), next: make([]routing.Arc, n), prev: make([]routing.Arc, n)}
	out.FromNode(node, approachMetres, nil)
	home.FromNode(node, approachMetres, nil)
	for i := range n {
		ap.there[i], ap.back[i] = float32(math.Inf(1)), float32(math.Inf(1))
		if c, first, ok := home.CostToNode(routing.NodeID(i)); ok {
			ap.there[i], ap.next[i] = float32(c), first
		}
		if c, last, ok := out.CostToNode(routing.NodeID(i)); ok {
			ap.back[i], ap.prev[i] = float32(c), last
		}
	}
	return ap
}

// appendTrip appends the way from a junction there and back.
func (ap *approach) appendTrip(s *solver, dst []routing.Arc, n routing.NodeID) []routing.Arc {
	for at := n; at != ap.node; at = s.head[ap.next[at]] {
		dst = append(dst, ap.next[at])
	}
	turn := len(dst)
	for at := n; at != ap.node; at = s.head[ap.prev[at].Opposite()] {
		dst = append(dst, ap.prev[at])
	}
	slices.Reverse(dst[turn:])
	return dst
}

// detour is a place in a tour from which a visit can be made.
type detour struct {
	at      int // position
	by      *approach
	arrival float64
	metres  float64 // there and back
}

// detours looks for the place in a tour from which a visit is made with the
// fewest metres in its window, noise (0: none) times as many taken for as good
// at random; false if there is none.
func (s *solver) detour(unit int, arcs []routing.Arc, tl *timeline, after int, v *visit, early float64, noise func() float64) (best detour, ok bool) {
	u := &s.p.Units[unit]
	near := s.approaches[unit][v.hot]
	delay, k, least := u.Start, 0, math.Inf(1)
	for i := range arcs {
		for k < len(tl.halts) && tl.halts[k].at <= i {
			delay += tl.halts[k].duration
			k++
		}
		now := tl.drive[i] + delay
		if now > v.to {
			break
		}
		if i < after || now < v.from-approachMetres/u.Speed {
			continue
		}
		n := s.head[arcs[i].Opposite()]
		for x := range near {
			ap := &near[x]
			m := float64(ap.there[n]) + float64(ap.back[n])
			arrival := now + float64(ap.there[n])/u.Speed
			if m > 1e9 || !s.mayStop(unit, ap.node) || arrival < v.from || arrival > v.to {
				continue
			}
			score := m/u.Speed + early*(v.to-arrival)
			if noise != nil {
				score = (score + 20) * noise()
			}
			if score < least {
				best, least, ok = detour{i, ap, arrival, m}, score, true
			}
		}
	}
	return best, ok
}
