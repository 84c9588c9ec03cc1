package daily

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/hotspots"
)

// mostNames is how many streets name a cell.
const mostNames = 3

// name says of the cells that a review lists which streets they are, the longest
// first. Without streets cells keep their ids alone.
func (m *Maker) name(ctx context.Context, d fleet.District, r *review.Review) error {
	if m.Streets == nil || len(r.Gaps)+len(r.Dosage) == 0 {
		return nil
	}
	now := m.Now()
	g, _, err := m.Streets(ctx, d, [2]time.Time{now, now})
	if errors.Is(err, fleet.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	metres := map[hotspots.Cell]map[string]float64{}
	for i := range r.Gaps {
		metres[r.Gaps[i].Cell] = map[string]float64{}
	}
	for i := range r.Dosage {
		metres[r.Dosage[i].Cell] = map[string]float64{}
	}
	for i := range g.Segments {
		s := &g.Segments[i]
		name, weight := s.Name, s.Length
		if name == "" { // described by its neighbours; after those that have a name
			name, weight = s.Label, s.Length/1e6
		}
		if name == "" {
			continue
		}
		middle, _ := geo.PointAtDistanceAlongLine(s.Line, geo.Length(s.Line)/2)
		for _, res := range []int{review.CellRes, review.TileRes} {
			if c, err := hotspots.CellOf(middle, res); err == nil && metres[c] != nil {
				metres[c][name] += weight
			}
		}
	}
	names := func(c hotspots.Cell) []string {
		all := slices.SortedFunc(maps.Keys(metres[c]), func(a, b string) int {
			return cmp.Or(cmp.Compare(metres[c][b], metres[c][a]), cmp.Compare(a, b))
		})
		return all[:min(len(all), mostNames)]
	}
	for i := range r.Gaps {
		r.Gaps[i].Streets = names(r.Gaps[i].Cell)
	}
	for i := range r.Dosage {
		r.Dosage[i].Streets = names(r.Dosage[i].Cell)
	}
	return nil
}
