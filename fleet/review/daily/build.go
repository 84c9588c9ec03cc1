package daily

import (
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Terms are what a day's facts are made by, beside its shifts.
type Terms struct {
	Profile string
	Review  review.Terms
	Areas   []journal.Fence // all that the district has
	// State is what the register says of a unit; nil: all are operational.
	State func(unit string, at time.Time) fleet.Readiness
}

// Build makes the facts of a day from its shifts, in the order of their starts.
// The streets of a shift may differ a little from those of another: corrections
// hold for a while. A street is known by its id; ids are those that the day's
// StreetSet stands for.
func Build(date string, shifts []watch.Over, t Terms) (day review.Day, ids []string) {
	b := builder{day: review.Day{Format: review.Format, Date: date, Profile: t.Profile, SlotSeconds: t.Review.SlotSeconds()},
		tiles: map[hotspots.Cell]int{}, cells: map[hotspots.Cell]uint16{}, places: map[hotspots.Cell]uint16{}, streets: map[string]*street{}}
	for i := range shifts {
		b.know(&shifts[i])
	}
	d := &b.day
	ids = slices.Sorted(maps.Keys(b.streets))
	d.StreetSet = review.StreetSetOf(ids)
	d.Metres = b.lengths(func(*street) float64 { return 1 })
	for i := range shifts {
		o := &shifts[i]
		d.Streets = o.Streets
		masks, silent := masksOf(o.Snapshot.States)
		now := map[string]*street{}
		for k := range masks {
			s := &o.Graph.Segments[k]
			known := b.streets[s.ID]
			if known == nil {
				continue
			}
			known.mask |= masks[k]
			known.unknown = known.unknown || silent[k]
			now[s.ID] = &street{known.tile, known.metres, masks[k], silent[k]}
		}
		whole := b.streets
		b.streets = now
		d.Shifts = append(d.Shifts, b.shift(o, t))
		d.Shifts[i].Covered = covered(ids, now)
		b.streets = whole
	}
	d.Whole = b.sum()
	return *d, ids
}

// covered tells of each street who covered it.
func covered(ids []string, now map[string]*street) []byte {
	out := make([]byte, len(ids))
	for i, id := range ids {
		switch s := now[id]; {
		case s == nil:
		case s.mask != 0:
			out[i] = s.mask
		case s.unknown:
			out[i] = review.Silent
		}
	}
	return out
}

// builder is a day in the making.
type builder struct {
	day     review.Day
	tiles   map[hotspots.Cell]int
	cells   map[hotspots.Cell]uint16
	places  map[hotspots.Cell]uint16
	streets map[string]*street // by id of the segment; those that count
}

// street is one that counts, and who covered it.
type street struct {
	tile    int
	metres  float64
	mask    uint8
	unknown bool
}

// know takes the streets and cells of a shift.
func (b *builder) know(o *watch.Over) {
	for i := range o.Graph.Segments {
		s := &o.Graph.Segments[i]
		if o.Snapshot.States[i] == coverage.Outside || b.streets[s.ID] != nil {
			continue
		}
		middle, _ := geo.PointAtDistanceAlongLine(s.Line, geo.Length(s.Line)/2)
		c, err := hotspots.CellOf(middle, review.TileRes)
		if err != nil {
			continue
		}
		k, ok := b.tiles[c]
		if !ok {
			k = len(b.day.Tiles)
			b.tiles[c] = k
			b.day.Tiles = append(b.day.Tiles, c)
		}
		b.streets[s.ID] = &street{tile: k, metres: s.Length}
	}
	for _, c := range o.Coverage.CellsAt(review.CellRes) {
		if _, ok := b.cells[c]; !ok {
			b.cells[c] = uint16(len(b.day.Cells))
			b.day.Cells = append(b.day.Cells, c)
		}
	}
}

// lengths sums up the streets by tile, each times its weight, in whole metres.
func (b *builder) lengths(weight func(*street) float64) []uint32 {
	ids := slices.Sorted(maps.Keys(b.streets)) // in a fixed order, so that rounding is the same
	sums := make([]float64, len(b.day.Tiles))
	for _, id := range ids {
		s := b.streets[id]
		sums[s.tile] += weight(s) * s.metres
	}
	out := make([]uint32, len(sums))
	for i, m := range sums {
		out[i] = uint32(m + 0.5)
	}
	return out
}

// sum sums up the streets by who covered them.
func (b *builder) sum() review.Streets {
	when := func(ok func(*street) bool) []uint32 {
		return b.lengths(func(s *street) float64 {
			if ok(s) {
				return 1
			}
			return 0
		})
	}
	var out review.Streets
	for mask := uint8(1); mask < uint8(len(out.By)); mask++ {
		out.By[mask] = when(func(s *street) bool { return s.mask == mask })
	}
	out.Unknown = when(func(s *street) bool { return s.mask == 0 && s.unknown })
	return out
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

// shift makes the facts of one shift.
func (b *builder) shift(o *watch.Over, t Terms) review.Shift {
	s := review.Shift{ID: o.Shift.ID, Code: o.Shift.Code, Name: o.Shift.Name, Start: o.Shift.Start.UTC(), End: o.Shift.End.UTC(), Planned: o.Plan != nil}
	s.Streets = b.sum()
	areas := journal.InForce(t.Areas, o.Shift.ID)
	s.Areas = len(areas)
	at := map[string]uint16{}
	for _, u := range o.Units {
		if reg, ok := o.Registered[u.ID]; ok && (len(reg.Shifts) == 0 || slices.Contains(reg.Shifts, o.Shift.Code)) {
			register(&s.Register[u.Force], reg, t, o.Shift.Start)
		}
		if heard := slices.ContainsFunc(o.Fixes[u.ID], func(f fleet.Fix) bool { return f.Usable() && o.Shift.Contains(f.Time) }); !heard {
			continue
		}
		at[u.ID] = uint16(len(s.Units))
		s.Units = append(s.Units, b.unit(o, u, areas, t.Review))
	}
	for _, x := range o.Coverage.Stays(review.CellRes) {
		u, heard := at[x.Unit]
		c, ok := b.cells[x.Cell]
		if p := s.Spell(x.Window); heard && ok && p.To > p.From {
			s.Stays = append(s.Stays, review.Stay{Unit: u, Cell: c, Spell: p})
		}
	}
	s.Hot = hotCells(o)
	s.PolicePlan = b.policePlan(o, s)
	return s
}

// hotCells are those in which the plan has stops.
func hotCells(o *watch.Over) []review.Hot {
	if o.Plan == nil {
		return nil
	}
	at := map[hotspots.Cell]int{}
	var out []review.Hot
	for _, r := range o.Plan.Rounds {
		for _, l := range r.Legs {
			if l.Kind != patrol.Stop {
				continue
			}
			c, err := hotspots.CellOf(l.Point, review.TileRes)
			if err != nil {
				continue
			}
			i, ok := at[c]
			if !ok {
				i = len(out)
				at[c] = i
				out = append(out, review.Hot{Cell: c, MaxGap: o.Shift.End.Sub(o.Shift.Start)})
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
