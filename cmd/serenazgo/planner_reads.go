package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Check lists what is wrong with a plan on the streets of its shift.
func (p *planner) Check(ctx context.Context, d fleet.District, plan patrol.Plan) ([]patrol.Violation, error) {
	shift, err := p.shift(ctx, d, plan.Shift)
	if err != nil {
		return nil, err
	}
	g, _, err := p.a.streets.get(ctx, d, [2]time.Time{shift.Start, shift.End})
	if err != nil {
		return nil, err
	}
	if plan.State != patrol.Superseded {
		p.warm(d, plan) // who looks at a plan may change it
	}
	in := patrol.DraftInput{District: d, Graph: g, Shift: shift}
	if in.Loc, err = d.Location(); err != nil {
		return nil, err
	}
	if in.Units, err = p.unitsOfPlan(ctx, d, plan); err != nil {
		return nil, err
	}
	if err := districtTerms(ctx, p.a.store, &in); err != nil {
		return nil, err
	}
	return append(patrol.Review(plan, g, patrol.Span{Start: shift.Start, End: shift.End}), patrol.Keeps(plan, in)...), nil
}

func (p *planner) shift(ctx context.Context, d fleet.District, id fleet.ShiftID) (fleet.Shift, error) {
	loc, err := d.Location()
	if err != nil {
		return fleet.Shift{}, err
	}
	defs, err := p.a.store.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return fleet.Shift{}, err
	}
	return fleet.ResolveShift(id, defs, loc)
}

// Forecast gives the expected incidents of a shift.
func (p *planner) Forecast(ctx context.Context, d fleet.District, shift fleet.Shift) (*hotspots.Surface, error) {
	return p.fits.get(ctx, d, shift, p.a.now())
}

// StreetReport gives the report of the last import, and every version.
func (p *planner) StreetReport(ctx context.Context, ubigeo string) (api.StreetReport, error) {
	vs, err := p.a.store.StreetVersions(ctx, ubigeo)
	if err != nil {
		return api.StreetReport{}, err
	}
	out := api.StreetReport{Versions: []api.StreetVersion{}}
	for _, v := range vs {
		by := v.ImportedBy
		out.Versions = append(out.Versions, api.StreetVersion{Version: v.Version, Source: v.Source, ImportedAt: v.ImportedAt, ImportedBy: &by, Current: v.Current})
		if v.Current && len(v.Report) > 0 {
			r := json.RawMessage(v.Report)
			out.Report = &r
		}
	}
	return out, nil
}
