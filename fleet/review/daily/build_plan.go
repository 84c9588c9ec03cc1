package daily

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// policePlan sums up what the police plan expects. A street's visits are spread
// evenly over their windows; a cell is as likely to see the police in a
// half-hour as its likeliest street, since its streets see the same patrol.
func (b *builder) policePlan(o *watch.Over, s review.Shift) review.PolicePlan {
	if len(o.Police) == 0 {
		return review.PolicePlan{}
	}
	out := review.PolicePlan{Any: true, Metres: make([]float32, len(b.day.Tiles))}
	length := b.day.Slot()
	first, n := s.Slots(length)
	type key struct{ cell, slot uint16 }
	chance := map[key]float64{}
	absent := make([]float64, n) // of one segment, by half-hour
	for i := 0; i < len(o.Police); {
		segment := o.Police[i].Segment
		for k := range absent {
			absent[k] = 1
		}
		never := 1.0
		for ; i < len(o.Police) && o.Police[i].Segment == segment; i++ {
			v := o.Police[i]
			trust := min(1, v.Trust)
			never *= 1 - trust*(1-math.Exp(-v.Expected))
			whole := v.End.Sub(v.Start).Seconds()
			for k := range absent {
				from := max(float64((first+int64(k))*length), float64(v.Start.Unix()))
				to := min(float64((first+int64(k)+1)*length), float64(v.End.Unix()))
				if whole > 0 && to > from {
					absent[k] *= 1 - trust*(1-math.Exp(-v.Expected*(to-from)/whole))
				}
			}
		}
		known := b.streets[o.Graph.Segments[segment].ID]
		if known == nil {
			continue // it does not count
		}
		out.Metres[known.tile] += float32((1 - never) * known.metres)
		for _, c := range o.Index.CellsOf(int(segment), review.CellRes) {
			cell, ok := b.cells[c]
			if !ok {
				continue
			}
			for k, a := range absent {
				if a < 1 {
					id := key{cell, uint16(k)}
					chance[id] = max(chance[id], 1-a)
				}
			}
		}
	}
	for id, p := range chance {
		if m := uint16(1000*p + 0.5); m > 0 {
			out.Slots = append(out.Slots, review.Likely{Cell: id.cell, Slot: id.slot, Chance: m})
		}
	}
	slices.SortFunc(out.Slots, func(a, b review.Likely) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Slot, b.Slot))
	})
	return out
}
