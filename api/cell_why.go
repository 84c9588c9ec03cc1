package api

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// GetHotCell says why a cell is expected to have incidents, and to the control
// room when it had them.
func (s *server) GetHotCell(ctx context.Context, r GetHotCellRequestObject) (GetHotCellResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	surface, err := s.cfg.Planner.Forecast(ctx, d, shift)
	if err != nil {
		return nil, err
	}
	id, err := hotspots.ParseCell(r.Id)
	cell, ok := surface.Grid.Index(id)
	if err != nil || !ok {
		return nil, fmt.Errorf("%w: %q is no cell of district %s", fleet.ErrNotFound, r.Id, r.Ubigeo)
	}
	control := inControlRoom(ctx, r.Ubigeo)
	out := GetHotCell200JSONResponse{Id: r.Id, Shift: string(shift.ID)}
	if countFor(control, surface.Count365[cell]) == nil { // one more incident would show in what is told
		out.Why = slices.Grow(out.Why, 1) // empty, not absent
		return out, nil
	}
	out.Expected = ptr(roughly(control, surface.Expected[cell]))
	why := surface.Why(cell)
	shares := make([]float64, len(why))
	for i, w := range why {
		shares[i] = w.Share
	}
	if !control {
		shares = wholeTenths(shares)
	}
	for i, w := range why {
		out.Why = append(out.Why, struct {
			Because CellWhyWhyBecause `json:"because"`
			Near    bool              `json:"near"`
			Share   float64           `json:"share"`
		}{CellWhyWhyBecause(w.Because), w.Near, shares[i]})
	}
	if err := s.sureOf(ctx, r.Ubigeo, surface, cell, &out); err != nil {
		return nil, err
	}
	if control {
		if out.Past, err = s.cellPast(ctx, d, surface.Grid, cell, shift.Start); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// cellPast counts what a cell had in the year before a moment.
func (s *server) cellPast(ctx context.Context, d fleet.District, g *hotspots.Grid, cell int, before time.Time) (*CellPast, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	ins, err := s.cfg.Store.Incidents(ctx, d.Ubigeo, before.AddDate(-1, 0, -1), before)
	if err != nil {
		return nil, err
	}
	p := hotspots.PastOf(g, ins, cell, before, loc)
	out := &CellPast{Count: p.Count, Last28: p.Trend.Last, Before84: p.Trend.Before, Change: p.Trend.Change, RatioLow: &p.Trend.Low}
	if !math.IsInf(p.Trend.High, 1) {
		out.RatioHigh = &p.Trend.High
	}
	for _, day := range p.Week {
		hours := make([]float64, len(day))
		for h, n := range day {
			hours[h] = math.Round(n*100) / 100
		}
		out.Week = append(out.Week, hours)
	}
	return out, nil
}
