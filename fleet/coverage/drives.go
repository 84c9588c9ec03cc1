package coverage

import (
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// Drive is a unit's drive along a street in one direction, in one go.
type Drive struct {
	Segment    routing.SegmentID
	Start, End time.Time
	Share      float64 // 0..1, of the street's length, matched with Config.Probable or more
	Transit    bool    // too fast to have patrolled
	parts      Spans
}

// drive gives the passage as a drive; a stay has a share of 0.
func (p *passage) drive() Drive {
	return Drive{p.segment, p.start, p.end, p.probable.Length(), p.transit, p.probable}
}

// Drives gives what a unit drove so far, in the order of time. Drives along one
// street that follow each other at once, with a turn or a pause between, are one:
// together they may cover it.
func (c *Coverage) Drives(name string) []Drive {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.units[name]
	if u == nil {
		return nil
	}
	all := u.drives
	if len(u.pieces) > 0 {
		if d := u.open.drive(); d.Share > 0 {
			all = append(all[:len(all):len(all)], d)
		}
	}
	var out []Drive
	for _, d := range all {
		if n := len(out); n > 0 {
			if last := &out[n-1]; last.Segment == d.Segment && last.Transit == d.Transit && last.Share < c.cfg.Share {
				last.parts = last.parts.clone().addAll(d.parts)
				last.Share, last.End = last.parts.Length(), d.End
				continue
			}
		}
		out = append(out, d)
	}
	return out
}

// Silences gives the time until now in which a unit was not heard while on duty,
// each longer than Config.Silence.
func (c *Coverage) Silences(name string, now time.Time) []Window {
	c.mu.Lock()
	defer c.mu.Unlock()
	if u := c.units[name]; u != nil {
		return u.signal.silences(u.duty, now, c.cfg.Silence)
	}
	return nil
}
