package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// TestForecastSettings: weights and model are the district's own, recorded, and
// refused where they cannot be used.
func TestForecastSettings(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	row := fleet.AuditRow{Ubigeo: here, At: noon, Username: "ana", Action: "harm.save"}
	same(t, "no weights", hotspots.HarmTable{}, must(s.HarmWeights(ctx, here))(t))
	check(t, s.SaveHarmWeights(ctx, here, hotspots.HarmTable{"hurto": 3, "robo": 7.5}, row))
	check(t, s.SaveHarmWeights(ctx, here, hotspots.HarmTable{"robo": 8}, row))
	same(t, "weights", hotspots.HarmTable{"robo": 8}, must(s.HarmWeights(ctx, here))(t))
	same(t, "of another district", hotspots.HarmTable{}, must(s.HarmWeights(ctx, "130102"))(t))
	wantKind(t, "over the cap", s.SaveHarmWeights(ctx, here, hotspots.HarmTable{"robo": 31}, row), fleet.ErrInvalid)
	check(t, s.SaveForecastModel(ctx, here, "etas365", noon, row))
	same(t, "model", "etas365", must(s.ForecastModel(ctx, here))(t))
	wantKind(t, "a label", s.SaveForecastModel(ctx, here, "gistar", noon, row), fleet.ErrInvalid)
	check(t, s.SaveForecastModel(ctx, here, "", noon, row))
	same(t, "usual model", "", must(s.ForecastModel(ctx, here))(t))
	if rows := must(s.AuditRows(ctx, here, 10))(t); len(rows) != 4 {
		t.Errorf("%d rows of audit", len(rows))
	}
}

// TestBacktests: one is kept as it goes on, newest first, and only so many.
func TestBacktests(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	for i := range 22 {
		check(t, s.SaveBacktest(ctx, store.Backtest{Ubigeo: here, ID: fmt.Sprintf("b%02d", i), By: "ana", At: noon.Add(time.Duration(i) * time.Minute), Body: json.RawMessage(`{"done":1}`)}))
	}
	check(t, s.SaveBacktest(ctx, store.Backtest{Ubigeo: here, ID: "b21", By: "ana", At: noon.Add(21 * time.Minute), Body: json.RawMessage(`{"done":2}`)}))
	check(t, s.TouchBacktest(ctx, here, "b21"))
	got := must(s.Backtests(ctx, here))(t)
	if len(got) != 20 || got[0].ID != "b21" || string(got[0].Body) != `{"done":2}` || got[19].ID != "b02" || got[0].Silent < 0 {
		t.Errorf("%d backtests, the first %+v", len(got), got[0])
	}
}

// TestIncidentState: what comes or goes changes the state, and what came since
// can be asked for.
func TestIncidentState(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	same(t, "none", store.IncidentState{}, must(s.IncidentState(ctx, here))(t))
	in := func(key string) hotspots.Incident {
		return hotspots.Incident{Key: key, At: noon, Point: orb.Point{-79, -8}}
	}
	must2 := func(_, _ int, err error) { check(t, err) }
	must2(s.SaveIncidents(ctx, here, []hotspots.Incident{in("a")}))
	first := must(s.IncidentState(ctx, here))(t)
	must2(s.SaveIncidents(ctx, here, []hotspots.Incident{in("a"), in("b")}))
	second := must(s.IncidentState(ctx, here))(t)
	if first.Count != 1 || second.Count != 2 || !second.Changed.After(first.Changed) {
		t.Errorf("%+v, then %+v", first, second)
	}
	since := must(s.IncidentsSince(ctx, here, first.Changed, 10))(t)
	if len(since) != 1 || since[0].Key != "b" {
		t.Errorf("since then %+v", since)
	}
}
