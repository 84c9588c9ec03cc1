package compliance

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Compare sets the shift beside its plan.
func Compare(in Input, cfg Config) Report {
	out := Report{Shift: in.Shift.ID, Plan: in.Plan.ID, Version: in.Plan.Version, At: in.Now, Final: !in.Now.Before(in.Shift.End), Profile: in.Profile, StopRadiusM: cfg.Stops.Radius, Units: []Unit{}}
	c := comparison{in: in, cfg: cfg, by: map[routing.SegmentID][]string{}, ids: map[string]routing.SegmentID{}}
	for i := range in.Graph.Segments {
		c.ids[in.Graph.Segments[i].ID] = routing.SegmentID(i)
	}
	for _, r := range in.Plan.Rounds { // in a fixed order
		for _, d := range in.Seen[r.Unit].Drives {
			if c.patrols(d) && !slices.Contains(c.by[d.Segment], r.Unit) {
				c.by[d.Segment] = append(c.by[d.Segment], r.Unit)
			}
		}
	}
	for _, r := range in.Plan.Rounds {
		if len(r.Legs) == 0 {
			continue
		}
		u := c.unit(r)
		if u.Complied {
			out.Complied++
		}
		out.Tally.add(u.Tally)
		out.Missing.add(u.Missing)
		out.Units = append(out.Units, u)
	}
	return out
}

// comparison is a report in the making.
type comparison struct {
	in  Input
	cfg Config
	ids map[string]routing.SegmentID
	by  map[routing.SegmentID][]string // who patrolled a street
}

// patrols tells whether a drive counts as a visit of its street.
func (c *comparison) patrols(d coverage.Drive) bool {
	return !d.Transit && d.Share >= c.cfg.Share-1e-9
}

// unit compares one round.
func (c *comparison) unit(r patrol.Round) Unit {
	seen := c.in.Seen[r.Unit]
	u := Unit{Unit: r.Unit, CallSign: r.CallSign, Round: r.Number, Legs: []Leg{}, Stops: []Stop{}, Extra: []Drive{}}
	for _, w := range seen.Silent {
		u.SilentMin += w.End.Sub(w.Start).Minutes()
	}
	driven, extra := c.pair(r, seen)
	missing := 0.0
	for i, l := range r.Legs {
		id, known := c.ids[l.Segment]
		if !known || !patrolling(l.Kind) {
			continue
		}
		leg := Leg{Seq: l.Seq, Kind: l.Kind, Name: l.Name, Segment: l.Segment, Km: c.in.Graph.Segments[id].Length / 1000, Start: l.Start}
		c.judge(&leg, l, id, r, seen, driven[i])
		u.Legs = append(u.Legs, leg)
		u.Tally.count(leg)
		if l.Kind == patrol.Service && c.in.Graph.Segments[id].Belongs {
			u.FirstKm += leg.Km
			if len(c.by[id]) == 0 { // whatever the reason, and whichever leg of the street was driven
				missing += leg.Km
			}
		}
	}
	for _, d := range extra {
		s := &c.in.Graph.Segments[d.Segment]
		e := Drive{Segment: s.ID, Name: s.Label, Km: d.Share * s.Length / 1000, Start: d.Start}
		u.Extra = append(u.Extra, e)
		u.Tally.Extra += e.Km
	}
	u.Missing.Km = missing
	c.stops(&u, r, seen)
	u.Complied = reaches(u.FirstKm-missing, u.FirstKm, c.cfg.KmPct) && reaches(float64(u.StopsDone), float64(u.StopsPlanned), c.cfg.StopsPct) &&
		reaches(u.MinutesDone, u.MinutesPlanned, c.cfg.MinutesPct)
	return u
}

// reaches tells whether a part is so many percent of the whole; of nothing it is
// all.
func reaches(part, whole, percent float64) bool { return 100*part >= percent*whole-1e-6 }

// patrolling tells whether a leg of this kind patrols its street.
func patrolling(k patrol.LegKind) bool {
	return k == patrol.Service || k == patrol.Repeat || k == patrol.Fill
}

// pair gives for each leg of a round its drive, and the drives that no leg asked
// for.
func (c *comparison) pair(r patrol.Round, seen Seen) (driven []*coverage.Drive, extra []coverage.Drive) {
	driven = make([]*coverage.Drive, len(r.Legs))
	legs := map[routing.SegmentID][]int{}
	for i, l := range r.Legs {
		if id, ok := c.ids[l.Segment]; ok && (patrolling(l.Kind) || l.Kind == patrol.Deadhead) {
			legs[id] = append(legs[id], i)
		}
	}
	drives := map[routing.SegmentID][]int{}
	for i, d := range seen.Drives {
		if c.patrols(d) {
			drives[d.Segment] = append(drives[d.Segment], i)
		}
	}
	used := make([]bool, len(seen.Drives))
	for id, ls := range legs {
		var want, have []time.Time
		for _, i := range ls {
			want = append(want, r.Legs[i].Start)
		}
		for _, i := range drives[id] {
			have = append(have, seen.Drives[i].Start)
		}
		for k, j := range align(want, have) {
			if j >= 0 {
				driven[ls[k]] = &seen.Drives[drives[id][j]]
				used[drives[id][j]] = true
			}
		}
	}
	for i, d := range seen.Drives {
		if !used[i] && c.patrols(d) {
			extra = append(extra, d)
		}
	}
	return driven, extra
}

// judge says what became of a leg.
func (c *comparison) judge(leg *Leg, l patrol.Leg, id routing.SegmentID, r patrol.Round, seen Seen, d *coverage.Drive) {
	if d != nil {
		leg.Driven, leg.DelayMin = d.Start, d.Start.Sub(l.Start).Minutes()
		leg.Status = Done
		if d.Start.Sub(l.Start) > c.cfg.Late {
			leg.Status = Late
		}
		return
	}
	if c.in.Now.Before(l.Start.Add(c.cfg.Late)) && c.in.Now.Before(c.in.Shift.End) {
		leg.Status = Pending
		return
	}
	leg.Status, leg.Reason = Skipped, c.explain(l, r, seen)
	if leg.Reason != NotDone {
		return
	}
	for _, x := range seen.Drives {
		if x.Segment != id || x.Share <= 0 || c.patrols(x) { // a whole drive was another leg's
			continue
		}
		if leg.Reason = InPart; x.Transit {
			leg.Reason = TooFast
			break
		}
	}
	if i := slices.IndexFunc(c.by[id], func(unit string) bool { return unit != r.Unit }); i >= 0 {
		leg.Reason, leg.By = ByOther, c.by[id][i]
	}
}

// explain finds what kept a unit from a leg or stop.
func (c *comparison) explain(l patrol.Leg, r patrol.Round, seen Seen) Reason {
	for _, e := range c.in.Plan.Events {
		if e.Kind != patrol.AlertTakes || e.Unit != r.Unit {
			continue
		}
		until := e.Until
		if until.IsZero() {
			until = e.At.Add(time.Hour)
		}
		if l.End.After(e.At) && l.Start.Before(until) {
			return Alert
		}
	}
	if !r.Ended.IsZero() && l.End.After(r.Ended) {
		return UnitLost
	}
	for _, w := range seen.Silent {
		if l.Start.Add(-c.in.Drift).Before(w.End) && w.Start.Before(l.End.Add(c.in.Drift)) {
			return NoSignal
		}
	}
	return NotDone
}

func (t *Tally) count(l Leg) {
	t.Planned += l.Km
	switch l.Status {
	case Done:
		t.Done += l.Km
	case Late:
		t.Late += l.Km
	case Skipped:
		t.Skipped += l.Km
	case Pending:
		t.Pending += l.Km
	}
}
