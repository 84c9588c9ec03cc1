package rounds

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/serenazgo/serenazgo/routing"
)

// A plan that is found once can be driven in many ways that are as good: an even
// walk may be taken in any order and its loops either way round. From the tours
// that the search ends with a pool of plans is made by such changes alone, away
// from where and when units drove in the days before; of those that are near
// the best the one is taken that is least like these days.

const (
	// PoolWorse is by how much the longest cover phase of a plan in the pool may
	// be above that of the best.
	PoolWorse  = 0.02
	poolFrom   = 0.72 // of the time given, when the search ends and the pool is begun
	poolUntil  = 0.94 // and when no further plan is begun
	spinRounds = 4
	spinHeat   = 30.0
	// priceHabit is what a second costs in a street that was driven in the same
	// slot of all days before.
	priceHabit = 1.0
	// fillHabit is the part of a further visit's worth that is lost by it.
	fillHabit = 1.5
	// spinSerial sets the draws of the pool apart from those of the search.
	spinSerial = 1 << 40
)

// Member is a plan of the pool.
type Member struct {
	Longest float64 // seconds of its longest cover phase
	Alike   float64 // mean Jaccard with the days before; 0 without any
	Kept    bool    // near enough to the best to be chosen
}

// pool makes the pool and gives the routes of the plan that is chosen, its index
// in the pool, and what is known of all. The plan that was found is the first.
func (s *solver) pool(ctx context.Context) ([]Route, []Member, int) {
	base := s.tours
	s.habit = newHabit(s.p.Past, len(s.p.Graph.Segments))
	missed, longest := s.missed(), s.longest()
	var pool []Member
	var chosen []Route
	best, draw := -1, rand.New(rand.NewPCG(s.p.Seed, 0x9001))
	kept := 0
	for k := range s.p.Pool {
		if k > 0 && (s.elapsed() > poolUntil || ctx.Err() != nil) {
			break
		}
		s.tours = copies(base)
		if k > 0 {
			s.spin(ctx, k)
		}
		m := Member{Longest: s.longest()}
		m.Kept = k == 0 || m.Longest <= (1+PoolWorse)*longest && s.missed() <= missed
		if m.Kept {
			kept++
			routes := s.routes()
			if len(s.p.Past) > 0 {
				m.Alike = drivenBy(routes, s.p.Past[0]).Alike(s.p.Past)
			}
			// Without days before it is drawn: the n-th takes the place of one
			// before it with probability 1 ÷ n.
			take := best < 0 || len(s.p.Past) > 0 && m.Alike < pool[best].Alike || len(s.p.Past) == 0 && draw.IntN(kept) == 0
			if take {
				best, chosen = k, routes
			}
		}
		pool = append(pool, m)
		s.report("fill", float64(k+1)/float64(s.p.Pool))
	}
	return chosen, pool, best
}

// spin takes the tours in another order, and their loops the other way round,
// as the seed and a number give.
func (s *solver) spin(ctx context.Context, number int) {
	order := make([]int, len(s.tours))
	for i := range order {
		order[i] = i
	}
	benches := s.benches()
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
	for r := range spinRounds {
		heat, mean := spinHeat*math.Pow(heatEnd/spinHeat, float64(r+1)/spinRounds), s.meanCover()
		for _, w := range benches {
			w.heat, w.mean, w.uneven, w.orderOnly = heat, mean, s.uneven, true
		}
		s.round(ctx, benches, order, spinSerial|number<<8|r)
		if s.dealt {
			s.setWindows()
		}
	}
}

// longest is the longest cover phase.
func (s *solver) longest() float64 {
	most := 0.0
	for _, t := range s.tours {
		most = max(most, t.line.cover)
	}
	return most
}

// missed is how many visits the tours do not make.
func (s *solver) missed() int {
	n := 0
	for _, t := range s.tours {
		for _, away := range t.line.near {
			if away >= 0 {
				n++
			}
		}
	}
	return n
}

// habitual is the time that a tour spends where it would have been met in the
// days before.
func (s *solver) habitual(unit int, arcs []routing.Arc, tl *timeline) float64 {
	u := &s.p.Units[unit]
	cost, delay, k := 0.0, u.Start, 0
	for i, a := range arcs {
		for k < len(tl.halts) && tl.halts[k].at <= i {
			delay += tl.halts[k].duration
			k++
		}
		cost += s.habit.at(int(a>>1), tl.drive[i+1]+delay) * (tl.drive[i+1] - tl.drive[i])
	}
	return cost
}
