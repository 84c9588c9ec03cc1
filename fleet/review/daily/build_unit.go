package daily

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// register counts a unit by what is registered of it at an instant.
func register(r *review.Register, u fleet.Unit, t Terms, at time.Time) {
	state := fleet.Operational
	if t.State != nil {
		state = t.State(u.ID, at)
	}
	switch {
	case !u.Active:
		r.Retired++
	case state == fleet.Workshop:
		r.Workshop++
	case state == fleet.NoFuel:
		r.NoFuel++
	default:
		r.Operational++
	}
}

// unit makes the facts of what a unit did in a shift.
func (b *builder) unit(o *watch.Over, u coverage.Unit, areas []journal.Fence, t review.Terms) review.Unit {
	f := review.Unit{ID: u.ID, Force: u.Force, Vehicle: u.Mode == routing.Car || u.Mode == routing.Motorcycle}
	s := review.Shift{Start: o.Shift.Start, End: o.Shift.End}
	if u.Duty.Start.Before(u.Duty.End) {
		f.Duty = u.Duty.End.Sub(u.Duty.Start)
		for _, w := range o.Coverage.Silences(u.ID, o.Shift.End) {
			f.Silent += w.End.Sub(w.Start)
			f.Silences = append(f.Silences, s.Spell(w))
		}
	}
	cfg := journal.DefaultConfig()
	cfg.Fences = append(cfg.Fences, areas...)
	date, _, _ := o.Shift.ID.Split()
	day := journal.Derive(u.ID, journal.Window{Date: date, Start: o.Shift.Start, End: o.Shift.End}, cfg, o.Fixes[u.ID], o.Shift.End)
	f.Metres = day.Metres
	p := parts{b: b, at: map[uint16]int{}}
	for _, w := range union(day.Visits) {
		f.Priority += w.End.Sub(w.Start)
		p.within(o.Fixes[u.ID], w)
	}
	for i := range o.Fixes[u.ID] {
		x := &o.Fixes[u.ID][i]
		f.Fixes++
		if x.Received.Sub(x.Time) > t.Late() {
			f.Late++
		}
	}
	if o.Compliance != nil {
		for i := range o.Compliance.Units {
			if c := &o.Compliance.Units[i]; c.Unit == u.ID {
				f.HasRound = true
				f.Stops += c.StopsPlanned
				f.Made += c.StopsDone
				p.asked(&f, c.Legs)
				p.stops(o.Plan, c)
			}
		}
	}
	f.Parts = p.list
	return f
}

// union gives the time within any area, in stretches apart from each other.
func union(visits []journal.Visit) (out []coverage.Window) {
	visits = slices.Clone(visits)
	slices.SortFunc(visits, func(a, b journal.Visit) int { return a.Start.Compare(b.Start) })
	for _, v := range visits {
		if n := len(out); n > 0 && !v.Start.After(out[n-1].End) {
			if v.End.After(out[n-1].End) {
				out[n-1].End = v.End
			}
			continue
		}
		if v.End.After(v.Start) {
			out = append(out, coverage.Window{Start: v.Start, End: v.End})
		}
	}
	return out
}

// parts deals what a unit had to do and did out to places.
type parts struct {
	b    *builder
	at   map[uint16]int
	list []review.Part
}

// of gives the part of a cell of resolution 10.
func (p *parts) of(c hotspots.Cell) *review.Part {
	place, ok := p.b.places[c]
	if !ok {
		place = uint16(len(p.b.day.Places))
		p.b.places[c] = place
		p.b.day.Places = append(p.b.day.Places, c)
	}
	i, ok := p.at[place]
	if !ok {
		i = len(p.list)
		p.at[place] = i
		p.list = append(p.list, review.Part{Place: place})
	}
	return &p.list[i]
}

// within deals out a stretch of time in priority areas by where the unit was: from
// one fix to the next it counts where it was at the first, so that the parts are
// all of it.
func (p *parts) within(fixes []fleet.Fix, w coverage.Window) {
	from := w.Start
	last := -1
	give := func(to time.Time) {
		if last < 0 || !to.After(from) {
			return
		}
		if c, err := hotspots.CellOf(fixes[last].Point, review.TileRes); err == nil {
			p.of(c).Priority += to.Sub(from)
		}
		from = to
	}
	for i := range fixes {
		if !fixes[i].Usable() {
			continue
		}
		if !fixes[i].Time.Before(w.End) {
			if last < 0 {
				last = i
			}
			break
		}
		if fixes[i].Time.After(from) {
			if last < 0 {
				last = i
			}
			give(fixes[i].Time)
		}
		last = i
	}
	give(w.End)
}

// asked sums up the first visits of a unit's round.
func (p *parts) asked(u *review.Unit, legs []compliance.Leg) {
	for _, l := range legs {
		if l.Kind != patrol.Service {
			continue
		}
		metres, made := 1000*l.Km, l.Status == compliance.Done || l.Status == compliance.Late
		u.Asked += metres
		if made {
			u.Done += metres
		}
		s := p.b.streets[l.Segment]
		if s == nil {
			continue // outside the district
		}
		part := p.of(p.b.day.Tiles[s.tile])
		part.Asked += float32(metres)
		if made {
			part.Done += float32(metres)
		}
	}
}

// stops deals out the planned stops of a unit's round.
func (p *parts) stops(plan *patrol.Plan, c *compliance.Unit) {
	i := slices.IndexFunc(plan.Rounds, func(r patrol.Round) bool { return r.Unit == c.Unit && r.Number == c.Round })
	if i < 0 {
		return
	}
	for _, l := range plan.Rounds[i].Legs {
		if l.Kind != patrol.Stop {
			continue
		}
		cell, err := hotspots.CellOf(l.Point, review.TileRes)
		k := slices.IndexFunc(c.Stops, func(s compliance.Stop) bool { return s.Seq == l.Seq && !s.Start.IsZero() })
		if err != nil || k < 0 {
			continue
		}
		part := p.of(cell)
		part.Stops++
		if s := c.Stops[k].Status; s == compliance.Done || s == compliance.Late {
			part.Made++
		}
	}
}
