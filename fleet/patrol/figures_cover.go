package patrol

import (
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// coverFigures are those of the streets: who is visited when, and at what cost.
func (sc *scene) coverFigures(f *Figures, plan Plan, legs [][]routing.Arc, b rounds.Bounds) {
	units := sc.units()
	wanted, _ := rounds.Reached(sc.g, units)
	type visit struct {
		round, leg int
		end        time.Time
	}
	var all []visit
	for i, r := range plan.Rounds {
		for k, l := range r.Legs {
			if legs[i][k] != routing.NoArc {
				all = append(all, visit{i, k, l.End})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b visit) int { return a.end.Compare(b.end) })
	seen := make([]bool, len(sc.g.Segments))
	last := make([]int, len(plan.Rounds))
	for i := range last {
		last[i] = -1
	}
	covered := 0.0
	for _, v := range all {
		seg := legs[v.round][v.leg].Segment()
		if wanted[seg] && !seen[seg] {
			seen[seg] = true
			covered += sc.g.Segments[seg].Length
			last[v.round] = max(last[v.round], v.leg)
		}
	}

	cover, stopped, speeds := make([]float64, len(units)), 0.0, make([]float64, len(units))
	coverMetres, coverHours, driven, inCover, canDrive, posted := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for i, r := range plan.Rounds {
		u := units[i]
		speeds[i] = u.Speed
		stops, metres, later := 0.0, 0.0, 0.0
		for k, l := range r.Legs {
			a := legs[i][k]
			switch {
			case a != routing.NoArc:
				driven += sc.g.Segment(a).Length
				if k > 0 && legs[i][k-1] == a.Opposite() && len(sc.g.Out(sc.g.Tail(a))) > 1 {
					f.UTurns++
				}
				if k <= last[i] {
					metres += sc.g.Segment(a).Length
				}
			case l.Kind == Stop:
				stood := l.End.Sub(l.Start).Seconds()
				if !l.atPost() {
					f.Stops++
				}
				switch {
				case k <= last[i]:
					stops += stood
				case l.atPost():
					later += stood
				}
			}
		}
		inCover += metres
		if last[i] >= 0 {
			metres += sc.wayHome(i, legs[i][last[i]])
		}
		cover[i] = metres/u.Speed + stops
		stopped += stops
		coverMetres += metres
		coverHours += metres / u.Speed / 3600
		posted += later
		canDrive += u.Metres(stops + later)
	}
	f.DrivenKm, f.FillKm = driven/1000, (driven-inCover)/1000
	f.DeadheadKm = (coverMetres - covered) / 1000
	if b.Street > 0 {
		f.DeadheadAboveFloorPct = 100 * (f.DeadheadKm*1000 - b.Floor) / b.Street
		f.CoveragePct = 100 * covered / b.Street
	}
	f.CoverageBoundPct = 100 * b.CoverageBound(canDrive)
	f.Verdict = sc.verdict(f, b, units, stopped+posted)
	f.RiskCoveragePct = sc.riskCovered(seen, wanted, f.CoveragePct)
	if coverHours > 0 {
		f.NewKmPerDrivingHour = covered / 1000 / coverHours
	}
	f.LongestRouteS = slices.Max(cover)
	f.LowerBoundS = max(rounds.Work(speeds, b.Street+b.Floor, stopped), b.Farthest)
	f.GapPct = 100 * (f.LongestRouteS - f.LowerBoundS) / f.LowerBoundS
	f.SpreadPct = sc.spread(cover, units)
}

// wayHome is the shortest way from the end of an arc to the unit's base.
func (sc *scene) wayHome(unit int, a routing.Arc) float64 {
	base := sc.start[unit].Base
	if sc.g.Head(a) == base {
		return 0
	}
	s := routing.NewSearch(sc.g, sc.start[unit].Mode, nil)
	s.FromArc(a, math.Inf(1), nil)
	d, _, ok := s.CostToNode(base)
	if !ok {
		return 0
	}
	return d
}

func (sc *scene) riskCovered(seen, wanted []bool, plain float64) float64 {
	risk := sc.riskOf()
	if risk == nil {
		return plain
	}
	got, all := 0.0, 0.0
	for i, r := range risk {
		if wanted[i] {
			all += r
			if seen[i] {
				got += r
			}
		}
	}
	if all == 0 {
		return plain
	}
	return 100 * got / all
}

// spread is the difference between the longest and the shortest cover phase of
// units of one mode and equal hours, in per cent of the longest; the worst group
// counts.
func (sc *scene) spread(cover []float64, units []rounds.Unit) float64 {
	type group struct {
		mode       routing.Mode
		start, end float64
	}
	lo, hi := map[group]float64{}, map[group]float64{}
	worst := 0.0
	for i, u := range units {
		k := group{u.Mode, u.Start, u.End}
		if _, ok := lo[k]; !ok {
			lo[k], hi[k] = cover[i], cover[i]
		}
		lo[k], hi[k] = min(lo[k], cover[i]), max(hi[k], cover[i])
	}
	for m := range hi {
		if hi[m] > 0 {
			worst = max(worst, 100*(hi[m]-lo[m])/hi[m])
		}
	}
	return worst
}
