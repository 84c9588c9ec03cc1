// Package rounds is the patrol problem: which way each unit of a shift goes,
// so that every street of the district is passed once with as few repeats as
// the map allows (cover), hot places are stopped at again and again, police
// presence is not doubled, and the rest of the shift goes where it is worth
// most (fill). It knows streets and plain numbers, not districts or police.
//
// Units: metres, metres per second, and seconds since the beginning of the
// shift. A plan is found in this order: a minimum T-join makes the streets
// even (arc.MinTJoin), a flow balances the one-ways, the walk falls into short
// loops, loops are dealt out to the units, each unit's loops make one closed
// tour from its base, and a local search changes tours without making them
// longer (an even walk can be taken in many orders) until stops fall when they
// are due and police are passed when they are not there.
package rounds

import (
	"errors"
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// ErrProblem marks a problem that cannot be planned; wrapped with the reason.
var ErrProblem = errors.New("no rounds can be planned")

// Unit is who drives a round.
type Unit struct {
	Mode       routing.Mode
	Base       routing.NodeID
	Speed      float64 // m/s at which every metre is timed
	Start, End float64 // the unit is out in this window at most
	Break      float64 // seconds of rest; 0: none
	MaxMetres  float64 // that it drives at most; 0: as many as there is time for
	// Serves are the segments that it may be sent to; nil: all. It may pass
	// others on its way.
	Serves []bool
}

// Driving is the time that a unit has in its window beside its break.
func (u Unit) Driving() float64 { return u.End - u.Start - u.Break }

// Metres is what a unit can drive that stands still for stops seconds.
func (u Unit) Metres(stops float64) float64 {
	m := max(0, u.Driving()-stops) * u.Speed
	if u.MaxMetres > 0 {
		m = min(m, u.MaxMetres)
	}
	return m
}

// Post is a place where one unit stands at a fixed time: a school's gate when
// pupils come, a market. It is an appointment: the unit is there by Start and
// stays until End, whatever else it leaves out.
type Post struct {
	Node       routing.NodeID
	Start, End float64
	Units      []int // that may take it; nil: any
}

// Span is a stretch of time.
type Span struct{ Start, End float64 }

// Hot is a place that wants a stop again and again.
type Hot struct {
	Nodes  []routing.NodeID // where a unit may stop for it
	Visits []Span           // visits of others, in time order
}

// Piece is the part of a segment that lies in a watched zone.
type Piece struct {
	Zone   int32
	Metres float64
}

// Problem is what Solve solves. Per-segment slices have one entry a segment.
type Problem struct {
	Graph *routing.Graph
	Units []Unit
	// Value is the worth of the first visit of a belonging segment; nil: its
	// length. It decides what is left out when time is short.
	Value []float64
	// Part are segments that belong together: rounds are made of them and of the
	// others apart, so that what is left out of the others takes nothing of them
	// along. Nil: all.
	Part []bool
	// Again is the worth of a further visit in the fill phase, per metre; nil: 1.
	Again []float64
	// Others are the passes of others that are expected on each segment, whose
	// visits count among ours; nil: none.
	Others [][]Pass
	Hot    []Hot
	Posts  []Post
	// Zones are places where others may be present: per segment its parts in
	// them. Present tells for zone and slot whether somebody is there. A slot
	// is SlotLength seconds; slot 0 begins at SlotZero (≤ 0).
	Zones      [][]Piece
	Present    [][]bool
	SlotLength float64
	SlotZero   float64
	// StopMin and StopMax bound the length of a stop, drawn with Seed.
	StopMin, StopMax float64
	// StopShare is how much of the units' time stops may take from streets where
	// there is not enough for both, 0..1.
	StopShare float64
	// GapGoal is the time between two visits of a hot place to stay under.
	GapGoal float64
	Seed    uint64
	// Pool is how many plans are made at most to choose from; 0 and 1: the best
	// found alone.
	Pool int
	// PoolWorse is by how much the longest cover phase of a plan of the pool may
	// be above that of the best, 0..1.
	PoolWorse float64
	// Past are the shifts of the days before that the plan is to be unlike, all of
	// one length, the last one at the end; for the pool only.
	Past []*Driven
}

// Kind says what a step is.
type Kind uint8

// The kinds of step.
const (
	Drive Kind = iota
	Stop
	Break
	Stand // at a post
)

// Step is one arc driven, or a stop or break at a node.
type Step struct {
	Kind       Kind
	Arc        routing.Arc    // of Drive
	Node       routing.NodeID // of Stop, Break and Stand; where Drive ends
	Hot        int            // of Stop: index into Problem.Hot; of Stand: into Problem.Posts
	Start, End float64
}

// Route is what one unit does, from its base back to it.
type Route struct {
	Unit  int
	Steps []Step
}

// Solution is a plan of rounds and what is known about the problem.
type Solution struct {
	Routes []Route
	Bounds Bounds
	// Unkept are the posts that no unit can take beside the others: nobody who
	// may take them is free, or gets there in time.
	Unkept []int
	// Pool are the plans that were to choose from, and Chosen is the one whose
	// routes these are; nil without.
	Pool   []Member
	Chosen int
	// Alike is the mean likeness (Jaccard) of the whole plan to the days before.
	Alike float64
}

// Progress tells how the search goes. Best and Bound are the longest cover
// phase found and the least possible, in seconds.
type Progress struct {
	Phase   string // "streets", "loops", "tours", "fill"
	Share   float64
	Best    float64
	Bound   float64
	Elapsed float64 // share of the time given
	// Sketch gives the streets that each unit drives first by the best tours so
	// far; nil before there are any. Only while Progress runs.
	Sketch func() [][]routing.SegmentID
}

// Control is what a caller may hold over a run.
type Control struct {
	// Elapsed is the share of the time given that is used up, from 0; the
	// search ends near 1. Nil: a fixed, short effort.
	Elapsed func() float64
	// Workers is how many tours are worked on at a time; at least 1.
	Workers  int
	Progress func(Progress)
}

func (p *Problem) check() error {
	if p.Graph == nil || len(p.Graph.Segments) == 0 {
		return fmt.Errorf("%w: the street network is empty", ErrProblem)
	}
	if len(p.Units) == 0 {
		return fmt.Errorf("%w: there are no units", ErrProblem)
	}
	n := len(p.Graph.Segments)
	for _, l := range [...]int{len(p.Value), len(p.Again), len(p.Zones), len(p.Part), len(p.Others)} {
		if l != 0 && l != n {
			return fmt.Errorf("%w: %d values for %d segments", ErrProblem, l, n)
		}
	}
	for i, u := range p.Units {
		switch {
		case !(u.Speed > 0) || math.IsInf(u.Speed, 0):
			return fmt.Errorf("%w: unit %d has speed %g m/s", ErrProblem, i, u.Speed)
		case u.Base < 0 || int(u.Base) >= len(p.Graph.Nodes):
			return fmt.Errorf("%w: unit %d has no base on the map", ErrProblem, i)
		case !(u.Start >= 0) || !(u.End > u.Start) || u.Break < 0 || u.Break >= u.End-u.Start:
			return fmt.Errorf("%w: unit %d has window %g–%g s and a break of %g s", ErrProblem, i, u.Start, u.End, u.Break)
		case !(u.MaxMetres >= 0):
			return fmt.Errorf("%w: unit %d may drive %g m", ErrProblem, i, u.MaxMetres)
		case u.Serves != nil && len(u.Serves) != n:
			return fmt.Errorf("%w: unit %d is limited on %d of %d segments", ErrProblem, i, len(u.Serves), n)
		}
	}
	for i, o := range p.Posts {
		if o.Node < 0 || int(o.Node) >= len(p.Graph.Nodes) || !(o.Start >= 0) || !(o.End > o.Start) || math.IsInf(o.End, 0) {
			return fmt.Errorf("%w: post %d is at junction %d from %g to %g s", ErrProblem, i, o.Node, o.Start, o.End)
		}
		for _, u := range o.Units {
			if u < 0 || u >= len(p.Units) {
				return fmt.Errorf("%w: post %d names unit %d of %d", ErrProblem, i, u, len(p.Units))
			}
		}
	}
	for i, h := range p.Hot {
		for _, v := range h.Nodes {
			if v < 0 || int(v) >= len(p.Graph.Nodes) {
				return fmt.Errorf("%w: hot place %d names a junction that is not on the map", ErrProblem, i)
			}
		}
	}
	for i, vs := range p.Others {
		for _, v := range vs {
			if !(v.End > v.Start) || !(v.Expected >= 0) || math.IsInf(v.Expected, 0) || !(v.Trust >= 0 && v.Trust <= 1) {
				return fmt.Errorf("%w: others are to pass segment %d %g times from %g to %g s with trust %g", ErrProblem, i, v.Expected, v.Start, v.End, v.Trust)
			}
		}
	}
	for _, d := range p.Past {
		if slots := p.Past[0].slots; d.slots != slots || len(d.words) != (n*slots+63)/64 {
			return fmt.Errorf("%w: the days before are of other streets or another shift", ErrProblem)
		}
	}
	if len(p.Present) > 0 && !(p.SlotLength > 0) {
		return fmt.Errorf("%w: slots of %g s", ErrProblem, p.SlotLength)
	}
	return nil
}

func (p *Problem) value(s int) float64 {
	if p.Value == nil {
		return p.Graph.Segments[s].Length
	}
	return p.Value[s]
}

func (p *Problem) again(s int) float64 {
	if p.Again == nil {
		return 1
	}
	return p.Again[s]
}

// others gives the passes of others on a segment.
func (p *Problem) others(s int) []Pass {
	if p.Others == nil {
		return nil
	}
	return p.Others[s]
}

// slot gives the slot of a time.
func (p *Problem) slot(t float64) int { return int((t - p.SlotZero) / p.SlotLength) }

// present tells whether others are in a zone at a time.
func (p *Problem) present(zone int32, t float64) bool {
	row := p.Present[zone]
	i := p.slot(t)
	return i >= 0 && i < len(row) && row[i]
}
