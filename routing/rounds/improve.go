package rounds

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	batch        = 2000 // moves tried on a pair of tours in one round
	fixedRounds  = 30   // without a clock
	streetShare  = 0.36 // of the time given, until visits are dealt
	searchShare  = 0.88 // the rest is for the fill phase
	heatEnd      = 1.5  // seconds by which a move may be worse at the end
	mendGap      = 1.1  // of the goal, from which a gap wants one visit more
	lastMendGap  = 1.25 // when the search is over: such a visit is not fitted in any more
	mendEvery    = 0.3  // of the search: missed visits are dealt again
	priceDrive   = 1.0  // a second of driving
	unevenStart  = 0.0006
	priceLongest = 0.5
)

// course is how a search goes.
type course struct {
	until  float64 // share of the time given
	rounds int     // without a clock
	heat   float64 // seconds by which a move may be worse at the beginning
	uneven float64 // price of the square of a second above the mean cover time, at the end
}

// The search for tours begins hot. When visits are dealt it begins cooler, and
// since a stop is ten minutes and more, units are as even as stops let them.
var (
	withoutStops = course{until: searchShare, rounds: fixedRounds, heat: 80, uneven: 0.04}
	beforeStops  = course{until: streetShare, rounds: fixedRounds, heat: 80, uneven: 0.04}
	withStops    = course{until: searchShare, rounds: fixedRounds, heat: 25, uneven: 0.004}
)

// bench is the work place of one worker: two tours at a time.
type bench struct {
	s      *solver
	r      *rand.Rand
	a, b   *tour
	ia, ib *index
	times  []int16 // passages of a segment in both tours
	bufA   []routing.Arc
	bufB   []routing.Arc
	bufC   []routing.Arc
	lineA  timeline
	lineB  timeline
	lineC  timeline
	mean   float64
	heat   float64
	uneven float64
	ways   *finder
	// orderOnly: only moves that leave each tour its streets and its length.
	orderOnly bool
}

// improve runs the local search until a share of the time is used.
func (s *solver) improve(ctx context.Context, plan course) {
	s.uneven = plan.uneven
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
	order := make([]int, len(s.tours))
	for i := range order {
		order[i] = i
	}
	benches := s.benches()
	begin, mended := s.elapsed(), mendEvery
	if s.p.Pool > 1 && plan.until == searchShare {
		plan.until -= poolShare * max(0, plan.until-begin)
	}
	bestCost := s.total()
	s.best = s.keep()
	s.note()
	for round := 0; ; round++ {
		f := float64(round) / float64(plan.rounds)
		if s.ctl.Elapsed != nil {
			f = (s.elapsed() - begin) / max(1e-9, plan.until-begin)
		}
		if f >= 1 || ctx.Err() != nil {
			break
		}
		s.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		heat := plan.heat * math.Pow(heatEnd/plan.heat, f)
		mean := s.meanCover()
		for _, w := range benches {
			w.heat, w.mean = heat, mean
			w.uneven = unevenStart * math.Pow(plan.uneven/unevenStart, min(1, 1.5*f))
		}
		s.round(ctx, benches, order, round)
		if s.dealt {
			s.setWindows()
			if f >= mended {
				mended += mendEvery
				if !s.repair(mendGap*s.gap) && s.gap > s.p.GapGoal {
					s.dealAgain()
				}
				s.best, bestCost = s.keep(), s.total()
			}
		}
		if c := s.total(); c < bestCost {
			s.best, bestCost = s.keep(), c
			s.note()
		}
		s.report("tours", f)
	}
	copy(s.tours, s.best)
	s.best = nil
	s.note()
	s.report("tours", 1)
}

// benches are the work places of all workers.
func (s *solver) benches() []*bench {
	out := make([]*bench, s.ctl.Workers)
	for i := range out {
		out[i] = &bench{s: s, ia: newIndex(len(s.p.Graph.Nodes)), ib: newIndex(len(s.p.Graph.Nodes)),
			times: make([]int16, len(s.p.Graph.Segments)), ways: newFinder(s)}
	}
	return out
}

// round gives pairs of tours to the workers; what a pair does depends on the
// seed and the round alone, so that a plan can be reproduced.
func (s *solver) round(ctx context.Context, benches []*bench, order []int, round int) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for _, w := range benches {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := range jobs {
				w.r = rand.New(rand.NewPCG(s.p.Seed, uint64(round)<<20|uint64(k)))
				w.a, w.b = s.tours[order[k]], nil
				if k+1 < len(order) {
					w.b = s.tours[order[k+1]]
				}
				w.work(ctx)
			}
		}()
	}
	for k := 0; k < len(order); k += 2 {
		jobs <- k
	}
	close(jobs)
	wg.Wait()
}

// price is what a tour costs but for its share in the balance.
func (s *solver) price(t *tour, visits []visit, arcs []routing.Arc, tl *timeline) float64 {
	var like *tour
	if tl != &t.line && len(t.line.drive) == len(t.arcs)+1 {
		like = t
	}
	return s.run(t.unit, visits, arcs, tl, like) + priceDrive*tl.drive[len(arcs)]
}

func (s *solver) meanCover() float64 {
	sum := 0.0
	for _, t := range s.tours {
		sum += t.line.cover
	}
	return sum / float64(len(s.tours))
}

// off is the price of a cover time above the mean. One below it costs nothing:
// else driving for nothing would pay.
func (w *bench) off(cover float64) float64 {
	over := max(0, cover-w.mean)
	return w.uneven * over * over
}

// total is the price of the whole plan.
func (s *solver) total() float64 {
	mean, sum, longest := s.meanCover(), 0.0, 0.0
	for _, t := range s.tours {
		over := max(0, t.line.cover-mean)
		sum += t.cost + s.uneven*over*over
		longest = max(longest, t.line.cover)
	}
	return sum + priceLongest*(longest-mean)*float64(len(s.tours))
}

// note remembers the longest cover phase for the progress report.
func (s *solver) note() {
	s.lastBest = 0
	for _, t := range s.tours {
		s.lastBest = max(s.lastBest, t.line.cover)
	}
}

// keep copies the tours.
func (s *solver) keep() []*tour { return copies(s.tours) }

// copies are tours of their own that are like others.
func copies(tours []*tour) []*tour {
	out := make([]*tour, len(tours))
	for i, t := range tours {
		c := *t
		c.arcs, c.visits = slices.Clone(t.arcs), slices.Clone(t.visits)
		c.line = t.line.clone()
		out[i] = &c
	}
	return out
}

// work tries a batch of moves on the pair.
func (w *bench) work(ctx context.Context) {
	w.ia.build(w.s.head, w.a.arcs)
	if w.b != nil {
		w.ib.build(w.s.head, w.b.arcs)
	}
	w.count(+1)
	for k := range batch {
		if k%200 == 0 && ctx.Err() != nil {
			break
		}
		x := w.r.IntN(100)
		if w.orderOnly {
			x %= 57
		}
		switch {
		case x < 22:
			w.reverse()
		case x < 50:
			w.shift()
		case x < 57:
			w.cross()
		case x < 79:
			w.give()
		case x < 86:
			w.exchange()
		case x < 90:
			w.resettle()
		case x < 94:
			w.omit()
		default:
			w.shortcut()
		}
		if w.b != nil && w.r.IntN(2) == 0 {
			w.a, w.b, w.ia, w.ib = w.b, w.a, w.ib, w.ia
		}
	}
	w.count(-1)
}

func (w *bench) count(by int16) {
	for _, t := range [...]*tour{w.a, w.b} {
		if t != nil {
			for _, a := range t.arcs {
				w.times[a>>1] += by
			}
		}
	}
}

// accept decides on a change of price.
func (w *bench) accept(delta float64) bool {
	return delta <= 0 || w.r.Float64() < math.Exp(-delta/w.heat)
}

// tryA takes the new walk in bufA for tour a if it is accepted.
func (w *bench) tryA() bool {
	cost := w.s.price(w.a, w.a.visits, w.bufA, &w.lineA)
	if !w.accept(cost - w.a.cost + w.off(w.lineA.cover) - w.off(w.a.line.cover)) {
		return false
	}
	w.takeA(cost)
	return true
}

func (w *bench) takeA(cost float64) {
	w.a.cost = cost
	w.a.arcs, w.bufA = w.bufA, w.a.arcs
	w.a.line, w.lineA = w.lineA, w.a.line
	w.ia.build(w.s.head, w.a.arcs)
}

func (w *bench) takeB(cost float64) {
	w.b.cost = cost
	w.b.arcs, w.bufB = w.bufB, w.b.arcs
	w.b.line, w.lineB = w.lineB, w.b.line
	w.ib.build(w.s.head, w.b.arcs)
}

// tryBoth takes the new walks in bufA and bufB if together they are accepted.
func (w *bench) tryBoth(visitsA, visitsB []visit) bool {
	costA := w.s.price(w.a, visitsA, w.bufA, &w.lineA)
	before := w.a.cost + w.b.cost + w.off(w.a.line.cover) + w.off(w.b.line.cover)
	costB := w.s.price(w.b, visitsB, w.bufB, &w.lineB)
	if !w.accept(costA + costB + w.off(w.lineA.cover) + w.off(w.lineB.cover) - before) {
		return false
	}
	w.a.visits, w.b.visits = visitsA, visitsB
	w.takeA(costA)
	w.takeB(costB)
	return true
}
