package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// A crew heads for its next post, and for its base after the last one: what it
// does before must leave the time, and the metres, for the way there.

// by is when a crew must be at its goal.
func (f *fill) by(c *crew) float64 {
	if len(c.posts) > 0 {
		return c.posts[0].start - postSlack
	}
	return f.s.p.Units[c.unit].End
}

// goalMetres is how far it is to the crew's goal from the end of an arc; NoArc:
// from its base.
func (f *fill) goalMetres(c *crew, a routing.Arc) float64 {
	switch {
	case len(c.posts) > 0 && a == routing.NoArc:
		return c.posts[0].fromBase
	case len(c.posts) > 0:
		return c.posts[0].there.Metres[a]
	case a == routing.NoArc:
		return 0
	}
	return f.s.home[c.unit].Metres[a]
}

func (f *fill) goalTime(c *crew, a routing.Arc) float64 {
	return f.goalMetres(c, a) / f.s.p.Units[c.unit].Speed
}

// left is the time that a crew has before it must set out for its goal.
func (f *fill) left(c *crew) float64 { return f.by(c) - c.now - f.goalTime(c, c.arc) }

// spare tells whether a crew may stand for seconds where it is, and its break,
// unless this is it, still finds room.
func (f *fill) spare(c *crew, seconds float64, isBreak bool) bool {
	if !isBreak && !c.rested && !f.restsLater(c) {
		seconds += f.s.p.Units[c.unit].Break
	}
	return f.left(c) >= seconds
}

// mayDrive tells whether a crew may drive metres up to the end of an arc, and
// then to its posts and home.
func (f *fill) mayDrive(c *crew, metres float64, a routing.Arc) bool {
	most := f.s.p.Units[c.unit].MaxMetres
	if most == 0 {
		return true
	}
	metres += c.metres + f.goalMetres(c, a)
	for k, d := range c.posts {
		if k+1 < len(c.posts) {
			metres += d.next
		} else {
			metres += d.home
		}
	}
	return metres <= most
}

// restsLater tells whether a crew's break fits between its posts to come, or
// after them.
func (f *fill) restsLater(c *crew) bool {
	u := f.s.p.Units[c.unit]
	for k, d := range c.posts {
		way, until := d.home, u.End
		if k+1 < len(c.posts) {
			way, until = d.next, c.posts[k+1].start-postSlack
		}
		if until-d.end-way/u.Speed >= u.Break {
			return true
		}
	}
	return false
}

// goOn makes a crew that follows its tour ready to drive the tour's next arc:
// it goes to its post if it would be late afterwards, and comes back. False if
// the tour is over for it: there is no time or way to come back, or it has
// driven as far as it may.
func (f *fill) goOn(c *crew, a routing.Arc) bool {
	u := f.s.p.Units[c.unit]
	if len(f.s.duties[c.unit]) == 0 && u.MaxMetres == 0 {
		return true
	}
	g := f.s.p.Graph
	for {
		way, ok := f.rejoin(c, a)
		if !ok {
			return false
		}
		metres := f.length(way) + g.Segment(a).Length
		rest := 0.0
		if !c.rested && !f.restsLater(c) {
			rest = u.Break
		}
		if c.now+metres/u.Speed+f.goalTime(c, a)+rest <= f.by(c) {
			if !f.mayDrive(c, metres, a) {
				return false
			}
			for _, b := range way {
				f.drive(c, b)
			}
			return true
		}
		if len(c.posts) == 0 {
			return false
		}
		if rest > 0 && f.left(c) >= u.Break { // it does not fit later
			f.rest(c)
			continue
		}
		f.takePost(c)
	}
}

// rejoin is the way from where a crew is to the beginning of an arc.
func (f *fill) rejoin(c *crew, a routing.Arc) ([]routing.Arc, bool) {
	g := f.s.p.Graph
	if c.node == g.Tail(a) && (c.arc == routing.NoArc || g.TurnAllowed(c.arc, a, f.s.p.Units[c.unit].Mode)) {
		return nil, true
	}
	search := f.s.search[c.unit]
	if c.arc == routing.NoArc {
		search.FromNode(c.node, math.Inf(1), []routing.Arc{a})
	} else {
		search.FromArc(c.arc, math.Inf(1), []routing.Arc{a})
	}
	if _, ok := search.Cost(a); !ok {
		return nil, false
	}
	way := search.AppendPath(nil, a)
	return way[:len(way)-1], true
}

// takePost drives to a crew's next post and stands there.
func (f *fill) takePost(c *crew) {
	d := c.posts[0]
	node := f.s.p.Posts[d.post].Node
	if c.node != node {
		a := c.arc
		if a == routing.NoArc {
			best := math.Inf(1)
			for _, b := range f.s.p.Graph.Out(c.node) {
				if m := f.s.metres[b>>1] + d.there.Metres[b]; f.s.p.Graph.Allowed(b, f.s.p.Units[c.unit].Mode) && m < best {
					a, best = b, m
				}
			}
			if a != routing.NoArc {
				f.drive(c, a)
			}
		}
		for c.node != node && a != routing.NoArc {
			if a = d.there.Next[a]; a != routing.NoArc {
				f.drive(c, a)
			}
		}
	}
	c.posts = c.posts[1:]
	if c.node != node { // a forbidden turn keeps it from leaving another post for this one
		f.s.unkept = append(f.s.unkept, d.post)
		return
	}
	end := max(d.end, c.now)
	c.steps = append(c.steps, Step{Kind: Stand, Node: node, Hot: d.post, Start: c.now, End: end})
	c.now = end
}
