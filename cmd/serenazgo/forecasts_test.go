package main

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// foreseen is a small district with incidents of half a year before a night.
func foreseen(t *testing.T, each int) (*planner, fleet.District, fleet.Shift) {
	t.Helper()
	a := &App{store: storetest.New(t), now: time.Now, log: slog.New(slog.DiscardHandler)}
	a.planner = newPlanner(a)
	d := fleet.District{Ubigeo: "010203", Name: "Aquí", TimeZone: "America/Lima",
		Boundary: orb.MultiPolygon{{{{-79.03, -8.09}, {-79.02, -8.09}, {-79.02, -8.08}, {-79.03, -8.08}, {-79.03, -8.09}}}}}
	must(t, a.store.SaveDistrict(t.Context(), d))
	start := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC) // 22:00 in Lima
	r := rand.New(rand.NewPCG(1, 2))
	var ins []hotspots.Incident
	for i := range 180 * each {
		ins = append(ins, hotspots.Incident{Key: fmt.Sprint("k", i), Type: [3]string{"Hurto"}, At: start.Add(-time.Duration(r.IntN(180*24*60)+60) * time.Minute),
			Point: orb.Point{-79.03 + 0.01*r.Float64()*r.Float64(), -8.09 + 0.01*r.Float64()}})
	}
	_, _, err := a.store.SaveIncidents(t.Context(), d.Ubigeo, ins)
	must(t, err)
	return a.planner, d, fleet.Shift{ID: "2026-11-21/noche", Start: start, End: start.Add(8 * time.Hour)}
}

// TestForecastsKept: a forecast is made once for the same incidents; what comes
// since is in the next one, which is the very one that a new fit gives.
func TestForecastsKept(t *testing.T) {
	p, d, shift := foreseen(t, 3)
	now := shift.Start.Add(time.Hour)
	ask := func() *hotspots.Surface {
		t.Helper()
		s, err := p.fits.get(t.Context(), d, shift, now)
		must(t, err)
		return s
	}
	first := ask()
	for range 2 { // as requests do, each in a reading of the time zone of its own
		loc, err := d.Location()
		must(t, err)
		shift.Start, shift.End = shift.Start.In(loc), shift.End.In(loc)
		if ask() != first {
			t.Error("a forecast was made twice of the same incidents")
		}
	}
	kept := p.fits.kept[0].fit
	save := func(key string, at time.Time) {
		_, _, err := p.a.store.SaveIncidents(t.Context(), d.Ubigeo, []hotspots.Incident{{Key: key, Type: [3]string{"Robo"}, At: at, Known: at, Point: orb.Point{-79.025, -8.085}}})
		must(t, err)
	}
	save("live", now.Add(-time.Minute))
	grown := ask()
	if grown.Sample != first.Sample+1 || p.fits.kept[0].fit != kept {
		t.Errorf("%d incidents after %d; a new fit: %v", grown.Sample, first.Sample, p.fits.kept[0].fit != kept)
	}
	fresh, err := (&forecasts{st: p.a.store}).get(t.Context(), d, shift, now)
	must(t, err)
	for i := range fresh.Expected {
		if math.Abs(fresh.Expected[i]-grown.Expected[i]) > 1e-9 {
			t.Fatalf("cell %d: %v, a new fit says %v", i, grown.Expected[i], fresh.Expected[i])
		}
	}
	save("old", shift.Start.AddDate(0, 0, -20))
	if s := ask(); s.Sample != first.Sample+2 || p.fits.kept[0].fit == kept {
		t.Errorf("%d incidents; an old one was added to weights that did not know it: %v", s.Sample, p.fits.kept[0].fit == kept)
	}
	must(t, p.a.store.SaveForecastModel(t.Context(), d.Ubigeo, "count365", now, fleet.AuditRow{Ubigeo: d.Ubigeo, At: now, Action: "forecast.model"}))
	if s := ask(); s.Model != "count365" {
		t.Errorf("the district's model is count365, the forecast's %s", s.Model)
	}
	for i := range fitsKept + 3 { // other shifts push it out
		other := shift
		other.Start, other.End = shift.Start.AddDate(0, 0, i+1), shift.End.AddDate(0, 0, i+1)
		p.fits.find(fitKey{ubigeo: d.Ubigeo, start: other.Start, end: other.End})
	}
	if len(p.fits.kept) != fitsKept {
		t.Errorf("%d forecasts are kept", len(p.fits.kept))
	}
}

// TestOwnBacktest: one at a time, its result is kept, and the best model is the
// district's from then on; too few incidents are said to be so.
func TestOwnBacktest(t *testing.T) {
	p, d, _ := foreseen(t, 3)
	by := fleet.AuditRow{Ubigeo: d.Ubigeo, At: time.Now(), Username: "rosa", Action: "forecast.backtest"}
	asked, err := p.StartBacktest(t.Context(), d, by)
	must(t, err)
	if _, err := p.StartBacktest(t.Context(), d, by); !errors.Is(err, fleet.ErrConflict) {
		t.Errorf("a second one at a time: %v", err)
	}
	done, err := workBacktest(t.Context(), p.a.store, <-p.tests.next, nil)
	must(t, err)
	kept, err := p.Backtests(t.Context(), d.Ubigeo)
	must(t, err)
	if len(kept) != 1 || kept[0].Id != asked.Id || kept[0].State != api.Complete || kept[0].Chosen == nil || len(*kept[0].Scores) != 3*len(hotspots.ModelNames) || done.Calibration == nil {
		t.Fatalf("%+v", kept)
	}
	model, err := p.a.store.ForecastModel(t.Context(), d.Ubigeo)
	must(t, err)
	if model != *kept[0].Chosen || *kept[0].Scores == nil {
		t.Errorf("model %q, chosen %q", model, *kept[0].Chosen)
	}

	p, d, _ = foreseen(t, 1)
	p.a.planner = p
	b, err := workBacktest(t.Context(), p.a.store, newBacktest(d, by, time.Now()), nil)
	must(t, err)
	if b.State != api.TooFew || b.Message == nil {
		t.Errorf("180 incidents: %+v", b)
	}
}
