package review

import (
	"slices"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// Terms are what a day's facts are made by, beside its shifts.
type Terms struct {
	Profile  string
	Priority []journal.Fence
	Ready    func(unit string, at time.Time) bool // registered as operational; nil: all
}

// Build makes the facts of a day from its shifts, in the order of their starts.
// All shifts have to be on one version of the streets.
func Build(date string, shifts []watch.Over, t Terms) Day {
	d := Day{Format: format, Date: date, Profile: t.Profile}
	var union []uint8 // by segment: who covered it, in any shift
	var unknown []bool
	var of []int // segment: its tile, -1: it does not count
	for i := range shifts {
		o := &shifts[i]
		if i == 0 {
			d.Streets = o.Streets
			d.Cells = o.Coverage.CellsAt(cellRes)
			of = d.tiles(o)
			union, unknown = make([]uint8, len(of)), make([]bool, len(of))
		}
		masks, silent := masksOf(o.Snapshot.States)
		for s := range masks {
			union[s] |= masks[s]
			unknown[s] = unknown[s] || silent[s]
		}
		d.Shifts = append(d.Shifts, d.shift(o, t, of, masks, silent))
	}
	if len(shifts) > 0 {
		d.Whole = sumStreets(shifts[0].Graph, of, len(d.Tiles), union, unknown)
	}
	return d
}

// tiles puts every street that counts into the tile of its middle.
func (d *Day) tiles(o *watch.Over) []int {
	of := make([]int, len(o.Graph.Segments))
	at := map[hotspots.Cell]int{}
	for i := range of {
		of[i] = -1
		if o.Snapshot.States[i] == coverage.Outside {
			continue
		}
		s := &o.Graph.Segments[i]
		middle, _ := geo.PointAtDistanceAlongLine(s.Line, geo.Length(s.Line)/2)
		c, err := hotspots.CellOf(middle, tileRes)
		if err != nil {
			continue
		}
		k, ok := at[c]
		if !ok {
			k = len(d.Tiles)
			at[c] = k
			d.Tiles, d.Metres = append(d.Tiles, c), append(d.Metres, 0)
		}
		of[i] = k
	}
	sums := make([]float64, len(d.Tiles))
	for i, k := range of {
		if k >= 0 {
			sums[k] += o.Graph.Segments[i].Length
		}
	}
	for k, m := range sums {
		d.Metres[k] = uint32(m + 0.5)
	}
	return of
}

// masksOf turns states of streets into sets of forces.
func masksOf(states coverage.States) (masks []uint8, unknown []bool) {
	masks, unknown = make([]uint8, len(states)), make([]bool, len(states))
	for i, s := range states {
		switch s {
		case coverage.ByMunicipal:
			masks[i] = 1
		case coverage.ByPolice:
			masks[i] = 2
		case coverage.Both:
			masks[i] = 3
		case coverage.ByIntegrated:
			masks[i] = 4
		case coverage.Unknown:
			unknown[i] = true
		}
	}
	return masks, unknown
}

// sumStreets sums up lengths by tile.
func sumStreets(g *routing.Graph, of []int, tiles int, masks []uint8, unknown []bool) Streets {
	var by [8][]float64
	for m := range by {
		by[m] = make([]float64, tiles)
	}
	silent := make([]float64, tiles)
	for i, k := range of {
		if k < 0 {
			continue
		}
		by[masks[i]][k] += g.Segments[i].Length
		if masks[i] == 0 && unknown[i] {
			silent[k] += g.Segments[i].Length
		}
	}
	var out Streets
	for m := range by {
		if m > 0 {
			out.By[m] = rounded(by[m])
		}
	}
	out.Unknown = rounded(silent)
	return out
}

func rounded(v []float64) []uint32 {
	out := make([]uint32, len(v))
	for i, m := range v {
		out[i] = uint32(m + 0.5)
	}
	return out
}

// shift makes the facts of one shift.
func (d *Day) shift(o *watch.Over, t Terms, of []int, masks []uint8, unknown []bool) Shift {
	s := Shift{ID: o.Shift.ID, Code: o.Shift.Code, Name: o.Shift.Name, Start: o.Shift.Start.UTC(), End: o.Shift.End.UTC(), Planned: o.Plan != nil}
	s.Streets = sumStreets(o.Graph, of, len(d.Tiles), masks, unknown)
	at := map[string]uint16{}
	for _, u := range o.Units {
		if reg, ok := o.Registered[u.ID]; ok && (len(reg.Shifts) == 0 || slices.Contains(reg.Shifts, o.Shift.Code)) {
			s.Registered++
			if reg.Active && (t.Ready == nil || t.Ready(u.ID, o.Shift.Start)) {
				s.Ready++
			}
		}
		if heard := slices.ContainsFunc(o.Fixes[u.ID], func(f fleet.Fix) bool { return f.Usable() && o.Shift.Contains(f.Time) }); !heard {
			continue
		}
		at[u.ID] = uint16(len(s.Units))
		s.Units = append(s.Units, unitFacts(o, u, t))
	}
	cells := map[hotspots.Cell]uint16{}
	for i, c := range d.Cells {
		cells[c] = uint16(i)
	}
	for _, x := range o.Coverage.Stays(cellRes) {
		u, heard := at[x.Unit]
		c, ok := cells[x.Cell]
		if p := s.spell(x.Window); heard && ok && p.To > p.From {
			s.Stays = append(s.Stays, Stay{u, c, p})
		}
	}
	s.Hot = hotCells(o)
	s.PolicePlan = policePlan(o, s, of, len(d.Tiles), cells)
	return s
}

// spell turns a stretch of time into tenths of seconds of the shift.
func (s *Shift) spell(w coverage.Window) Spell {
	tenths := func(t time.Time) int32 {
		return int32(min(max(t.Sub(s.Start), 0), s.End.Sub(s.Start)).Round(100*time.Millisecond) / (100 * time.Millisecond))
	}
	return Spell{tenths(w.Start), tenths(w.End)}
}

func unitFacts(o *watch.Over, u coverage.Unit, t Terms) Unit {
	f := Unit{ID: u.ID, Force: u.Force}
	s := Shift{Start: o.Shift.Start, End: o.Shift.End}
	if u.Duty.Start.Before(u.Duty.End) {
		f.Duty = u.Duty.End.Sub(u.Duty.Start)
		for _, w := range o.Coverage.Silences(u.ID, o.Shift.End) {
			f.Silent += w.End.Sub(w.Start)
			f.Silences = append(f.Silences, s.spell(w))
		}
	}
	cfg := journal.DefaultConfig()
	for _, a := range t.Priority {
		if a.Term.Holds(o.Shift.ID) {
			cfg.Fences = append(cfg.Fences, a)
		}
	}
	date, _, _ := o.Shift.ID.Split()
	day := journal.Derive(u.ID, journal.Window{Date: date, Start: o.Shift.Start, End: o.Shift.End}, cfg, o.Fixes[u.ID], o.Shift.End)
	f.Metres = day.Metres
	f.Priority = unionOf(day.Visits)
	for i := range o.Fixes[u.ID] {
		x := &o.Fixes[u.ID][i]
		f.Fixes++
		if x.Received.Sub(x.Time) > lateAfter {
			f.Late++
		}
	}
	if o.Compliance == nil {
		return f
	}
	for i := range o.Compliance.Units {
		c := &o.Compliance.Units[i]
		if c.Unit != u.ID {
			continue
		}
		f.HasRound = true
		f.Stops += c.StopsPlanned
		f.Made += c.StopsDone
		f.asked(c.Legs)
	}
	return f
}

// unionOf is the time within any area.
func unionOf(visits []journal.Visit) time.Duration {
	slices.SortFunc(visits, func(a, b journal.Visit) int { return a.Start.Compare(b.Start) })
	var sum time.Duration
	var until time.Time
	for _, v := range visits {
		from := v.Start
		if from.Before(until) {
			from = until
		}
		if v.End.After(from) {
			sum += v.End.Sub(from)
			until = v.End
		}
	}
	return sum
}

// hotCells are those in which the plan has stops.
func hotCells(o *watch.Over) []Hot {
	if o.Plan == nil {
		return nil
	}
	at := map[hotspots.Cell]int{}
	var out []Hot
	for _, r := range o.Plan.Rounds {
		for _, l := range r.Legs {
			if l.Kind != patrol.Stop {
				continue
			}
			c, err := hotspots.CellOf(l.Point, tileRes)
			if err != nil {
				continue
			}
			i, ok := at[c]
			if !ok {
				i = len(out)
				at[c] = i
				out = append(out, Hot{Cell: c, MaxGap: o.Shift.End.Sub(o.Shift.Start)})
				if seen, err := o.Coverage.Cell(c, o.Shift.End); err == nil {
					h := &out[i]
					for f, s := range []float64{seen.DwellS.Municipal, seen.DwellS.Police, seen.DwellS.Integrated} {
						h.Dwell[f] = time.Duration(s * float64(time.Second))
					}
					h.MaxGap = time.Duration(seen.MaxGapS * float64(time.Second))
				}
			}
			out[i].Planned += l.End.Sub(l.Start)
		}
	}
	return out
}
