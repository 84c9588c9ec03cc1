package compliance

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// stops compares the stops of a round.
func (c *comparison) stops(u *Unit, r patrol.Round, seen Seen) {
	made := map[string]bool{} // hot cell: a stop in it was made
	for _, l := range r.Legs {
		if l.Kind != patrol.Stop {
			continue
		}
		stood := seen.Planned[l.Seq]
		s := Stop{Seq: l.Seq, Name: l.Name, Start: l.Start, Planned: l.End.Sub(l.Start).Minutes(), Arrived: stood.Arrived, Left: stood.Left, Minutes: stood.Dwell.Minutes()}
		switch {
		case stood.Enough && stood.Arrived.Sub(l.Start) > c.cfg.Late:
			s.Status = Late
		case stood.Enough:
			s.Status = Done
		case c.in.Now.Before(l.End.Add(c.cfg.Late)) && c.in.Now.Before(c.in.Shift.End):
			s.Status = Pending
		default:
			s.Status, s.Reason = Skipped, c.explain(l, r, seen)
			if s.Reason == NotDone && stood.Dwell > 0 {
				s.Reason = InPart
			}
		}
		u.Stops = append(u.Stops, s)
		u.StopsPlanned++
		u.MinutesPlanned += s.Planned
		u.MinutesDone += min(s.Planned, s.Minutes)
		if stood.Enough {
			u.StopsDone++
		}
		if c.in.Cell != nil {
			cell := c.in.Cell(l)
			made[cell] = made[cell] || stood.Enough
		}
	}
	for _, o := range seen.Other {
		u.Stops = append(u.Stops, Stop{Status: Done, Arrived: o.Arrived, Left: o.Left, Minutes: o.Left.Sub(o.Arrived).Round(time.Second).Minutes()})
	}
	u.Missing.Stops = u.StopsPlanned - u.StopsDone
	u.Missing.Minutes = u.MinutesPlanned - u.MinutesDone
	for _, ok := range made {
		if !ok {
			u.Missing.Cells++
		}
	}
}
