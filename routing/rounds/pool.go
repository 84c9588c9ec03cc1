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
	poolShare  = 0.18 // of the search's time, for the pool
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
	Alike   float64 // mean Jaccard of its cover phase with the days before; 0 without any
	Kept    bool    // near enough to the best to be chosen
}

// pool makes the pool and gives what is known of its plans and which is chosen;
// its tours are the solver's then. The plan that was found is the first.
func (s *solver) pool(ctx context.Context) ([]Member, int) {
	base := s.tours
	chosen, best := base, 0
	missed, longest := s.missed(), s.longest()
	pool := []Member{{Longest: longest, Alike: s.alike(), Kept: true}}
	s.habit = newHabit(s.p.Past, len(s.p.Graph.Segments))
	draw, kept := rand.New(rand.NewPCG(s.p.Seed, 0x9001)), 1
	for k := 1; k < s.p.Pool && ctx.Err() == nil && (k == 1 || s.elapsed() < searchShare); k++ {
		s.tours = copies(base)
		s.spin(ctx, k)
		m := Member{Longest: s.longest(), Alike: s.alike()}
		m.Kept = m.Longest <= (1+s.p.PoolWorse)*longest && s.missed() <= missed
		pool = append(pool, m)
		if !m.Kept {
			continue
		}
		kept++
		// Without days before it is drawn: the n-th takes the place of one before it
		// with probability 1 ÷ n.
		if len(s.p.Past) > 0 && m.Alike < pool[best].Alike || len(s.p.Past) == 0 && draw.IntN(kept) == 0 {
			best, chosen = k, s.tours
		}
	}
	s.tours = chosen
	return pool, best
}

// alike is how alike the cover phase of the tours is to the days before.
func (s *solver) alike() float64 {
	if len(s.p.Past) == 0 {
		return 0
	}
	now := s.p.Past[0].none()
	for _, t := range s.tours {
		s.follow(t, func(i int, _, end float64) { now.Set(t.arcs[i].Segment(), end) }, nil)
	}
	return now.Alike(s.p.Past)
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
