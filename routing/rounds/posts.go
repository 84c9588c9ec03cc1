package rounds

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Posts are appointments. Each goes to one unit before streets are dealt out,
// so that those who stand get fewer streets. A tour is left for a post at the
// last junction from which it is reached in time, and taken up again at the
// same junction; the search orders the tour so that this is near. What is
// driven in the end is followed arc by arc (keepPosts), and a post is never
// missed for a street or a stop.

const (
	// postSlack are the seconds by which a unit means to be early at its post.
	postSlack = 60.0
	// priceLatePost is what a second late at a post costs.
	priceLatePost = 200.0
	// assignSteps bounds the search for who takes which post.
	assignSteps = 20000
)

// duty is a post of a unit.
type duty struct {
	post       int
	start, end float64
	there      routing.Homeward // to the post from the end of each arc, in metres
	fromBase   float64          // metres
	back       []float64        // from the post to the beginning of each arc, in metres
	home       float64          // from the post to the base, in metres
	next       float64          // from the post to the unit's next one, in metres
}

// dutyOf prepares what a unit has to know of a post; false if it cannot go
// there and back in its window.
func (s *solver) dutyOf(unit, post int) (duty, bool) {
	u, o := s.p.Units[unit], s.p.Posts[post]
	if o.Units != nil && !slices.Contains(o.Units, unit) || !s.mayStop(unit, o.Node) {
		return duty{}, false
	}
	key := dutyKey{routing.Start{Mode: u.Mode, Base: u.Base}, post}
	d, ok := s.known[key]
	if !ok {
		d = s.waysToPost(u, post)
		s.known[key] = d
	}
	ok = u.Start+d.fromBase/u.Speed+postSlack <= d.start || d.fromBase == 0 && u.Start <= d.start
	return d, ok && d.end+d.home/u.Speed+postSlack <= u.End
}

// dutyKey says for whom the ways to a post are the same.
type dutyKey struct {
	routing.Start
	post int
}

// waysToPost searches from and to a post once; +Inf where there is no way.
func (s *solver) waysToPost(u Unit, post int) duty {
	o, g := s.p.Posts[post], s.p.Graph
	d := duty{post: post, start: o.Start, end: o.End}
	d.there = routing.NewHomeward(g, routing.Start{Mode: u.Mode, Base: o.Node})
	out := routing.NewSearch(g, u.Mode, nil)
	out.FromNode(o.Node, math.Inf(1), nil)
	d.back = make([]float64, 2*len(g.Segments))
	for a := range d.back {
		d.back[a] = math.Inf(1)
		if c, ok := out.Cost(routing.Arc(a)); ok {
			d.back[a] = c - s.metres[a>>1]
		}
	}
	if o.Node != u.Base {
		d.home, d.fromBase = math.Inf(1), math.Inf(1)
		if c, _, ok := out.CostToNode(u.Base); ok {
			d.home = c
		}
		for _, a := range g.Out(u.Base) {
			if g.Allowed(a, u.Mode) {
				d.fromBase = min(d.fromBase, s.metres[a>>1]+d.there.Metres[a])
			}
		}
	}
	return d
}

// assignPosts gives every post to a unit: as many as can be kept, those who
// stand least first.
func (s *solver) assignPosts() {
	s.duties, s.known = make([][]duty, len(s.p.Units)), map[dutyKey]duty{}
	if len(s.p.Posts) == 0 {
		return
	}
	order := make([]int, len(s.p.Posts))
	can := make([][]duty, len(s.p.Posts)) // by unit
	able := make([][]int, len(s.p.Posts))
	for i := range order {
		order[i] = i
		can[i] = make([]duty, len(s.p.Units))
		for u := range s.p.Units {
			if d, ok := s.dutyOf(u, i); ok {
				can[i][u] = d
				able[i] = append(able[i], u)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.p.Posts[a].Start, s.p.Posts[b].Start) })
	var best [][]duty
	most, steps := -1, 0
	now := make([][]duty, len(s.p.Units))
	var place func(k, kept int) bool
	place = func(k, kept int) bool {
		if kept > most {
			most, best = kept, nil
			for _, ds := range now {
				best = append(best, slices.Clone(ds))
			}
		}
		if k == len(order) || kept+len(order)-k <= most {
			return most == len(order)
		}
		if steps++; steps > assignSteps {
			return true
		}
		post := order[k]
		units := slices.Clone(able[post])
		slices.SortStableFunc(units, func(a, b int) int {
			return cmp.Compare(s.standingOf(a, now[a])+can[post][a].fromBase/s.p.Units[a].Speed,
				s.standingOf(b, now[b])+can[post][b].fromBase/s.p.Units[b].Speed)
		})
		for _, u := range units {
			now[u] = append(now[u], can[post][u])
			fits := s.dutiesFit(u, now[u])
			if fits && place(k+1, kept+1) {
				return true
			}
			now[u] = now[u][:len(now[u])-1]
		}
		return place(k+1, kept)
	}
	place(0, 0)
	kept := make([]bool, len(s.p.Posts))
	for u, ds := range best {
		s.setDuties(u, ds)
		for _, d := range ds {
			kept[d.post] = true
		}
	}
	for i, ok := range kept {
		if !ok {
			s.unkept = append(s.unkept, i)
		}
	}
}

// standingOf is how long a unit stands at posts, and drives there and back.
func (s *solver) standingOf(unit int, ds []duty) float64 {
	t := 0.0
	for _, d := range ds {
		t += d.end - d.start + (d.fromBase+d.home)/s.p.Units[unit].Speed
	}
	return t
}

// between is the way from one post to another, in metres.
func (s *solver) between(from, to duty) float64 {
	if s.p.Posts[from.post].Node == s.p.Posts[to.post].Node {
		return 0
	}
	best := math.Inf(1)
	for _, a := range s.p.Graph.Out(s.p.Posts[from.post].Node) {
		if m := from.back[a]; !math.IsInf(m, 1) {
			best = min(best, m+s.metres[a>>1]+to.there.Metres[a])
		}
	}
	return best
}

// dutiesFit tells whether a unit can keep posts, in order of time, one after
// the other, with its break between them and within its metres.
func (s *solver) dutiesFit(unit int, ds []duty) bool {
	u := s.p.Units[unit]
	rest, metres := u.Break == 0, 0.0
	at := u.Start
	for k, d := range ds {
		way := d.fromBase
		if k > 0 {
			way = s.between(ds[k-1], d)
		}
		free := d.start - postSlack - way/u.Speed - at
		if free < 0 && !(k == 0 && way == 0 && at <= d.start) {
			return false
		}
		rest = rest || free >= u.Break
		metres += way
		at = d.end
	}
	last := ds[len(ds)-1]
	rest = rest || u.End-postSlack-last.home/u.Speed-at >= u.Break
	return rest && (u.MaxMetres == 0 || metres+last.home <= u.MaxMetres)
}

// setDuties gives a unit its posts.
func (s *solver) setDuties(unit int, ds []duty) {
	for k := range ds {
		if k+1 < len(ds) {
			ds[k].next = s.between(ds[k], ds[k+1])
		}
	}
	s.duties[unit] = ds
}

// dutyTime is how long a unit stands at its posts.
func (s *solver) dutyTime(unit int) float64 {
	t := 0.0
	if s.duties == nil {
		return t
	}
	for _, d := range s.duties[unit] {
		t += d.end - d.start + postSlack
	}
	return t
}

// passPosts tries other units for each post now that tours stand, and keeps
// what makes the plan better.
func (s *solver) passPosts() {
	if len(s.p.Posts) == 0 {
		return
	}
	cost := s.total()
	for u := range s.duties {
		for k := 0; k < len(s.duties[u]); k++ {
			d := s.duties[u][k]
			from := s.duties[u]
			bestUnit := -1
			var bestTo []duty
			for v := range s.p.Units {
				o, ok := s.dutyOf(v, d.post)
				if v == u || !ok {
					continue
				}
				to := append(slices.Clone(s.duties[v]), o)
				slices.SortStableFunc(to, func(a, b duty) int { return cmp.Compare(a.start, b.start) })
				if !s.dutiesFit(v, to) {
					continue
				}
				old := s.duties[v]
				s.setDuties(u, slices.Delete(slices.Clone(from), k, k+1))
				s.setDuties(v, to)
				s.reprice(u, v)
				if c := s.total(); c < cost-1 {
					cost, bestUnit, bestTo = c, v, to
				}
				s.setDuties(u, from)
				s.setDuties(v, old)
				s.reprice(u, v)
			}
			if bestUnit >= 0 {
				s.setDuties(u, slices.Delete(slices.Clone(from), k, k+1))
				s.setDuties(bestUnit, bestTo)
				s.reprice(u, bestUnit)
				k--
			}
		}
	}
}

// reprice works out the cost of units' tours anew.
func (s *solver) reprice(units ...int) {
	for _, t := range s.tours {
		if slices.Contains(units, t.unit) {
			t.cost = s.price(t, t.visits, t.arcs, &t.line)
		}
	}
}
