package coverage

import (
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// ForceReport is what one force has done on a segment.
type ForceReport struct {
	Force   Force     `json:"force"`
	Covered Spans     `json:"covered"` // certain, at patrol speed
	Share   float64   `json:"share"`   // 0..1, length of Covered
	First   time.Time `json:"first,omitzero"`
	Last    time.Time `json:"last,omitzero"`
	Visits  int       `json:"visits"` // passages end to end
}

// StreetReport is what is known of a segment.
type StreetReport struct {
	Segment  routing.SegmentID `json:"segment"`
	State    State             `json:"state"`
	Forces   []ForceReport     `json:"forces"`   // that were there, in the order of Force
	Probable bool              `json:"probable"` // covered only if probable matches count
	Transit  bool              `json:"transit"`  // driven, but too fast to count
}

// Street tells about one segment at the instant now.
func (c *Coverage) Street(s routing.SegmentID, now time.Time) (StreetReport, error) {
	if s < 0 || int(s) >= len(c.g.Segments) {
		return StreetReport{}, fmt.Errorf("street segment %d: %w", s, fleet.ErrNotFound)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refresh(now)
	st := &c.streets[s]
	out := StreetReport{Segment: s, State: st.shown, Forces: []ForceReport{}, Probable: st.covered == 0 && st.probable != 0, Transit: st.transit}
	work := c.workOf(s)
	for f := range work {
		if w := &work[f]; len(w.certain) > 0 || w.visits > 0 {
			out.Forces = append(out.Forces, ForceReport{Force(f), w.certain, w.certain.Length(), w.first, w.last, w.visits})
		}
	}
	return out, nil
}

// CellDetail is a cell's presence with every visit and gap.
type CellDetail struct {
	CellReport
	VisitList []Window `json:"visit_list"`
	Gaps      []Window `json:"gaps"` // from the start of the shift until now
}

// Cell tells about one cell at the instant now. A cell that no street of the
// graph touches is not found.
func (c *Coverage) Cell(cell hotspots.Cell, now time.Time) (CellDetail, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.index.at[cell]
	if !ok {
		return CellDetail{}, fmt.Errorf("cell %s: no street touches it at the resolutions kept: %w", cell, fleet.ErrNotFound)
	}
	c.refresh(now)
	visits := append([]Window{}, c.cells[i].visits...)
	return CellDetail{c.cellReport(i, now), visits, gapsOf(visits, Window{c.shift.Start, earlier(now, c.shift.End)})}, nil
}
