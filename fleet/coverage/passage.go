package coverage

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// Window is a stretch of time.
type Window struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// cellStay is a unit's time in one cell.
type cellStay struct {
	cell int32
	Window
}

// passage is what a unit did on an arc in one go.
type passage struct {
	segment           routing.SegmentID
	certain, probable Spans // probable includes certain
	posterior         float64
	start, end        time.Time
	speed             float64 // m/s; 0 if it only stood
	transit           bool    // too fast to have patrolled
	endToEnd          bool
	stays             []cellStay
}

// continues tells whether piece n goes on with the passage that pieces make.
func continues(pieces []match.Traversal, n match.Traversal, pause time.Duration) bool {
	if len(pieces) == 0 {
		return false
	}
	last := &pieces[len(pieces)-1]
	return n.Arc == last.Arc && n.From >= last.To-joint && n.Start.Sub(last.End) <= pause
}

// spanOf turns a piece into fractions of its segment.
func spanOf(t match.Traversal) Span {
	if t.Arc.Reverse() {
		return Span{1 - t.To, 1 - t.From}
	}
	return Span{t.From, t.To}
}

// newPassage sums up pieces, which follow each other on one arc.
func newPassage(pieces []match.Traversal, g *routing.Graph, x *Index, cfg *Config) passage {
	arc := pieces[0].Arc
	p := passage{segment: arc.Segment(), start: pieces[0].Start, end: pieces[0].End}
	weighed, length := 0.0, 0.0
	for _, t := range pieces {
		p.start, p.end = earlier(p.start, t.Start), later(p.end, t.End)
		s := spanOf(t)
		if t.Posterior >= cfg.Certain {
			p.certain = p.certain.add(s)
		}
		if t.Posterior >= cfg.Probable {
			p.probable = p.probable.add(s)
			weighed += t.Posterior * (t.To - t.From)
			length += t.To - t.From
		}
	}
	if length > 0 {
		p.posterior = weighed / length
	}
	p.speed = passageSpeed(pieces, g.Segment(arc).Length)
	p.transit = p.speed > cfg.PatrolSpeed
	p.endToEnd = !p.transit && p.certain.reaches(cfg.EndToEnd)
	if p.transit {
		return p
	}
	for _, t := range pieces {
		if t.Posterior >= cfg.Probable {
			p.stay(t, x)
		}
	}
	slices.SortStableFunc(p.stays, func(a, b cellStay) int { return a.Start.Compare(b.Start) })
	return p
}

// stay spreads a piece's time over the cells it runs through.
func (p *passage) stay(t match.Traversal, x *Index) {
	s := spanOf(t)
	took := float64(t.End.Sub(t.Start))
	x.each(p.segment, s.From, s.To, func(cell int32, from, to float64) {
		w := Window{t.Start, t.End}
		if s.To > s.From {
			a, b := (from-s.From)/(s.To-s.From), (to-s.From)/(s.To-s.From)
			if t.Arc.Reverse() {
				a, b = 1-b, 1-a
			}
			w.Start = t.Start.Add(time.Duration(math.Round(a * took)))
			w.End = t.Start.Add(time.Duration(math.Round(b * took)))
		}
		p.stays = append(p.stays, cellStay{cell, w})
	})
}

// passageSpeed gives m/s while moving: the median by length of what the
// receiver reported; without that, length over time, since two noisy positions
// a few seconds apart say little about speed.
func passageSpeed(pieces []match.Traversal, metres float64) float64 {
	type weighted struct{ speed, length float64 }
	var known []weighted
	length, seconds, reported := 0.0, 0.0, 0.0
	for _, t := range pieces {
		l := (t.To - t.From) * metres
		if l <= 0 {
			continue
		}
		length += l
		seconds += t.End.Sub(t.Start).Seconds()
		if !math.IsNaN(t.Speed) {
			known = append(known, weighted{t.Speed, l})
			reported += l
		}
	}
	if length == 0 {
		return 0
	}
	if 2*reported < length {
		if seconds <= 0 {
			return math.Inf(1)
		}
		return length / seconds
	}
	slices.SortFunc(known, func(a, b weighted) int { return cmp.Or(cmp.Compare(a.speed, b.speed), cmp.Compare(a.length, b.length)) })
	sum := 0.0
	for _, k := range known {
		if sum += k.length; 2*sum >= reported {
			return k.speed
		}
	}
	return known[len(known)-1].speed
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
