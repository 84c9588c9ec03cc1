package patrol

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
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

// round cuts the figures to digits that mean something.
func (f *Figures) round() {
	for _, v := range [...]*float64{&f.StreetKm, &f.ExcludedKm, &f.UnreachableKm, &f.TJoinFloorKm, &f.DeadheadKm, &f.DeadheadAboveFloorPct,
		&f.CoveragePct, &f.CoverageBoundPct, &f.RiskCoveragePct, &f.NewKmPerDrivingHour, &f.GapPct, &f.SpreadPct, &f.DrivenKm, &f.FillKm,
		&f.HotGapP95Min, &f.HotGapWorstMin, &f.PoliceOverlapPct} {
		*v = math.Round(*v*1000) / 1000
	}
	f.LongestRouteS, f.LowerBoundS = math.Round(f.LongestRouteS*10)/10, math.Round(f.LowerBoundS*10)/10
}
