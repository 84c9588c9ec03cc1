package store_test

import (
	"testing"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestRiskFactors(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	audit := fleet.AuditRow{Ubigeo: here, At: noon, Username: "ana", Action: "risk.save"}
	bar := risk.Factor{ID: "a", Kind: risk.Bar, Name: "El Faro\x00", Geometry: orb.Point{-78.5, -5.6}, Source: "x"}
	unlit := risk.Factor{ID: "b", Kind: risk.Unlit, Geometry: orb.LineString{{-78.5, -5.6}, {-78.51, -5.6}}, Simulated: true}
	drawn := risk.Factor{ID: "c", Kind: risk.VacantLot, Geometry: orb.Polygon{{{-78, -5}, {-77, -5}, {-77, -4}, {-78, -5}}}}
	check(t, s.ReplaceFactors(ctx, here, "luces.csv", []risk.Factor{bar, unlit}, audit))
	check(t, s.SaveFactor(ctx, here, drawn, audit))
	bar.Name, bar.Source, unlit.Source = "El Faro\uFFFD", "luces.csv", "luces.csv"
	same(t, "factors", []risk.Factor{bar, unlit, drawn}, must(s.Factors(ctx, here))(t))
	same(t, "another district's", 0, len(must(s.Factors(ctx, "010204"))(t)))

	check(t, s.ReplaceFactors(ctx, here, "luces.csv", []risk.Factor{bar}, audit))
	same(t, "a source tells anew, what was drawn stays", []risk.Factor{bar, drawn}, must(s.Factors(ctx, here))(t))
	bad := bar
	bad.Kind = "casino"
	wantKind(t, "unknown kind", s.ReplaceFactors(ctx, here, "luces.csv", []risk.Factor{unlit, bad}, audit), fleet.ErrInvalid)
	wantKind(t, "no source", s.ReplaceFactors(ctx, here, "", nil, audit), fleet.ErrInvalid)
	same(t, "nothing was changed", 2, len(must(s.Factors(ctx, here))(t)))
	check(t, s.DeleteFactor(ctx, here, "c", audit))
	wantKind(t, "gone already", s.DeleteFactor(ctx, here, "c", audit), fleet.ErrNotFound)

	same(t, "settings of none", risk.DefaultSettings(), must(s.RiskSettings(ctx, here))(t))
	own := risk.Settings{Share: 0.5, Terms: map[risk.Kind]risk.Term{risk.Bar: {Weight: 2, Reach: 90}}}
	check(t, s.SaveRiskSettings(ctx, here, own, audit))
	same(t, "settings", own, must(s.RiskSettings(ctx, here))(t))
	own.Share = 2
	wantKind(t, "no share", s.SaveRiskSettings(ctx, here, own, audit), fleet.ErrInvalid)
}

func TestPriorityAreas(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	audit := fleet.AuditRow{Ubigeo: here, At: noon, Username: "ana", Action: "priority.refuse"}
	shape := orb.MultiPolygon{{{{-78, -5}, {-77, -5}, {-77, -4}, {-78, -5}}}}
	area := journal.Fence{ID: "p1", Name: "Mercado", Kind: journal.Priority, Geometry: shape,
		Term: journal.Term{Level: risk.High, From: "2026-11-01", Until: "2026-11-30", Shifts: []string{"noche"}}}
	sector := journal.Fence{ID: "s1", Name: "Sector 1", Kind: journal.Sector, Geometry: shape}
	check(t, s.SaveFence(ctx, here, area))
	check(t, s.SaveFence(ctx, here, sector))
	same(t, "with its term", []journal.Fence{area, sector}, must(s.Fences(ctx, here))(t))
	late := area
	late.Term.Until = "2026-10-01"
	wantKind(t, "ends before it begins", s.SaveFence(ctx, here, late), fleet.ErrInvalid)

	cell, err := hotspots.CellOf(orb.Point{-78, -5}, risk.Res)
	check(t, err)
	r := risk.Refusal{Cell: cell, Shift: "noche", Until: "2026-12-01", Reason: "hay comisaría", By: "ana", At: noon}
	check(t, s.SaveRefusal(ctx, here, r, audit))
	same(t, "on its last day", []risk.Refusal{r}, must(s.Refusals(ctx, here, "noche", "2026-12-01"))(t))
	same(t, "the day after", 0, len(must(s.Refusals(ctx, here, "noche", "2026-12-02"))(t)))
	same(t, "another shift's", 0, len(must(s.Refusals(ctx, here, "tarde", "2026-12-01"))(t)))
	r.Until = "mañana"
	wantKind(t, "no date", s.SaveRefusal(ctx, here, r, audit), fleet.ErrInvalid)
}
