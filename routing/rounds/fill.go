package rounds

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	roamMetres   = 900.0  // how far ahead a unit looks for streets worth a visit
	besidePolice = 3.0    // metres of way that a metre beside the police is worth avoiding
	othersStreet = 4.0    // metres of way that a metre is worth avoiding which another unit is still to visit first
	othersWay    = 3.0    // and on the way to somewhere
	waysSeconds  = 900.0  // for so long ways are looked for as when this time began
	comeMetres   = 4000.0 // from how far a unit comes to a hot place
	earlyStop    = 900.0  // a stop may be made this long before it is due
	nearTravel   = 600.0  // by a unit this near; farther ones come when it is urgent
)

// crew is a unit in the fill phase.
type crew struct {
	unit   int
	now    float64
	node   routing.NodeID
	arc    routing.Arc // last driven
	rested bool
	done   bool
	steps  []Step
	posts  []duty  // still to come
	metres float64 // driven
}

// fill simulates the rest of the shift in time order: whoever is free next
// decides what to do.
type fill struct {
	s      *solver
	first  []float64   // segment → when it is first visited
	visits [][]float64 // segment → ends of its visits, ascending
	stops  [][]Span    // hot place → visits, by start
	crews  []*crew
	search map[[2]int]*routing.Search // mode, slot
	rng    *rand.Rand
	serial int
	path   []routing.Arc
}

func newFill(s *solver, first []float64) *fill {
	f := &fill{s: s, first: first, visits: make([][]float64, len(first)), stops: make([][]Span, len(s.p.Hot)),
		search: map[[2]int]*routing.Search{}, rng: rand.New(rand.NewPCG(s.p.Seed, 0xf111)), crews: make([]*crew, len(s.tours))}
	for h := range s.p.Hot {
		f.stops[h] = slices.Clone(s.p.Hot[h].Visits)
	}
	return f
}

// begin takes over a tour up to its last first visit.
func (f *fill) begin(t *tour) {
	u := f.s.p.Units[t.unit]
	c := &crew{unit: t.unit, now: u.Start, node: u.Base, arc: routing.NoArc, rested: u.Break == 0, posts: f.s.duties[t.unit]}
	f.crews[t.unit] = c
	last := 0 // arcs of the cover phase
	f.s.follow(t, func(i int, _, end float64) {
		seg := t.arcs[i] >> 1
		if f.s.wanted[seg] && end <= f.first[seg] && end+f.s.home[t.unit].Metres[t.arcs[i]]/u.Speed <= u.End {
			last = i + 1
		}
	}, nil)
	full := t.arcs
	t.arcs = t.arcs[:last]
	over := false
	f.s.follow(t, func(i int, start, end float64) {
		if over = over || !f.goOn(c, t.arcs[i]); !over {
			f.drive(c, t.arcs[i])
		}
	}, func(h halt, start, end float64) {
		switch {
		case h.hot == atPost || over || !f.spare(c, h.duration, h.hot < 0):
		case h.hot < 0:
			f.rest(c)
		default:
			f.stop(c, h.hot, h.duration)
		}
	})
	t.arcs = full
}

func (f *fill) drive(c *crew, a routing.Arc) {
	g := f.s.p.Graph
	end := c.now + g.Segment(a).Length/f.s.p.Units[c.unit].Speed
	c.steps = append(c.steps, Step{Kind: Drive, Arc: a, Node: g.Head(a), Hot: -1, Start: c.now, End: end})
	c.now, c.node, c.arc = end, g.Head(a), a
	c.metres += g.Segment(a).Length
	v := append(f.visits[a>>1], end)
	for k := len(v) - 1; k > 0 && v[k] < v[k-1]; k-- {
		v[k], v[k-1] = v[k-1], v[k]
	}
	f.visits[a>>1] = v
	f.first[a>>1] = min(f.first[a>>1], end)
}

func (f *fill) stop(c *crew, hot int, duration float64) {
	c.steps = append(c.steps, Step{Kind: Stop, Node: c.node, Hot: hot, Start: c.now, End: c.now + duration})
	f.claim(hot, Span{c.now, c.now + duration})
	c.now += duration
}

func (f *fill) claim(hot int, sp Span) {
	v := append(f.stops[hot], sp)
	for k := len(v) - 1; k > 0 && v[k].Start < v[k-1].Start; k-- {
		v[k], v[k-1] = v[k-1], v[k]
	}
	f.stops[hot] = v
}

func (f *fill) rest(c *crew) {
	d := f.s.p.Units[c.unit].Break
	c.steps = append(c.steps, Step{Kind: Break, Node: c.node, Hot: -1, Start: c.now, End: c.now + d})
	c.now += d
	c.rested = true
}

// run lets the crew that is free first decide, until all are home.
func (f *fill) run() {
	for {
		var next *crew
		for _, c := range f.crews {
			if !c.done && (next == nil || c.now < next.now) {
				next = c
			}
		}
		if next == nil {
			return
		}
		f.decide(next)
	}
}

// decide: home in time, rest when due, stop where it is due, else roam. A post
// to come is what home is after the last one.
func (f *fill) decide(c *crew) {
	u := f.s.p.Units[c.unit]
	left := f.left(c)
	if !c.rested && c.now >= f.s.restAt(c.unit) && left >= u.Break {
		f.rest(c)
		return
	}
	if !c.rested && !f.restsLater(c) {
		left -= u.Break
	}
	if f.stopWhereDue(c, left) || f.roam(c, left) {
		return
	}
	if !c.rested && f.left(c) >= u.Break {
		f.rest(c)
		return
	}
	if len(c.posts) > 0 {
		f.takePost(c)
		return
	}
	f.goHome(c)
}

func (f *fill) goHome(c *crew) {
	if c.arc != routing.NoArc {
		for a := f.s.home[c.unit].Next[c.arc]; a != routing.NoArc && c.node != f.s.p.Units[c.unit].Base; a = f.s.home[c.unit].Next[a] {
			f.drive(c, a)
		}
	}
	c.done = true
}

// ways gives shortest paths from where a crew is, keeping away from the police
// of the hour.
func (f *fill) ways(c *crew, limit float64, targets []routing.Arc) *routing.Search {
	mode := f.s.p.Units[c.unit].Mode
	key := [2]int{int(mode), int(c.now / waysSeconds)}
	search := f.search[key]
	if search == nil {
		g, now := f.s.p.Graph, c.now
		search = routing.NewSearch(g, mode, func(a routing.Arc) float64 {
			m := g.Segment(a).Length + besidePolice*f.besideMetres(a, now)
			if first := f.first[a>>1]; f.s.wanted[a>>1] && first > now && !math.IsInf(first, 1) {
				m += othersWay * g.Segment(a).Length // another unit comes for it
			}
			return m
		})
		f.search[key] = search
	}
	if c.arc == routing.NoArc {
		search.FromNode(c.node, limit, targets)
	} else {
		search.FromArc(c.arc, limit, targets)
	}
	return search
}

// besideMetres is how much of an arc lies where others are at a time.
func (f *fill) besideMetres(a routing.Arc, t float64) float64 {
	m := 0.0
	if f.s.watched[a>>1] {
		for _, pc := range f.s.p.Zones[a>>1] {
			if f.s.p.present(pc.Zone, t) {
				m += pc.Metres
			}
		}
	}
	return m
}

func (f *fill) length(arcs []routing.Arc) float64 {
	m := 0.0
	for _, a := range arcs {
		m += f.s.p.Graph.Segment(a).Length
	}
	return m
}

// due tells how long before the goal a stop at a hot place at time t would be;
// false if none is wanted then.
func (f *fill) due(hot int, t float64) (slack float64, ok bool) {
	goal := f.s.p.GapGoal
	last, next := 0.0, math.Inf(1)
	for _, v := range f.stops[hot] {
		if v.Start <= t {
			last = max(last, v.End)
		} else {
			next = min(next, v.Start)
		}
	}
	if t-last < 0.35*goal || next-last <= goal || next-t < 0.15*goal {
		return 0, false
	}
	return last + goal - t, true
}

// stopWhereDue drives to the hot place that is most urgent and stops there.
func (f *fill) stopWhereDue(c *crew, left float64) bool {
	u := f.s.p.Units[c.unit]
	urgent := false
	for h := range f.s.p.Hot {
		slack, ok := f.due(h, c.now)
		urgent = urgent || ok && slack < earlyStop+1800
	}
	if !urgent {
		return false
	}
	best, goal, metres, least := -1, routing.NodeID(-1), 0.0, math.Inf(1)
	for h := range f.s.p.Hot {
		for k := range f.s.approaches[c.unit][h] {
			ap := &f.s.approaches[c.unit][h][k]
			m := float64(ap.there[c.node])
			if m > comeMetres || !f.s.mayStop(c.unit, ap.node) {
				continue
			}
			travel := m / u.Speed // a little more where police are
			slack, ok := f.due(h, c.now+travel)
			if !ok || !(slack <= earlyStop && travel <= nearTravel || slack <= 120) {
				continue
			}
			if score := slack + 0.5*travel; score < least {
				best, goal, metres, least = h, ap.node, m, score
			}
		}
	}
	if best < 0 {
		return false
	}
	f.path = f.path[:0]
	end := c.arc
	if goal != c.node {
		var into []routing.Arc
		for _, a := range f.s.p.Graph.Out(goal) {
			into = append(into, a.Opposite())
		}
		search := f.ways(c, (1+besidePolice)*metres+500, into)
		_, at, ok := search.CostToNode(goal)
		if !ok {
			return false
		}
		f.path = search.AppendPath(f.path, at)
		end = at
	}
	d := f.s.stopLength(best, 1000+f.serial)
	need := f.length(f.path)/u.Speed + d + f.goalTime(c, end) - f.goalTime(c, c.arc)
	if need > left || !f.mayDrive(c, f.length(f.path), end) {
		return false
	}
	f.serial++
	for _, a := range f.path {
		f.drive(c, a)
	}
	f.stop(c, best, d)
	return true
}

// worth is what a metre of a segment is worth to be driven at time t.
func (f *fill) worth(seg int, t float64) float64 {
	s := f.s
	if !s.wanted[seg] {
		return 0
	}
	v := f.visits[seg]
	k := len(v)
	for k > 0 && v[k-1] > t {
		k--
	}
	if k == 0 {
		if math.IsInf(f.first[seg], 1) {
			return 3 // nobody comes by otherwise
		}
		return -othersStreet // another unit's to come: leave it
	}
	return s.p.again(seg) * worthBeside(s.p.others(seg), k, t-v[k-1], t) * max(0, 1-fillHabit*s.habit.at(seg, t))
}

// roam drives to where the way is worth most for its length.
func (f *fill) roam(c *crew, left float64) bool {
	s, g := f.s, f.s.p.Graph
	u := s.p.Units[c.unit]
	search := f.ways(c, roamMetres, nil)
	best, bestScore := routing.NoArc, math.Inf(-1)
	home := f.goalTime(c, c.arc)
	var path []routing.Arc
	for a := range routing.Arc(2 * len(g.Segments)) {
		cost, ok := search.Cost(a)
		if !ok || cost > roamMetres || !s.reach[c.unit].Arc(a) {
			continue
		}
		path = search.AppendPath(path[:0], a)
		metres := f.length(path)
		if metres/u.Speed+f.goalTime(c, a)-home > left || !f.mayDrive(c, metres, a) {
			continue
		}
		score := 0.0
		for k, b := range path {
			seg := int(b >> 1)
			twice := slices.ContainsFunc(path[:k], func(e routing.Arc) bool { return e>>1 == b>>1 })
			switch {
			case !u.serves(b.Segment()):
				score -= strayMetres * g.Segments[seg].Length
			case !twice:
				score += f.worth(seg, c.now) * g.Segments[seg].Length
			}
			score -= besidePolice * f.besideMetres(b, c.now)
			if k == 0 && c.arc != routing.NoArc && b == c.arc.Opposite() && !s.deadEnd[c.node] {
				score -= 150
			}
		}
		score = score/(metres+60) + 0.02*f.rng.Float64()
		if score > bestScore {
			best, bestScore = a, score
		}
	}
	if best == routing.NoArc {
		return false
	}
	path = search.AppendPath(path[:0], best)
	if u.Serves != nil && !slices.ContainsFunc(path, func(a routing.Arc) bool { return u.serves(a.Segment()) }) {
		return f.headForSector(c, left)
	}
	for _, a := range path {
		f.drive(c, a)
	}
	return true
}
