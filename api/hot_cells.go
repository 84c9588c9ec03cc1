package api

import (
	"cmp"
	"context"
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
	out := GetHotCells200JSONResponse{Shift: string(shift.ID), Model: HotCellsModel(surface.Model), Sample: surface.Sample, Total: surface.Total,
		Few: ptr(surface.Few()), Cells: []HotCell{}}
	if surface.Sample == 0 {
		return out, nil // a uniform surface ranks nothing
	}
	table, err := s.cfg.Store.HarmWeights(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	harm, spread := surface.Harm(table), surface.Spread()
	out.HarmTotal, out.TopK, out.Days = &harm.Total, &spread.K, &spread.Days
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	control := inControlRoom(ctx, r.Ubigeo)
	ranked := surface.Ranked(-1)
	if r.Params.By != nil && *r.Params.By == Harm {
		slices.SortStableFunc(ranked, func(a, b hotspots.Ranked) int { return cmp.Compare(harm.Expected[b.Index], harm.Expected[a.Index]) })
	}
	for i, c := range ranked[:min(limit, len(ranked))] {
		at := c.Index
		h := HotCell{Id: c.Cell.String(), Rank: i + 1, Expected: c.Expected, Share: c.Share, Count90: countFor(control, c.Count90), Count365: countFor(control, c.Count365),
			Harm: ptr(harm.Expected[at]), Low: ptr(spread.Low[at]), High: ptr(spread.High[at]), Top: ptr(spread.Top[at]), Few: ptr(spread.Few[at]), Hot: ptr(spread.Hot[at].Hot),
			Place: place(g, surface.Grid.Centre(at)), Ring: []LonLat{}}
		for _, ring := range surface.Grid.Polygon(at) {
			h.Ring = append(h.Ring, ring...)
			break
		}
		out.Cells = append(out.Cells, h)
	}
	return out, nil
}

// sureOf tells how sure a cell's forecast is and what harm it is made of.
func (s *server) sureOf(ctx context.Context, ubigeo string, surface *hotspots.Surface, cell int, out *GetHotCell200JSONResponse) error {
	if surface.Sample == 0 {
		return nil
	}
	table, err := s.cfg.Store.HarmWeights(ctx, ubigeo)
	if err != nil {
		return err
	}
	sp := surface.Spread()
	hot := sp.Hot[cell]
	out.Sure = &CellSure{Days: sp.Days, Mean: sp.Mean[cell], Low: sp.Low[cell], High: sp.High[cell], Top: sp.Top[cell], TopK: sp.K, Few: sp.Few[cell],
		Hot: hot.Hot, Z: hot.Z, Q: hot.Q, Periods: sp.Periods}
	harm := surface.Harm(table)
	out.Harm = &harm.Expected[cell]
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
