package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestJobsThatWait(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	body := json.RawMessage(`{"id": "a", "shift": "2026-11-21/noche"}`)
	asked := json.RawMessage(`{"seconds": 20}`)
	check(t, s.SaveJob(ctx, here, "begun", body, nil))
	check(t, s.ReleaseJob(ctx, here, "begun too", body, nil))
	check(t, s.SaveJob(ctx, here, "waiting", body, asked))
	same(t, "another process speaks of it", 0, len(must(s.TakeJobs(ctx, time.Hour))(t)))
	check(t, s.ReleaseJob(ctx, here, "waiting", body, asked))
	check(t, s.ReleaseJob(ctx, "010204", "waiting", body, asked))
	taken := must(s.TakeJobs(ctx, time.Hour))(t)
	if len(taken) != 2 || taken[0].Ubigeo != here || taken[0].ID != "waiting" || string(taken[0].Request) != string(asked) || taken[1].Ubigeo != "010204" {
		t.Fatalf("taken over: %+v", taken)
	}
	same(t, "taken only once", 0, len(must(s.TakeJobs(ctx, time.Hour))(t)))
	check(t, s.SaveJob(ctx, here, "waiting", body, nil))
	same(t, "begun ones are not taken", 1, len(must(s.TakeJobs(ctx, -time.Hour))(t))) // the other district's, at once

	all := must(s.Jobs(ctx, here, "2026-11-21/noche"))(t)
	if len(all) != 3 || all[0].Silent > time.Hour || all[1].Silent < time.Hour {
		t.Errorf("of the shift: %+v", all)
	}
	same(t, "of another shift", 0, len(must(s.Jobs(ctx, here, fleet.ShiftID("2026-11-22/noche")))(t)))
}
