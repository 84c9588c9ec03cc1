package rounds

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

// solver is one run on one problem.
type solver struct {
	p      *Problem
	ctl    Control
	bounds Bounds
	wanted []bool
	loops  []loop
	tours  []*tour
	best   []*tour // of the search that goes on; nil outside of it

	metres     []float64        // per segment: length
	head       []routing.NodeID // per arc: where it ends
	turns      []bool           // per arc: some turn after it is forbidden
	watched    []bool           // segment lies in a zone where others are present at some time
	hotAt      []int16          // node → hot place, or -1
	reach      []*routing.Reach
	search     []*routing.Search // per unit, shared by units of equal mode; cost in metres
	home       []routing.Homeward
	approaches [][][]approach // unit → hot place → its junctions
	deadEnd    []bool         // node with a single street
	xy         [][2]float64
	rng        *rand.Rand
	lastBest   float64
	expected   []float64 // hot place → seconds that a passage is held up; nil once visits are dealt
	uneven     float64   // price of the square of a second above the mean cover time
	dealt      bool      // visits are dealt
	horizon    float64   // about when the cover phase ends: visits after it are the fill phase's
	gap        float64   // time between visits of a hot place that is aimed at
	restPhase  float64   // 0..1, drawn: by how much all breaks are shifted
	restFrom   float64   // share of a unit's window from which breaks are taken
	duties     [][]duty  // per unit: its posts in order of time
	known      map[dutyKey]duty
	unkept     []int
	habit      *habit // of the days before, while the pool is made; else nil
}

// Solve finds rounds for the problem. Cancelling ctx, or running out of the
// time of ctl, ends the search with the best found so far; only an impossible
// problem is an error.
func Solve(ctx context.Context, p *Problem, ctl Control) (*Solution, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if ctl.Workers < 1 {
		ctl.Workers = 1
	}
	if ctl.Progress == nil {
		ctl.Progress = func(Progress) {}
	}
	s := &solver{p: p, ctl: ctl, rng: rand.New(rand.NewPCG(p.Seed, 0x5e7e)), uneven: withoutStops.uneven}
	s.restPhase = rand.New(rand.NewPCG(p.Seed, 0x2e57)).Float64()
	ctl.Progress(Progress{Phase: "streets", Elapsed: s.elapsed()})
	// The bounds and the loops take a matching each: side by side.
	bounded := make(chan error, 1)
	go func() {
		var err error
		s.bounds, err = LowerBounds(p.Graph, p.Units)
		bounded <- err
	}()
	s.prepare()
	s.assignPosts()
	looped := s.makeLoops()
	if err := <-bounded; err != nil {
		return nil, err
	}
	if looped != nil {
		return nil, looped
	}
	if s.bounds.Segments == 0 {
		return nil, fmt.Errorf("%w: no unit reaches a street of the district from its base and returns", ErrProblem)
	}
	s.report("loops", 1)
	if err := s.construct(); err != nil {
		return nil, err
	}
	if p.Part != nil {
		s.takeIn()
	}
	s.passPosts()
	s.spreadRests()
	s.findApproaches()
	if share := s.stopShare(); share > 0 {
		s.expectStops(share)
		s.improve(ctx, beforeStops)
		s.dealt = true
		s.dispatch()
		s.setWindows()
		s.improve(ctx, withStops)
		s.repair(lastMendGap * s.gap)
	} else {
		s.improve(ctx, withoutStops)
	}
	if p.Part != nil {
		s.takeIn()
	}
	sol := &Solution{Bounds: s.bounds, Unkept: s.unkept}
	if p.Pool > 1 {
		sol.Pool, sol.Chosen = s.pool(ctx)
	}
	s.report("fill", 0)
	sol.Routes = s.routes()
	if len(sol.Pool) > 0 && len(p.Past) > 0 {
		sol.Alike = drivenBy(sol.Routes, p.Past[0]).Alike(p.Past)
	}
	s.report("fill", 1)
	return sol, nil
}

// construct makes a first tour for every unit.
func (s *solver) construct() error {
	if len(s.loops) >= manyLoops {
		if s.dealContour() {
			return s.makeTours()
		}
	}
	s.deal().hand()
	return s.makeTours()
}

// elapsed is the share of the time that is used up.
func (s *solver) elapsed() float64 {
	if s.ctl.Elapsed == nil {
		return 0
	}
	return s.ctl.Elapsed()
}

func (s *solver) report(phase string, share float64) {
	s.ctl.Progress(Progress{Phase: phase, Share: share, Best: s.lastBest, Bound: s.workBound(0), Elapsed: s.elapsed(), Sketch: s.sketch})
}

// workBound is the least cover time with the given seconds of stops.
func (s *solver) workBound(stops float64) float64 {
	if s.bounds.Segments == 0 {
		return 0
	}
	speeds := make([]float64, len(s.p.Units))
	for i, u := range s.p.Units {
		speeds[i] = u.Speed
	}
	return max(Work(speeds, s.bounds.Street+s.bounds.Floor, stops), s.bounds.Farthest)
}

// prepare makes the tables that the search looks into.
func (s *solver) prepare() {
	g := s.p.Graph
	reached, _ := Reached(g, s.p.Units)
	s.wanted = Served(g, s.p.Units, reached)
	s.xy = make([][2]float64, len(g.Nodes))
	var origin orb.Point
	if len(g.Nodes) > 0 {
		origin = g.Nodes[0].Point
	}
	const perDegree = orb.EarthRadius * math.Pi / 180
	k := math.Cos(origin[1]*math.Pi/180) * perDegree
	s.deadEnd = make([]bool, len(g.Nodes))
	for i := range g.Nodes {
		q := g.Nodes[i].Point
		s.xy[i] = [2]float64{(q[0] - origin[0]) * k, (q[1] - origin[1]) * perDegree}
		s.deadEnd[i] = len(g.Out(routing.NodeID(i))) == 1
	}
	s.metres = make([]float64, len(g.Segments))
	s.head = make([]routing.NodeID, 2*len(g.Segments))
	s.turns = make([]bool, 2*len(g.Segments))
	for i := range g.Segments {
		s.metres[i] = g.Segments[i].Length
		s.head[2*i], s.head[2*i+1] = g.Segments[i].To, g.Segments[i].From
	}
	for _, r := range g.Restrictions {
		s.turns[r.From] = true
	}
	s.hotAt = make([]int16, len(g.Nodes))
	for i := range s.hotAt {
		s.hotAt[i] = -1
	}
	// A junction counts for one place only: places with little choice first.
	order := make([]int, len(s.p.Hot))
	for h := range order {
		order[h] = h
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(s.p.Hot[a].Nodes) - len(s.p.Hot[b].Nodes) })
	for _, h := range order {
		for _, n := range s.p.Hot[h].Nodes {
			if s.hotAt[n] < 0 {
				s.hotAt[n] = int16(h)
			}
		}
	}
	s.watched = make([]bool, len(g.Segments))
	for i, ps := range s.p.Zones {
		for _, pc := range ps {
			for _, there := range s.p.Present[pc.Zone] {
				s.watched[i] = s.watched[i] || there
			}
		}
	}
	s.reach = make([]*routing.Reach, len(s.p.Units))
	s.search = make([]*routing.Search, len(s.p.Units))
	s.home = make([]routing.Homeward, len(s.p.Units))
	for i, u := range s.p.Units {
		st := routing.Start{Mode: u.Mode, Base: u.Base}
		for j := range i {
			if o := s.p.Units[j]; o.Mode == u.Mode {
				if s.search[i] == nil {
					s.search[i] = s.search[j].Clone()
				}
				if o.Base == u.Base {
					s.reach[i], s.home[i] = s.reach[j], s.home[j]
				}
			}
		}
		if s.search[i] == nil {
			s.search[i] = routing.NewSearch(g, u.Mode, nil)
		}
		if s.reach[i] == nil {
			s.reach[i] = g.Reachable(st.Mode, st.Base)
			s.home[i] = routing.NewHomeward(g, st)
		}
	}
}

// makeLoops turns the streets into loops.
func (s *solver) makeLoops() error {
	g := s.p.Graph
	for _, c := range classes(s.p, s.wanted) {
		copies, err := even(g, c)
		if err != nil {
			return err
		}
		for _, ids := range split(g, copies, loops(g, copies)) {
			l := loop{part: s.p.Part != nil && s.p.Part[c.wanted[0]]}
			for _, i := range ids {
				cp := copies[i]
				l.arcs = append(l.arcs, cp.arc)
				seg := g.Segment(cp.arc)
				l.length += seg.Length
				if cp.wanted {
					l.wanted++
					l.visits = append(l.visits, cp.arc.Segment())
					l.worth += s.p.value(int(cp.arc.Segment()))
				}
				at := s.xy[g.Tail(cp.arc)]
				l.x += at[0]
				l.y += at[1]
			}
			l.x /= float64(len(l.arcs))
			l.y /= float64(len(l.arcs))
			s.loops = append(s.loops, l)
		}
	}
	return nil
}

// canDrive tells whether a unit can drive the arcs as they stand.
func (s *solver) canDrive(u int, arcs []routing.Arc) bool {
	for _, a := range arcs {
		if !s.reach[u].Arc(a) {
			return false
		}
	}
	return true
}

// mayReverse tells whether a unit can drive the arcs the other way round.
func (s *solver) mayReverse(u int, arcs []routing.Arc) bool {
	for _, a := range arcs {
		if !s.reach[u].Arc(a.Opposite()) {
			return false
		}
	}
	return true
}
