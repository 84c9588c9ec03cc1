package patrol

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// CellHalf is an H3 cell in a clock half-hour: the unit in which the overlap
// of two forces is counted.
type CellHalf struct {
	Cell hotspots.Cell
	Half int64 // of HalfHour, Unix seconds
}

// HalfHour gives the start of the clock half-hour that t falls in at loc.
func HalfHour(t time.Time, loc *time.Location) time.Time {
	l := t.In(loc)
	into := time.Duration(l.Minute()%30)*time.Minute + time.Duration(l.Second())*time.Second + time.Duration(l.Nanosecond())
	return l.Add(-into)
}

// PresentCells gives the cells (of H3 resolution res) and clock half-hours of
// the shift in which a police round or post is present, with the highest trust
// among them. A round counts as present in every cell it touches for its whole
// window, since the order of its streets is unknown. Sectors do not count:
// that somebody is somewhere in a sector is no presence in a cell.
func PresentCells(presence []Presence, shift fleet.Shift, loc *time.Location, res int) (map[CellHalf]float64, error) {
	out := map[CellHalf]float64{}
	for _, p := range presence {
		if p.Kind == PresenceSector {
			continue
		}
		windows := p.Windows(shift, loc)
		if len(windows) == 0 {
			continue
		}
		cells, err := p.cells(res)
		if err != nil {
			return nil, fmt.Errorf("police %s %q: %w", p.Kind, p.Name, err)
		}
		for _, w := range windows {
			for h := HalfHour(w.Start, loc); h.Before(w.End); h = HalfHour(h.Add(30*time.Minute), loc) {
				for _, c := range cells {
					k := CellHalf{c, h.Unix()}
					if t, ok := out[k]; !ok || p.Trust > t {
						out[k] = p.Trust
					}
				}
			}
		}
	}
	return out, nil
}

// cells gives the cells that a round or post touches.
func (p Presence) cells(res int) ([]hotspots.Cell, error) {
	switch g := p.Geometry.(type) {
	case orb.Point:
		c, err := hotspots.CellOf(g, res)
		return []hotspots.Cell{c}, err
	case orb.LineString:
		return hotspots.CellsOnLine(g, res)
	case orb.MultiLineString:
		var out []hotspots.Cell
		for _, l := range g {
			cs, err := hotspots.CellsOnLine(l, res)
			if err != nil {
				return nil, err
			}
			out = append(out, cs...)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%w: a %s cannot have a geometry of type %T", fleet.ErrInvalid, p.Kind, p.Geometry)
}
