package watch

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// stay is a stretch of time in which a unit stood at the place of a planned stop,
// with no longer pause in it than the rules let pass.
type stay struct {
	start, end time.Time
	dwell      time.Duration // of it, standing
}

// stopState is a planned stop, how long its unit has stood there in all, and the
// stays of which one is told: who waits at the corner at eight and makes the stop
// at ten arrived at ten.
type stopState struct {
	leg   patrol.Leg
	rules compliance.Standing
	dwell time.Duration
	now   stay // the one that goes on, or the last
	best  stay // of those before it
}

// stood counts that the unit stood there from one fix to the next.
func (s *stopState) stood(from, to time.Time) {
	s.dwell += to.Sub(from)
	if s.now.start.IsZero() || from.Sub(s.now.end) > s.rules.Silence {
		s.best, s.now = s.told(), stay{start: from}
	}
	s.now.end = to
	s.now.dwell += to.Sub(from)
}

// told gives the stay by which the stop is told: of those that would make it by
// themselves the one nearest its hour, else the longest; of equal ones the first.
func (s *stopState) told() stay {
	planned := s.leg.End.Sub(s.leg.Start)
	was, is := s.rules.Made(s.best.dwell, planned), s.rules.Made(s.now.dwell, planned)
	switch {
	case was != is:
		if is {
			return s.now
		}
	case is && s.now.off(s.leg) < s.best.off(s.leg), !is && s.now.dwell > s.best.dwell:
		return s.now
	}
	return s.best
}

// off is how far the stay is from the leg's window.
func (s stay) off(l patrol.Leg) time.Duration {
	return max(l.Start.Sub(s.end), s.start.Sub(l.End), 0)
}

func (s *stopState) done() bool { return s.rules.Made(s.dwell, s.leg.End.Sub(s.leg.Start)) }

// past tells whether a stop that was made in full and whose hour is over at t does
// not go on: who stands there then, at the break, say, does not make it any more.
// A stay that began within its hour does, until it is as long as was planned.
func (s *stopState) past(t time.Time) bool {
	planned := s.leg.End.Sub(s.leg.Start)
	if !t.After(s.leg.End) || !s.done() || s.dwell < planned {
		return false
	}
	goesOn := s.now.start.Before(s.leg.End) && t.Sub(s.now.end) <= s.rules.Silence
	return !goesOn || s.now.dwell >= planned
}
