package patrol

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// hotFigures are the gaps between visits of the hot cells.
func (sc *scene) hotFigures(f *Figures, plan Plan) {
	if len(sc.hot) == 0 {
		return
	}
	visits := make([][]Span, len(sc.hot))
	for h := range sc.hot {
		visits[h] = slices.Clone(sc.hot[h].posts)
	}
	for _, r := range plan.Rounds {
		for _, l := range r.Legs {
			if l.Kind != Stop || l.End.Sub(l.Start) < StopMin {
				continue
			}
			for h := range sc.hot {
				if sc.stopsAt(h, l.Point) {
					visits[h] = append(visits[h], Span{l.Start, l.End})
				}
			}
		}
	}
	var gaps []float64
	for _, vs := range visits {
		slices.SortFunc(vs, func(a, b Span) int { return a.Start.Compare(b.Start) })
		at := sc.in.Shift.Start
		for _, v := range vs {
			if v.Start.After(at) {
				gaps = append(gaps, v.Start.Sub(at).Minutes())
			}
			if v.End.After(at) {
				at = v.End
			}
		}
		if sc.in.Shift.End.After(at) {
			gaps = append(gaps, sc.in.Shift.End.Sub(at).Minutes())
		}
	}
	for _, vs := range visits {
		stood := 0.0
		for _, v := range vs {
			stood += v.End.Sub(v.Start).Seconds()
		}
		shift := sc.in.Shift.End.Sub(sc.in.Shift.Start).Seconds()
		f.Verdict.HotGapMin = max(f.Verdict.HotGapMin, round3(rounds.GapBound(shift, stood, len(vs))/60))
	}
	if len(gaps) == 0 {
		return
	}
	slices.Sort(gaps)
	f.HotGapP95Min = gaps[max(0, int(math.Ceil(0.95*float64(len(gaps))))-1)]
	f.HotGapWorstMin = gaps[len(gaps)-1]
}

// stopsAt tells whether a place serves a hot cell: it lies in it, or, where no
// junction does, at one of the junctions beside it.
func (sc *scene) stopsAt(h int, p orb.Point) bool {
	if c, err := hotspots.CellOf(p, hotRes); err == nil && c == sc.hot[h].Cell {
		return true
	}
	if sc.hot[h].inside {
		return false
	}
	for _, n := range sc.hot[h].nodes {
		if sc.g.Nodes[n].Point == p {
			return true
		}
	}
	return false
}

// overlap is the share of our minutes outside hot cells that fall where and
// when a police round or post is present.
func (sc *scene) overlap(plan Plan, legs [][]routing.Arc) (float64, error) {
	both, all := 0.0, 0.0
	count := func(cell hotspots.Cell, from time.Time, seconds float64) {
		all += seconds
		if _, ok := sc.present[CellHalf{cell, HalfHour(from, sc.in.Loc).Unix()}]; ok {
			both += seconds
		}
	}
	for i, r := range plan.Rounds {
		if sc.in.Units[i].Integrated {
			continue
		}
		for k, l := range r.Legs {
			seconds := l.End.Sub(l.Start).Seconds()
			switch a := legs[i][k]; {
			case a != routing.NoArc:
				parts, err := sc.along(a.Segment())
				if err != nil {
					return 0, err
				}
				if a.Reverse() {
					parts = slices.Clone(parts)
					slices.Reverse(parts)
				}
				metres := cmp.Or(sc.g.Segment(a).Length, 1)
				at := 0.0
				for _, pt := range parts {
					// A stretch is split so that none spans a change of half-hour by more than a second or so.
					n := max(1, int(math.Ceil(pt.metres/sampleEvery)))
					each := pt.metres / metres * seconds / float64(n)
					for range n {
						if pt.hot < 0 {
							count(pt.cell, l.Start.Add(time.Duration((at+each/2)*float64(time.Second))), each)
						}
						at += each
					}
				}
			case l.Kind == Stop:
				fine, err := hotspots.CellOf(l.Point, hotRes)
				if err != nil {
					return 0, err
				}
				if _, hot := sc.isHot[fine]; hot {
					continue
				}
				coarse, err := hotspots.CellOf(l.Point, policeRes)
				if err != nil {
					return 0, err
				}
				for s := 0.0; s < seconds; s += 5 {
					count(coarse, l.Start.Add(time.Duration(s*float64(time.Second))), min(5, seconds-s))
				}
			}
		}
	}
	if all == 0 {
		return 0, nil
	}
	return 100 * both / all, nil
}
