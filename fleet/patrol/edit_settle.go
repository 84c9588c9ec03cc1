package patrol

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// settle sees to it that every street has one first visit. A street that lost
// its own has it from who passes it next, if anybody does; else the change is
// told of. Only legs of streets that changed hands get another kind.
func (t *table) settle() {
	n := len(t.d.g.Segments)
	had, firsts, passes := make([]bool, n), make([]int, n), make([]int, n)
	for _, r := range t.plan.Rounds {
		for _, l := range r.Legs {
			if l.Kind != Service {
				continue
			}
			if id, ok := t.d.byID[l.Segment]; ok {
				had[id] = true
			}
		}
	}
	for _, c := range t.courses {
		for i, s := range c.steps {
			if id := s.arc.Segment(); s.drives() {
				passes[id]++
				if s.kind == Service && (i >= c.frozen || !t.undone[id]) {
					firsts[id]++
				}
			}
		}
	}
	var lost []routing.SegmentID
	odd := map[routing.SegmentID]bool{}
	for i, w := range t.d.wanted {
		switch id := routing.SegmentID(i); {
		case w && had[i] && passes[i] == 0:
			lost = append(lost, id)
		case w && passes[i] > 0 && firsts[i] != 1:
			odd[id] = true
		}
	}
	if len(odd) > 0 {
		t.giveFirst(odd)
	}
	t.noteUncovered(lost)
}

// giveFirst gives streets with no first visit, or several, one.
func (t *table) giveFirst(odd map[routing.SegmentID]bool) {
	type visit struct {
		c    *course
		i    int
		at   time.Time
		kind LegKind
	}
	visits := map[routing.SegmentID][]visit{}
	for _, c := range t.courses {
		times := c.times()
		for i, s := range c.steps {
			if s.drives() && odd[s.arc.Segment()] {
				visits[s.arc.Segment()] = append(visits[s.arc.Segment()], visit{c, i, times[i+1], s.kind})
			}
		}
	}
	for id, vs := range visits {
		slices.SortStableFunc(vs, func(a, b visit) int { return a.at.Compare(b.at) })
		first := -1
		for k, v := range vs {
			if v.kind != Service || v.i < v.c.frozen && t.undone[id] {
				continue
			}
			if first < 0 {
				first = k
			} else if v.i >= v.c.frozen {
				v.c.relabel(v.i, Repeat)
			}
		}
		if first >= 0 {
			continue
		}
		for _, v := range vs {
			if v.i >= v.c.frozen {
				v.c.relabel(v.i, Service)
				break
			}
		}
	}
}

// noteUncovered tells which streets nobody visits any more.
func (t *table) noteUncovered(lost []routing.SegmentID) {
	if len(lost) == 0 {
		return
	}
	slices.Sort(lost)
	n := Note{Code: Uncovered, Name: nameOf(&t.d.g.Segments[lost[0]])}
	for _, id := range lost {
		n.Segments = append(n.Segments, t.d.g.Segments[id].ID)
		n.Metres += t.d.g.Segments[id].Length
	}
	t.notes = append(t.notes, n)
}

// Standing is what can be said of a plan in an instant: what an edit changes.
type Standing struct {
	DrivenKm       float64 `json:"driven_km"`
	ToVisitKm      float64 `json:"street_km"` // of streets that count
	CoveredKm      float64 `json:"covered_km"`
	CoveragePct    float64 `json:"coverage_pct"`
	WorkingMin     float64 `json:"working_min"` // from leaving the base to being back, all units
	FillKm         float64 `json:"fill_km"`
	TransferKm     float64 `json:"transfer_km"` // repeats and transfers
	Stops          int     `json:"stops"`
	HotGapP95Min   float64 `json:"hot_gap_p95_min"`
	HotGapWorstMin float64 `json:"hot_gap_worst_min"`
}

// standing measures a plan as it lies on the table.
func (d *Desk) standing(t *table) Standing {
	var out Standing
	seen := make([]bool, len(d.g.Segments))
	halts := Plan{} // only what stands still: all that gaps are made of
	for _, c := range t.courses {
		r := Round{Unit: c.round.Unit}
		times := c.times()
		for i, s := range c.steps {
			if !s.drives() {
				if s.kind == Stop {
					out.Stops++
					r.Legs = append(r.Legs, Leg{Kind: Stop, Start: times[i], End: times[i+1], Point: d.pointOf(s.node)})
				}
				continue
			}
			km := d.g.Segment(s.arc).Length / 1000
			out.DrivenKm += km
			seen[s.arc.Segment()] = seen[s.arc.Segment()] || i >= c.frozen || !t.undone[s.arc.Segment()]
			switch s.kind {
			case Fill:
				out.FillKm += km
			case Repeat, Deadhead:
				out.TransferKm += km
			}
		}
		if n := len(c.steps); n > 0 {
			out.WorkingMin += times[n].Sub(times[0]).Minutes()
		}
		halts.Rounds = append(halts.Rounds, r)
	}
	for i, w := range d.wanted {
		if w {
			out.ToVisitKm += d.g.Segments[i].Length / 1000
			if seen[i] {
				out.CoveredKm += d.g.Segments[i].Length / 1000
			}
		}
	}
	if out.ToVisitKm > 0 {
		out.CoveragePct = 100 * out.CoveredKm / out.ToVisitKm
	}
	var f Figures
	d.sc.hotFigures(&f, halts)
	out.HotGapP95Min, out.HotGapWorstMin = f.HotGapP95Min, f.HotGapWorstMin
	return out
}
