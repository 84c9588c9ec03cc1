package patrol

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// Figures are what a plan is judged by; docs/formats.md defines each. They are
// computed from the plan's legs and the map alone, not taken from the planner.
// Keys in _pct are percentages, _km kilometres, _s seconds, _min minutes.
type Figures struct {
	Segments              int      `json:"segments"`
	StreetKm              float64  `json:"street_km"`
	ExcludedKm            float64  `json:"excluded_km"`
	UnreachableKm         float64  `json:"unreachable_km"`
	OddJunctions          int      `json:"odd_junctions"`
	TJoinFloorKm          float64  `json:"tjoin_floor_km"`
	DeadheadKm            float64  `json:"deadhead_km"`
	DeadheadAboveFloorPct float64  `json:"deadhead_above_floor_pct"`
	CoveragePct           float64  `json:"coverage_pct"`
	CoverageBoundPct      float64  `json:"coverage_bound_pct"`
	RiskCoveragePct       float64  `json:"risk_coverage_pct"`
	NewKmPerDrivingHour   float64  `json:"new_km_per_driving_hour"`
	LongestRouteS         float64  `json:"longest_route_s"`
	LowerBoundS           float64  `json:"lower_bound_s"`
	GapPct                float64  `json:"gap_pct"`
	SpreadPct             float64  `json:"spread_pct"`
	DrivenKm              float64  `json:"driven_km"`
	FillKm                float64  `json:"fill_km"`
	HotCells              int      `json:"hot_cells"`
	HotGapP95Min          float64  `json:"hot_gap_p95_min"`
	HotGapWorstMin        float64  `json:"hot_gap_worst_min"`
	PoliceOverlapPct      float64  `json:"police_overlap_pct"`
	PoliceOverlapBlindPct *float64 `json:"police_overlap_blind_pct"` // null: no plan without police was made
	SolveS                float64  `json:"solve_s"`
	Stops                 int      `json:"stops"`
	UTurns                int      `json:"u_turns"` // but at dead ends
	Posts                 int      `json:"posts"`   // fixed posts of the shift
	PostsKept             int      `json:"posts_kept"`
	Verdict               Verdict  `json:"verdict"`
	// Rotation is how few units visit every street in several shifts; null: one
	// is enough, or none was planned.
	Rotation *Rotation `json:"rotation"`
	// Pool is what the plan was chosen from; null where it was the only one.
	Pool *Pool `json:"pool"`
}

// Measure computes the figures of a plan for the input it was made from, or
// for another presence or forecast.
func Measure(plan Plan, in DraftInput) (Figures, error) {
	sc, err := newScene(in)
	if err != nil {
		return Figures{}, err
	}
	b, err := sc.bounds()
	if err != nil {
		return Figures{}, err
	}
	return sc.figures(plan, b)
}

// figures measures a plan of the scene's units, in their order.
func (sc *scene) figures(plan Plan, b rounds.Bounds) (Figures, error) {
	if len(plan.Rounds) != len(sc.in.Units) {
		return Figures{}, fmt.Errorf("%w: the plan has %d rounds for %d units", fleet.ErrInvalid, len(plan.Rounds), len(sc.in.Units))
	}
	stats := sc.g.DistrictStats(sc.start...)
	f := Figures{Segments: b.Segments, StreetKm: b.Street / 1000, ExcludedKm: stats.ExcludedKm, UnreachableKm: stats.UnreachableKm,
		OddJunctions: b.Odd, TJoinFloorKm: b.Floor / 1000, HotCells: len(sc.hot), Posts: len(sc.times)}
	for _, t := range sc.times {
		if _, ok := t.kept(plan); ok {
			f.PostsKept++
		}
	}
	legs, err := placeLegs(sc.g, plan)
	if err != nil {
		return Figures{}, err
	}
	sc.coverFigures(&f, plan, legs, b)
	sc.hotFigures(&f, plan)
	if f.PoliceOverlapPct, err = sc.overlap(plan, legs); err != nil {
		return Figures{}, err
	}
	f.round()
	return f, nil
}

// placeLegs finds every leg's arc by its segment and the line driven.
func placeLegs(g *routing.Graph, plan Plan) ([][]routing.Arc, error) {
	byID := make(map[string]routing.SegmentID, len(g.Segments))
	for i := range g.Segments {
		byID[g.Segments[i].ID] = routing.SegmentID(i)
	}
	out := make([][]routing.Arc, len(plan.Rounds))
	for i, r := range plan.Rounds {
		out[i] = make([]routing.Arc, len(r.Legs))
		for k, l := range r.Legs {
			out[i][k] = routing.NoArc
			if l.Kind == Stop || l.Kind == Break {
				continue
			}
			id, ok := byID[l.Segment]
			if !ok {
				return nil, fmt.Errorf("%w: round %d, leg %d: segment %q is not on the map", fleet.ErrInvalid, r.Number, l.Seq, l.Segment)
			}
			a, ok := arcAlong(g, id, l.Line)
			if !ok {
				return nil, fmt.Errorf("%w: round %d, leg %d does not run along segment %s", fleet.ErrInvalid, r.Number, l.Seq, l.Segment)
			}
			out[i][k] = a
		}
	}
	return out, nil
}

// arcAlong tells in which direction a line runs along a segment, vertex by
// vertex; false if it does not. A closed segment that reads the same both ways
// counts as forward.
func arcAlong(g *routing.Graph, id routing.SegmentID, line orb.LineString) (routing.Arc, bool) {
	for _, back := range [...]bool{false, true} {
		if a := routing.ArcOf(id, back); slices.Equal(g.Line(a), line) {
			return a, true
		}
	}
	return routing.NoArc, false
}

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

// round cuts the figures to digits that mean something.
func (f *Figures) round() {
	for _, v := range [...]*float64{&f.StreetKm, &f.ExcludedKm, &f.UnreachableKm, &f.TJoinFloorKm, &f.DeadheadKm, &f.DeadheadAboveFloorPct,
		&f.CoveragePct, &f.CoverageBoundPct, &f.RiskCoveragePct, &f.NewKmPerDrivingHour, &f.GapPct, &f.SpreadPct, &f.DrivenKm, &f.FillKm,
		&f.HotGapP95Min, &f.HotGapWorstMin, &f.PoliceOverlapPct} {
		*v = math.Round(*v*1000) / 1000
	}
	f.LongestRouteS, f.LowerBoundS = math.Round(f.LongestRouteS*10)/10, math.Round(f.LowerBoundS*10)/10
}
