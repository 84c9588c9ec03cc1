package api

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/hotspots"
)

// hotCellsUsual is how many cells are ranked if nobody says.
const hotCellsUsual = 60

// GetHotCells ranks the cells of a shift's forecast by the incidents or by the
// harm to expect; both are told of each.
func (s *server) GetHotCells(ctx context.Context, r GetHotCellsRequestObject) (GetHotCellsResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	surface, err := s.cfg.Planner.Forecast(ctx, d, shift)
	if err != nil {
		return nil, err
	}
	limit := hotCellsUsual
	if r.Params.Limit != nil {
		limit = *r.Params.Limit
	}
	control := inControlRoom(ctx, r.Ubigeo)
	sample := 0
	if n := countFor(control, surface.Sample); n != nil {
		sample = *n
	}
	out := GetHotCells200JSONResponse{Shift: string(shift.ID), Model: HotCellsModel(surface.Model), Sample: sample, Total: roughly(control, surface.Total),
		Few: ptr(surface.Few()), Cells: []HotCell{}}
	if surface.Sample == 0 {
		return out, nil // a uniform surface ranks nothing
	}
	table, err := s.cfg.Store.HarmWeights(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	harm, spread := surface.Harm(table), surface.Spread()
	out.HarmTotal, out.TopK, out.Days = ptr(roughly(control, harm.Total)), &spread.K, &spread.Days
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	ranked, value := surface.Ranked(-1), surface.Expected
	if r.Params.By != nil && *r.Params.By == Harm {
		value = harm.Expected
		slices.SortStableFunc(ranked, func(a, b hotspots.Ranked) int { return cmp.Compare(value[b.Index], value[a.Index]) })
	}
	first, all := 0.0, 0.0
	for i, c := range ranked {
		if all += value[c.Index]; i < firstCells {
			first = all
		}
	}
	if all > 0 {
		out.First10 = ptr(tenths(control, first/all))
	}
	out.Rounded = ptr(!control)
	if !control {
		ranked = discreet(ranked, value)
	}
	for i, c := range ranked[:min(limit, len(ranked))] {
		at := c.Index
		h := HotCell{Id: c.Cell.String(), Rank: i + 1, Expected: roughly(control, c.Expected), Share: roughly(control, c.Share), Count90: countFor(control, c.Count90), Count365: countFor(control, c.Count365),
			Harm: ptr(roughly(control, harm.Expected[at])), Top: ptr(tenths(control, spread.Top[at])), Few: ptr(spread.Few[at]), Hot: ptr(spread.Hot[at].Hot),
			Place: place(g, surface.Grid.Centre(at)), Ring: []LonLat{}}
		if h.Count365 != nil { // or the interval would tell the count that is not told
			h.Low, h.High = ptr(spread.Low[at]), ptr(spread.High[at])
		}
		for _, ring := range surface.Grid.Polygon(at) {
			h.Ring = append(h.Ring, ring...)
			break
		}
		out.Cells = append(out.Cells, h)
	}
	return out, nil
}

// firstCells is how many cells the share that is told of the first ones is of.
const firstCells = 10

// discreet gives the cells that may be ranked outside the control room: those
// with too few incidents are left out, since a single one more would show in
// their figures, and the others are in the order of their rounded figures, since
// the order of the exact ones would tell what rounding hides.
func discreet(ranked []hotspots.Ranked, value []float64) []hotspots.Ranked {
	out := slices.DeleteFunc(slices.Clone(ranked), func(c hotspots.Ranked) bool { return countFor(false, c.Count365) == nil })
	slices.SortFunc(out, func(a, b hotspots.Ranked) int {
		return cmp.Or(cmp.Compare(roughly(false, value[b.Index]), roughly(false, value[a.Index])), cmp.Compare(a.Cell, b.Cell))
	})
	return out
}

// sureOf tells how sure a cell's forecast is and what harm it is made of. Outside
// the control room nothing is told of a cell whose count is not, and no group of
// incidents by itself.
func (s *server) sureOf(ctx context.Context, ubigeo string, surface *hotspots.Surface, cell int, out *GetHotCell200JSONResponse) error {
	if surface.Sample == 0 {
		return nil
	}
	control := inControlRoom(ctx, ubigeo)
	table, err := s.cfg.Store.HarmWeights(ctx, ubigeo)
	if err != nil {
		return err
	}
	if countFor(control, surface.Count365[cell]) != nil {
		sp := surface.Spread()
		hot := sp.Hot[cell]
		out.Sure = &CellSure{Days: sp.Days, Mean: roughly(control, sp.Mean[cell]), Low: sp.Low[cell], High: sp.High[cell], Top: tenths(control, sp.Top[cell]), TopK: sp.K, Few: sp.Few[cell],
			Hot: hot.Hot, Z: hot.Z, Q: roughly(control, hot.Q), Periods: sp.Periods}
		if !control {
			out.Sure.Z = math.Round(hot.Z)
		}
	}
	harm := surface.Harm(table)
	out.Harm = ptr(roughly(control, harm.Expected[cell]))
	if !control {
		return nil
	}
	groups := slices.Clone(harm.Groups)
	slices.SortStableFunc(groups, func(a, b hotspots.GroupSurface) int {
		return cmp.Compare(b.Expected[cell]*b.Harm, a.Expected[cell]*a.Harm)
	})
	list := make([]CellGroup, len(groups))
	for i, g := range groups {
		list[i] = CellGroup{Expected: g.Expected[cell], Group: g.Name, Weight: g.Harm}
	}
	out.Groups = &list
	return nil
}
