package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// A calculation that the service's end cuts short is told of afterwards: the one
// at work keeps its best plan, one that waited or was killed has failed and says
// so.
func TestJobsOutliveTheirProcess(t *testing.T) {
	url := storetest.URL(t)
	on := func(c *appConfig) { c.Store = store.Config{URL: url} }
	a, _, err := small(t, on)
	must(t, err)
	end := running(t, a)
	d, err := a.store.District(t.Context(), "130102")
	must(t, err)
	seconds := 120
	var ids []string
	for range 2 {
		j, err := a.planner.StartPlan(t.Context(), d, "rosa", api.PlanRequest{Shift: "2026-11-21/noche", Seconds: &seconds})
		must(t, err)
		ids = append(ids, j.Id)
	}
	eventually(t, patience, "a plan to keep", func() bool {
		j, err := a.planner.Job(t.Context(), "130102", ids[0])
		return err == nil && (j.Best != nil || j.State == api.Done)
	})
	must(t, end())
	a.Close()

	b, err := newApp(t.Context(), appConfig{Store: store.Config{URL: url}, Listen: "127.0.0.1:0"})
	must(t, err)
	defer b.Close()
	first, err := b.planner.Job(t.Context(), "130102", ids[0])
	if err != nil || first.State != api.Done || first.Plan == nil {
		t.Errorf("the calculation at work: %+v, %v", first, err)
	}
	second, err := b.planner.Job(t.Context(), "130102", ids[1])
	if err != nil || second.State != api.Queued {
		t.Errorf("the calculation that waited: %+v, %v", second, err)
	}
	if _, err := b.planner.Job(t.Context(), "010203", ids[1]); !errors.Is(err, fleet.ErrNotFound) {
		t.Errorf("asked for in another district: %v", err)
	}

	// What waits is taken over by the next process, as it was asked for, and left
	// again if that ends too.
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 {
		next := newPlanner(b)
		next.takeOver(t.Context())
		next.takeOver(t.Context())
		select {
		case j := <-next.queue:
			if len(next.queue) > 0 || j.body.Id != ids[1] || j.by != "rosa" || j.req.Shift != "2026-11-21/noche" || *j.req.Seconds != seconds || j.d.Ubigeo != "130102" {
				t.Errorf("taken over: %+v by %s, and %d more", j.body, j.by, len(next.queue))
			}
		default:
			t.Fatal("the calculation that waited was not taken over")
		}
		next.beat(over)
	}
	list, err := b.planner.Jobs(t.Context(), "130102", "2026-11-21/noche")
	if err != nil || len(list) != 2 || list[0].Id != ids[1] || list[1].State != api.Done {
		t.Errorf("of the shift: %+v, %v", list, err)
	}

	// A process that was killed says nothing any more.
	killed := api.Job{Id: "k1", State: api.Running, Shift: "2026-11-21/noche", Seconds: 20, History: []api.JobPoint{}}
	raw, err := json.Marshal(killed)
	must(t, err)
	must(t, b.store.SaveJob(t.Context(), store.PlanJob{Ubigeo: "130102", ID: "k1", Owner: "killed", Body: raw}))
	if j, err := b.planner.Job(t.Context(), "130102", "k1"); err != nil || j.State != api.Running {
		t.Errorf("one that another process works on: %+v, %v", j, err)
	}
	if _, err := b.planner.StopJob(t.Context(), "130102", "k1"); !errors.Is(err, fleet.ErrInvalid) {
		t.Errorf("stopping it from here: %v", err)
	}
	b.planner.lost = -time.Minute
	j, err := b.planner.StopJob(t.Context(), "130102", "k1")
	if err != nil || j.State != api.Failed || j.Message == nil || *j.Message != jobEnded {
		t.Errorf("one whose process is gone: %+v, %v", j, err)
	}
}

// A calculation that is stopped while it waits is not done, neither by this
// process when its turn comes nor by the one after.
func TestAJobStoppedWhileItWaits(t *testing.T) {
	a, _, err := small(t, func(*appConfig) {})
	must(t, err)
	defer a.Close()
	d, err := a.store.District(t.Context(), "130102")
	must(t, err)
	p, seconds := newPlanner(a), 120 // nobody works its queue
	asked, err := p.StartPlan(t.Context(), d, "rosa", api.PlanRequest{Shift: "2026-11-21/noche", Seconds: &seconds})
	must(t, err)
	for range 2 {
		j, err := p.StopJob(t.Context(), "130102", asked.Id)
		if err != nil || j.State != api.Stopped || j.Message == nil || *j.Message != jobStopped {
			t.Fatalf("stopped: %+v, %v", j, err)
		}
	}
	p.work(t.Context(), <-p.queue)
	next := newPlanner(a)
	next.lost = -time.Minute
	next.takeOver(t.Context())
	if n := len(next.queue); n != 0 {
		t.Errorf("the next process takes over %d calculations", n)
	}
	for name, q := range map[string]*planner{"its own process": p, "the next": next} {
		if j, err := q.Job(t.Context(), "130102", asked.Id); err != nil || j.State != api.Stopped || j.Plan != nil {
			t.Errorf("%s says: %+v, %v", name, j, err)
		}
	}
}

// A process that was cut off while a calculation waited does not do it any more
// once another has taken it over, and asks the store how far it is.
func TestAJobIsCalculatedByWhoHasIt(t *testing.T) {
	a, _, err := small(t, func(*appConfig) {})
	must(t, err)
	defer a.Close()
	d, err := a.store.District(t.Context(), "130102")
	must(t, err)
	first, second, seconds := newPlanner(a), newPlanner(a), 1
	second.lost = -time.Minute // it has not heard of the first for long
	asked, err := first.StartPlan(t.Context(), d, "rosa", api.PlanRequest{Shift: "2026-11-21/noche", Seconds: &seconds})
	must(t, err)
	second.takeOver(t.Context())
	first.work(t.Context(), <-first.queue)
	if j, err := first.Job(t.Context(), "130102", asked.Id); err != nil || j.State != api.Queued {
		t.Errorf("the first says of what the second has: %+v, %v", j, err)
	}
	second.work(t.Context(), <-second.queue)
	for name, p := range map[string]*planner{"first": first, "second": second} {
		if j, err := p.Job(t.Context(), "130102", asked.Id); err != nil || j.State != api.Done || j.Plan == nil {
			t.Errorf("the %s says of what is done: %+v, %v", name, j, err)
		}
	}
	plans, err := a.store.PlansOfShift(t.Context(), "130102", "2026-11-21/noche")
	if err != nil || len(plans) != 1 {
		t.Errorf("%d plans, %v", len(plans), err)
	}
}

// However late the store is told that a calculation goes on, it is told last
// how it ended.
func TestAJobsEndIsKeptLast(t *testing.T) {
	a, _, err := small(t, func(*appConfig) {})
	must(t, err)
	defer a.Close()
	d, err := a.store.District(t.Context(), "130102")
	must(t, err)
	p, seconds := newPlanner(a), 1
	asked, err := p.StartPlan(t.Context(), d, "rosa", api.PlanRequest{Shift: "2026-11-21/noche", Seconds: &seconds})
	must(t, err)
	j := <-p.queue
	var telling sync.WaitGroup
	for range 8 {
		telling.Go(func() { p.keepNow(j) })
	}
	p.update(j, true, func(b *api.Job) { b.State = api.Stopped })
	telling.Wait()
	if k, err := newPlanner(a).Job(t.Context(), "130102", asked.Id); err != nil || k.State != api.Stopped {
		t.Errorf("the store says: %+v, %v", k, err)
	}
}

// What cannot be planned is told with the unit that is the cause.
func TestPlanningWords(t *testing.T) {
	afar := fleet.Unit{ID: "M1", CallSign: "Halcón 1", Base: orb.Point{-70, -12}}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{patrol.BaseError{Unit: afar}, "La base de la unidad Halcón 1 está lejos"},
		{fmt.Errorf("draft: %w", patrol.BaseError{Unit: fleet.Unit{ID: "M2"}}), "abierta al vehículo de la unidad M2"},
		{errNoUnits, "Ninguna unidad trabaja"},
	} {
		if said, ok := inSpanish(tc.err); !ok || !strings.Contains(said.Error(), tc.want) || !errors.Is(said, fleet.ErrInvalid) {
			t.Errorf("%v is told as %q, want %q", tc.err, said, tc.want)
		}
	}
	if said, ok := inSpanish(errors.New("the disk is full")); ok {
		t.Errorf("what nobody asked for is told as %q", said)
	}
}

func TestFiguresThatAreNotKnown(t *testing.T) {
	var b strings.Builder
	must(t, printRawFigures(&b, []byte(`{"km": 7, "police_overlap_blind_pct": null}`)))
	if got, want := b.String(), "km                         7\npolice_overlap_blind_pct   not known\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
