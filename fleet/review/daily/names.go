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
	// Streets with a name, and those that are described by their neighbours: one
	// of these stands for a cell that has no others.
	metres, nameless := map[hotspots.Cell]map[string]float64{}, map[hotspots.Cell]map[string]float64{}
	for i := range r.Gaps {
		metres[r.Gaps[i].Cell], nameless[r.Gaps[i].Cell] = map[string]float64{}, map[string]float64{}
	}
	for i := range r.Dosage {
		metres[r.Dosage[i].Cell], nameless[r.Dosage[i].Cell] = map[string]float64{}, map[string]float64{}
	}
	for i := range g.Segments {
		s := &g.Segments[i]
		of, name := metres, s.Name
		if name == "" {
			of, name = nameless, s.Label
		}
		middle, _ := geo.PointAtDistanceAlongLine(s.Line, geo.Length(s.Line)/2)
		for _, res := range []int{review.CellRes, review.TileRes} {
			if c, err := hotspots.CellOf(middle, res); err == nil && of[c] != nil {
				of[c][name] += s.Length
			}
		}
	}
	names := func(c hotspots.Cell) []string {
		of, most := metres[c], mostNames
		if len(of) == 0 {
			of, most = nameless[c], 1
		}
		all := slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(cmp.Compare(of[b], of[a]), cmp.Compare(a, b)) })
		return all[:min(len(all), most)]
	}
	for i := range r.Gaps {
		r.Gaps[i].Streets = names(r.Gaps[i].Cell)
	}
	for i := range r.Dosage {
		r.Dosage[i].Streets = names(r.Dosage[i].Cell)
	}
	return nil
}
