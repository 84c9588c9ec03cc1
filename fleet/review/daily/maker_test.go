package daily_test

import (
	"bytes"
	"context"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const ubigeo = "130102"

// drive reports every five seconds on the way from one place to another and back.
func drive(a, b orb.Point, from time.Time, n int) (out []fleet.Fix) {
	nan := math.NaN()
	for i := range n {
		f := float64(i%80) / 40
		if f > 1 {
			f = 2 - f
		}
		at := from.Add(time.Duration(i) * 5 * time.Second)
		out = append(out, fleet.Fix{Ubigeo: ubigeo, Device: "g1", Unit: "C1", Time: at, Received: at.Add(time.Second), Seq: int64(i),
			Point: orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}, Speed: nan, Course: nan, Accuracy: 5, Altitude: nan, Battery: nan})
	}
	return out
}

// world is a district with a unit whose facts can be made.
type world struct {
	st    *store.Store
	m     *daily.Maker
	p     review.Period
	begin time.Time
	line  orb.LineString // of a street
	must  func(error)
}

func newWorld(t *testing.T) world {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	begin := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC) // 10:00 in Lima
	now := begin.Add(72 * time.Hour)
	st := storetest.Open(t, store.Config{Now: func() time.Time { return now }})
	must(st.SaveDistrict(ctx, fleet.District{Ubigeo: ubigeo, Name: "El Porvenir"}))
	must(st.SaveUnit(ctx, fleet.Unit{Ubigeo: ubigeo, ID: "C1", CallSign: "C1", Mode: routing.Car, Active: true, Device: "g1"}))
	g := routingtest.Draw("a--------b--------c\n|        |        |\n|        |        |\nd--------e--------f").Graph
	w := watch.New(watch.Config{Source: st, Now: func() time.Time { return now }, Emit: func(watch.Event) {},
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			return g, "v1", nil
		}})
	m := &daily.Maker{Source: st, Watch: w, Profile: review.Profile{ID: "test/1", Bands: review.DefaultBands(), Terms: review.DefaultTerms()}, Now: func() time.Time { return now }}
	return world{st, m, review.Period{From: "2026-11-20", To: "2026-11-22"}, begin, g.Segments[0].Line, must}
}

func TestDaysAreMadeOnceAndAgainWhenFixesComeLate(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	st, m, p, line, must := w.st, w.m, w.p, w.line, w.must
	send := func(fixes []fleet.Fix) {
		t.Helper()
		_, err := st.StoreFixes(ctx, fixes)
		must(err)
	}
	due := func(want ...string) {
		t.Helper()
		got, err := m.Due(ctx, ubigeo, p, false)
		must(err)
		if len(got) != len(want) || len(want) > 0 && got[0] != want[0] {
			t.Fatalf("due %v, want %v", got, want)
		}
		must(m.MakeAll(ctx, ubigeo, got, func(string) {}))
	}
	km := func() float64 {
		t.Helper()
		r, err := m.Review(ctx, ubigeo, review.Query{Period: p})
		must(err)
		for _, i := range r.Indicators {
			if i.Key == review.KeyKm && i.Municipal.Value != nil {
				return *i.Municipal.Value
			}
		}
		return 0
	}
	fixes := drive(line[0], line[len(line)-1], w.begin, 400)
	send(fixes[:100])
	send(fixes[200:])
	due("2026-11-20", "2026-11-21") // the night of the 20th ends on the 21st (UTC)
	first := km()
	if first <= 0 {
		t.Fatal("nothing driven")
	}
	kept, err := st.ReviewDays(ctx, ubigeo, p.From, p.To)
	must(err)
	due()
	must(m.Make(ctx, ubigeo, "2026-11-21"))
	again, err := st.ReviewDays(ctx, ubigeo, p.From, p.To)
	must(err)
	if len(kept) != 2 || len(again) != 2 || !bytes.Equal(kept[1].Body, again[1].Body) {
		t.Fatal("made twice of the same fixes, facts differ")
	}
	send(fixes[100:200])
	due("2026-11-21")
	if got := km(); got <= first {
		t.Errorf("%.2f km with the late fixes, %.2f without", got, first)
	}
	due()
}

// TestStreetsOfAPeriod: the street that was driven is the municipality's, of the
// shifts in which it was heard; the others are nobody's.
func TestStreetsOfAPeriod(t *testing.T) {
	ctx := t.Context()
	w := newWorld(t)
	_, err := w.st.StoreFixes(ctx, drive(w.line[0], w.line[len(w.line)-1], w.begin, 400))
	w.must(err)
	due, err := w.m.Due(ctx, ubigeo, w.p, false)
	w.must(err)
	w.must(w.m.MakeAll(ctx, ubigeo, due, func(string) {}))
	g := routingtest.Draw("a--------b--------c\n|        |        |\n|        |        |\nd--------e--------f").Graph
	w.m.Streets = func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
		return g, "v1", nil
	}
	streets, err := w.m.StreetPresence(ctx, ubigeo, review.Query{Period: w.p})
	w.must(err)
	if len(streets) != len(g.Segments) {
		t.Fatalf("%d streets of %d", len(streets), len(g.Segments))
	}
	for _, s := range streets {
		want := review.Nobody
		if s.ID == g.Segments[0].ID {
			want = review.OnlyMunicipal
		}
		if s.Presence != want || s.Shifts != 1 || s.PoliceOf != 0 || (s.Municipal == 1) != (want == review.OnlyMunicipal) || s.Police+s.Both+s.Integrated != 0 {
			t.Errorf("%s: %+v, want %s", s.ID, s.StreetRow, want)
		}
	}
	// In a shift of another name nobody was heard.
	streets, err = w.m.StreetPresence(ctx, ubigeo, review.Query{Period: w.p, Shift: "noche"})
	w.must(err)
	for _, s := range streets {
		if s.Shifts != 0 || s.Presence != review.Nobody {
			t.Errorf("at night %+v", s.StreetRow)
		}
	}
}
