// Package naive plans rounds as a municipality does without a planner, to set
// beside package rounds: the district is cut into sectors of about equal street
// length, one a unit, and the unit goes about its sector on its own. It knows
// streets, windows, breaks and bases; it makes no tactical stops, keeps no
// posts and does not look where others are.
//
// Units of measure are those of package rounds.
package naive

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// breakAt is the part of its window after which a unit takes its break.
const breakAt = 0.5

// Postman is the driver who tries to leave no street out: from where the unit
// is it goes to the nearest street of its sector that it has not driven yet,
// and when it has driven all it begins anew.
func Postman(ctx context.Context, p *rounds.Problem, _ rounds.Control) (*rounds.Solution, error) {
	return plan(ctx, p, func(c *crew) []routing.Arc {
		left := func(a routing.Arc) bool { return c.mine(a) && !c.done[a.Segment()] }
		way := c.find.to(c.node, c.arc, left)
		if way == nil {
			clear(c.done)
			way = c.find.to(c.node, c.arc, left)
		}
		return way
	})
}

// Random is the driver who keeps to the sector and turns as chance has it, but
// turns round only where the street ends. Where no street of the sector goes on
// it takes the shortest way to one that is drawn.
func Random(ctx context.Context, p *rounds.Problem, _ rounds.Control) (*rounds.Solution, error) {
	return plan(ctx, p, func(c *crew) []routing.Arc {
		out := p.Graph.Out(c.node)
		var ways []routing.Arc
		for _, a := range out {
			on := c.arc == routing.NoArc || (a != c.arc.Opposite() || len(out) == 1) && p.Graph.TurnAllowed(c.arc, a, c.u.Mode)
			if on && c.mine(a) {
				ways = append(ways, a)
			}
		}
		if len(ways) > 0 {
			return []routing.Arc{ways[c.rng.IntN(len(ways))]}
		}
		if len(c.arcs) == 0 {
			return nil
		}
		goal := c.arcs[c.rng.IntN(len(c.arcs))]
		return c.find.to(c.node, c.arc, func(a routing.Arc) bool { return a == goal })
	})
}

// crew is a unit on its way.
type crew struct {
	p      *rounds.Problem
	unit   int
	u      rounds.Unit
	sector []int         // of all segments
	arcs   []routing.Arc // of its sector, that it can drive
	rng    *rand.Rand
	find   *finder
	home   routing.Homeward
	done   map[routing.SegmentID]bool

	node   routing.NodeID
	arc    routing.Arc // driven last
	now    float64
	metres float64
	rested bool
	steps  []rounds.Step
}

// mine tells whether an arc lies in the unit's sector and can be driven.
func (c *crew) mine(a routing.Arc) bool {
	return c.sector[a.Segment()] == c.unit && c.find.reach.Arc(a)
}

// plan sends every unit out, next saying where it goes from where it is.
func plan(ctx context.Context, p *rounds.Problem, next func(*crew) []routing.Arc) (*rounds.Solution, error) {
	bounds, err := rounds.LowerBounds(p.Graph, p.Units)
	if err != nil {
		return nil, err
	}
	if bounds.Segments == 0 {
		return nil, fmt.Errorf("%w: no unit reaches a street of the district from its base and returns", rounds.ErrProblem)
	}
	reach := make([]*routing.Reach, len(p.Units))
	known := map[routing.Start]*routing.Reach{}
	for i, u := range p.Units {
		st := routing.Start{Mode: u.Mode, Base: u.Base}
		if known[st] == nil {
			known[st] = p.Graph.Reachable(u.Mode, u.Base)
		}
		reach[i] = known[st]
	}
	sector := sectors(p, reach, rand.New(rand.NewPCG(p.Seed, 0x5ec)))
	out := &rounds.Solution{Bounds: bounds}
	homes := map[routing.Start]routing.Homeward{}
	for i, u := range p.Units {
		st := routing.Start{Mode: u.Mode, Base: u.Base}
		if _, ok := homes[st]; !ok {
			homes[st] = routing.NewHomeward(p.Graph, st)
		}
		c := &crew{p: p, unit: i, u: u, sector: sector, rng: rand.New(rand.NewPCG(p.Seed, uint64(i))), find: newFinder(p.Graph, u.Mode, reach[i]),
			home: homes[st], done: map[routing.SegmentID]bool{}, node: u.Base, arc: routing.NoArc, now: u.Start, rested: u.Break == 0}
		for a := range routing.Arc(2 * len(sector)) {
			if c.mine(a) {
				c.arcs = append(c.arcs, a)
			}
		}
		c.work(ctx, next)
		out.Routes = append(out.Routes, rounds.Route{Unit: i, Steps: c.steps})
	}
	for i := range p.Posts {
		out.Unkept = append(out.Unkept, i)
	}
	return out, nil
}

// work drives until it is time to be home; cancelling ctx sends the unit home.
func (c *crew) work(ctx context.Context, next func(*crew) []routing.Arc) {
	for ctx.Err() == nil {
		if !c.rested && c.now >= c.u.Start+breakAt*(c.u.End-c.u.Start-c.u.Break) {
			c.rest()
		}
		way := next(c)
		if len(way) == 0 || !c.inTime(way) {
			break
		}
		for _, a := range way {
			c.drive(a)
		}
	}
	if !c.rested && c.now > c.u.Start {
		c.rest()
	}
	for c.node != c.u.Base {
		c.drive(c.home.Next[c.arc])
	}
}

// inTime tells whether the unit can drive the way and be home in its window,
// its break taken, within the metres that it may drive.
func (c *crew) inTime(way []routing.Arc) bool {
	m := c.home.Metres[way[len(way)-1]]
	for _, a := range way {
		m += c.p.Graph.Segment(a).Length
	}
	end := c.now + m/c.u.Speed
	if !c.rested {
		end += c.u.Break
	}
	return end <= c.u.End && (c.u.MaxMetres == 0 || c.metres+m <= c.u.MaxMetres)
}

func (c *crew) drive(a routing.Arc) {
	m := c.p.Graph.Segment(a).Length
	c.node, c.arc = c.p.Graph.Head(a), a
	c.steps = append(c.steps, rounds.Step{Kind: rounds.Drive, Arc: a, Node: c.node, Hot: -1, Start: c.now, End: c.now + m/c.u.Speed})
	c.now += m / c.u.Speed
	c.metres += m
	c.done[a.Segment()] = true
}

func (c *crew) rest() {
	c.steps = append(c.steps, rounds.Step{Kind: rounds.Break, Node: c.node, Hot: -1, Start: c.now, End: c.now + c.u.Break})
	c.now += c.u.Break
	c.rested = true
}
