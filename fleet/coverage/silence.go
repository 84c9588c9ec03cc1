package coverage

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Signal tells when a unit was heard: the times of its first and last usable
// fix in the shift, and the gaps between fixes that are longer than
// Config.Silence. Zero: never heard.
type Signal struct {
	First, Last time.Time
	Gaps        []Window
}

// Hear adds a usable fix, in the order of time.
func (s *Signal) Hear(t time.Time, silence time.Duration) {
	if s.First.IsZero() {
		s.First, s.Last = t, t
		return
	}
	if t.Sub(s.Last) > silence {
		s.Gaps = append(s.Gaps, Window{s.Last, t})
	}
	s.Last = later(s.Last, t)
}

// silences gives the time until now in which a unit on duty was not heard.
func (s Signal) silences(duty Window, now time.Time, silence time.Duration) []Window {
	end := earlier(duty.End, now)
	if !duty.Start.Before(end) {
		return nil
	}
	var out []Window
	add := func(from, to time.Time) {
		from, to = later(from, duty.Start), earlier(to, end)
		if to.Sub(from) > silence {
			out = append(out, Window{from, to})
		}
	}
	if s.First.IsZero() {
		add(duty.Start, end)
		return out
	}
	add(duty.Start, s.First)
	for _, g := range s.Gaps {
		add(g.Start, g.End)
	}
	add(s.Last, end)
	return out
}

// Duty puts a unit on the roster of the shift for the window: while it is not
// heard in it, where it is unknown.
func (c *Coverage) Duty(name string, f Force, w Window) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	u, err := c.unit(name, f)
	if err != nil {
		return err
	}
	u.duty = Window{later(w.Start, c.shift.Start), earlier(w.End, c.shift.End)}
	return nil
}

// Signal sets when a unit was heard.
func (c *Coverage) Signal(name string, f Force, s Signal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	u, err := c.unit(name, f)
	if err != nil {
		return err
	}
	u.signal = s
	return nil
}

// expectation is a planned drive along a segment.
type expectation struct {
	unit string
	Window
}

// Expect takes the plan of the shift, in place of an earlier one. Where a unit
// is silent, the streets that it was to drive then are unknown. It gives the
// number of legs whose segment is not in the street graph.
func (c *Coverage) Expect(plan patrol.Plan) (missing int) {
	ids := segmentsByID(c.g)
	expected := map[routing.SegmentID][]expectation{}
	for _, r := range plan.Rounds {
		for _, l := range r.Legs {
			if !patrols(l.Kind) {
				continue
			}
			s, ok := ids[l.Segment]
			if !ok {
				missing++
				continue
			}
			expected[s] = append(expected[s], expectation{r.Unit, Window{l.Start, l.End}})
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.expected = expected
	return missing
}

// unknown tells whether a unit that was silent may have driven a segment: the
// plan sent it there in its silence, give or take Config.Drift.
func (c *Coverage) unknown(s routing.SegmentID, silent map[string][]Window, now time.Time) bool {
	for _, e := range c.expected[s] {
		if e.Start.After(now) {
			continue
		}
		for _, w := range silent[e.unit] {
			if e.Start.Add(-c.cfg.Drift).Before(w.End) && w.Start.Before(e.End.Add(c.cfg.Drift)) {
				return true
			}
		}
	}
	return false
}

// patrols tells whether a planned leg of this kind patrols its street.
func patrols(k patrol.LegKind) bool {
	return k == patrol.Service || k == patrol.Repeat || k == patrol.Fill
}

// segmentsByID maps the stable ids of a graph.
func segmentsByID(g *routing.Graph) map[string]routing.SegmentID {
	out := make(map[string]routing.SegmentID, len(g.Segments))
	for i := range g.Segments {
		out[g.Segments[i].ID] = routing.SegmentID(i)
	}
	return out
}
