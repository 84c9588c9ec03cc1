package patrol

import (
	"hash/fnv"
	"math"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
	"github.com/serenazgo/serenazgo/routing"
)

// PriorityArea is an area that is to be preferred.
type PriorityArea struct {
	Region *routing.Region
	Times  float64 // need of its streets, as a multiple of what it would be
}

// times a street's need is multiplied by in an area of each level. A judgement:
// twice as many visits where it matters most still leaves most of the time for
// the rest of the district.
var times = map[risk.Level]float64{risk.High: 2, risk.Medium: 1.5, risk.Low: 1.25}

// Preferred gives the priority areas of a district that count in a shift.
func Preferred(fences []journal.Fence, shift fleet.ShiftID) []PriorityArea {
	var out []PriorityArea
	for _, f := range journal.InForce(fences, shift) {
		out = append(out, PriorityArea{routing.NewRegion(f.Geometry), times[f.Term.Preferred()]})
	}
	return out
}

// preferred gives the multiple of a segment's need: that of the most preferred
// area that holds its middle; 1 outside all.
func (sc *scene) preferred(id routing.SegmentID) float64 {
	most := 1.0
	if len(sc.in.Priority) == 0 {
		return most
	}
	at := middleOf(sc.g.Segments[id].Line)
	for _, a := range sc.in.Priority {
		if a.Times > most && a.Region.Contains(at) {
			most = a.Times
		}
	}
	return most
}

// middleOf gives the middle position of a line's positions.
func middleOf(line orb.LineString) orb.Point {
	k := len(line) / 2
	if len(line)%2 == 1 || k == 0 {
		return line[k]
	}
	return orb.Point{(line[k-1][0] + line[k][0]) / 2, (line[k-1][1] + line[k][1]) / 2}
}

// lotOf gives the seed of what is drawn by lot for a shift.
func lotOf(shift fleet.ShiftID) uint64 {
	h := fnv.New64a()
	h.Write([]byte(shift)) // never fails
	return h.Sum64()
}

// waits gives for each cell of the forecast how many shifts went by since a
// street in it was driven; nil: not known. A cell without a street waits for
// nothing.
func (sc *scene) waits() []int {
	f := sc.in.Surface
	if sc.in.Ages == nil || sc.in.Terms.Explore == 0 {
		return nil
	}
	out := make([]int, f.Grid.Len())
	for i := range out {
		out[i] = math.MaxInt
	}
	for i := range sc.g.Segments {
		s := &sc.g.Segments[i]
		cells, err := hotspots.CellsOnLine(s.Line, f.Grid.Res())
		if !s.Belongs || err != nil {
			continue
		}
		for _, c := range cells {
			if k, ok := f.Grid.Index(c); ok {
				out[k] = min(out[k], sc.in.Ages[i])
			}
		}
	}
	for i, w := range out {
		if w == math.MaxInt {
			out[i] = -1
		}
	}
	return out
}
