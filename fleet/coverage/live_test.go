package coverage

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// ledger keeps fixes as a store does: once each.
type ledger struct {
	mu    sync.Mutex
	fixes map[fixKey]fleet.Fix
	fail  error
}

func (s *ledger) put(f fleet.Fix) (fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := keyOf(&f)
	if _, ok := s.fixes[k]; ok {
		return false
	}
	if s.fixes == nil {
		s.fixes = map[fixKey]fleet.Fix{}
	}
	s.fixes[k] = f
	return true
}

func (s *ledger) all() []fleet.Fix {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []fleet.Fix
	for _, f := range s.fixes {
		out = append(out, f)
	}
	return out
}

func (s *ledger) load(_ context.Context, unit string, from, to time.Time) ([]fleet.Fix, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	var out []fleet.Fix
	for _, f := range s.all() {
		if f.Unit == unit && !f.Time.Before(from) && f.Time.Before(to) {
			out = append(out, f)
		}
	}
	return out, nil
}

// town is a small city without one-ways or bent streets to trip a test drive.
func town() *routing.Graph {
	return routingtest.City(routingtest.Plan{Seed: 5, Cols: 6, Rows: 6, Drop: 0.2})
}

func setup(t testing.TB, g *routing.Graph, units ...Unit) Setup {
	return Setup{Graph: g, Shift: night(t), Units: units, Config: DefaultConfig()}
}

func threeUnits(shift fleet.Shift) []Unit {
	duty := Window{shift.Start, shift.End}
	return []Unit{
		{ID: "C1", Force: Municipal, Mode: routing.Car, Duty: duty},
		{ID: "I1", Force: Integrated, Mode: routing.Motorcycle, Duty: duty},
		{ID: "P1", Force: Police, Mode: routing.Car},
	}
}

// Whatever is lost, late, doubled or out of order on the way, live coverage is
// what the stored fixes say.
func TestLiveIsRecompute(t *testing.T) {
	g := town()
	shift := night(t)
	end := shift.End.Add(time.Hour)
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		set := setup(t, g, threeUnits(shift)...)
		var fixes []fleet.Fix
		for _, u := range set.Units {
			// From 3 minutes before the shift, and round midnight.
			fixes = append(fixes, patrolDrive(g, u.ID, shift.Start.Add(-3*time.Minute), 80, r)...)
			fixes = append(fixes, patrolDrive(g, u.ID, shift.Start.Add(117*time.Minute), 50, r)...)
		}
		for i := range fixes {
			switch {
			case r.IntN(40) == 0:
				fixes[i].Flags |= []fleet.FixFlag{fleet.FlagInvalid, fleet.FlagZero, fleet.FlagAccuracy, fleet.FlagJump}[r.IntN(4)]
			case r.IntN(60) == 0:
				fixes[i].Point[0] += 0.01 // about a kilometre away
			case r.IntN(60) == 0 && i > 0:
				fixes[i].Time = fixes[i-1].Time // two fixes of one instant
			}
		}
		sent := deliver(rt, r, fixes)

		store := &ledger{}
		live, err := NewLive(set, store.load)
		if err != nil {
			rt.Fatal(err)
		}
		now := shift.Start
		for len(sent) > 0 {
			n := 1 + r.IntN(min(20, len(sent)))
			var fresh []fleet.Fix
			for _, f := range sent[:n] {
				if store.put(f) || r.IntN(50) == 0 { // now and then one is announced twice
					fresh = append(fresh, f)
				}
				if f.Time.After(now) {
					now = f.Time
				}
			}
			sent = sent[n:]
			if err := live.OnFresh(fresh); err != nil {
				rt.Fatal(err)
			}
			if r.IntN(20) == 0 {
				if err := live.Refresh(context.Background()); err != nil {
					rt.Fatal(err)
				}
			}
			if r.IntN(10) == 0 {
				live.Snapshot(now)
			}
		}
		if err := live.Refresh(context.Background()); err != nil {
			rt.Fatal(err)
		}
		restarted, err := NewLive(set, store.load)
		if err != nil {
			rt.Fatal(err)
		}
		if err := restarted.Rebuild(context.Background()); err != nil {
			rt.Fatal(err)
		}
		if diff := same(live.Snapshot(now), restarted.Snapshot(now)); diff != "" {
			rt.Fatalf("a restart changes the answer:\n%s", diff)
		}
		if err := live.Finish(context.Background()); err != nil {
			rt.Fatal(err)
		}
		stored := store.all() // in the order of a map: any
		want, _, err := Recompute(set, stored)
		if err != nil {
			rt.Fatal(err)
		}
		s := live.Snapshot(end)
		if diff := same(s, want.Snapshot(end)); diff != "" {
			rt.Fatalf("live is not what the stored fixes say:\n%s", diff)
		}
		if s.Totals.Joint.Km == 0 {
			rt.Fatal("nothing was covered: the test tests nothing")
		}
		for i := range g.Segments {
			a, _ := live.Coverage().Street(routing.SegmentID(i), end)
			b, _ := want.Street(routing.SegmentID(i), end)
			if fmt.Sprint(a) != fmt.Sprint(b) {
				rt.Fatalf("segment %d: live %v, recomputed %v", i, a, b)
			}
		}
	})
}

// deliver loses, delays, doubles and shuffles fixes.
func deliver(rt *rapid.T, r *rand.Rand, fixes []fleet.Fix) []fleet.Fix {
	way := rapid.SampledFrom([]string{"in order", "dropouts", "backlog", "doubled", "shuffled"}).Draw(rt, "way")
	type sent struct {
		f  fleet.Fix
		at time.Time
	}
	var out []sent
	for i, f := range fixes {
		at := f.Time
		switch way {
		case "dropouts":
			if (i/25)%3 == 1 {
				continue
			}
		case "backlog":
			if (i/30)%3 == 1 {
				at = at.Add(20 * time.Minute)
				f.Flags |= fleet.FlagBacklog
			}
		case "doubled":
			if r.IntN(4) == 0 {
				out = append(out, sent{f, at.Add(time.Duration(r.IntN(120)) * time.Second)})
			}
		case "shuffled":
			at = at.Add(time.Duration(r.IntN(3600)) * time.Second)
		}
		out = append(out, sent{f, at})
	}
	for i := 1; i < len(out); i++ { // stable insertion by time of arrival
		for j := i; j > 0 && out[j].at.Before(out[j-1].at); j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	fs := make([]fleet.Fix, len(out))
	for i := range out {
		fs[i] = out[i].f
	}
	return fs
}

func TestLateFixWaitsForRefresh(t *testing.T) {
	g := town()
	shift := night(t)
	set := setup(t, g, threeUnits(shift)...)
	fixes := patrolDrive(g, "C1", shift.Start, 100, rand.New(rand.NewPCG(1, 2)))
	store := &ledger{}
	live, err := NewLive(set, store.load)
	if err != nil {
		t.Fatal(err)
	}
	feed := func(fs ...fleet.Fix) {
		t.Helper()
		for _, f := range fs {
			store.put(f)
		}
		if err := live.OnFresh(fs); err != nil {
			t.Fatal(err)
		}
	}
	feed(fixes[:40]...)
	feed(fixes[41:]...)
	feed(fixes[40])
	if c, _, dirty := live.Counts(); c.Late != 1 || dirty != 1 {
		t.Errorf("%d late, %d units wait; want 1 and 1", c.Late, dirty)
	}
	store.fail = errors.New("no store")
	if err := live.Refresh(context.Background()); !errors.Is(err, store.fail) {
		t.Errorf("a store that fails gives %v", err)
	}
	if _, _, dirty := live.Counts(); dirty != 1 {
		t.Error("a unit that could not be matched anew does not wait any more")
	}
	store.fail = nil
	if err := live.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if c, _, dirty := live.Counts(); c.Used != 100 || dirty != 0 {
		t.Errorf("%d fixes used, %d units wait; want 100 and 0", c.Used, dirty)
	}
	feed(fleet.Fix{Unit: "X9", Time: shift.Start, Point: fixes[0].Point})
	if _, unassigned, _ := live.Counts(); unassigned != 1 {
		t.Errorf("%d fixes of unknown units, want 1", unassigned)
	}
	if err := live.SetUnit(Unit{ID: "C1", Force: Integrated, Mode: routing.Car}); err != nil {
		t.Fatal(err)
	}
	if err := live.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := live.Snapshot(shift.End).Totals; got.Integrated.Km == 0 || got.Integrated != got.Serenazgo {
		t.Errorf("after a police officer came aboard: %+v", got)
	}
}

func TestLiveTogether(t *testing.T) {
	g := town()
	shift := night(t)
	set := setup(t, g, threeUnits(shift)...)
	store := &ledger{}
	live, err := NewLive(set, store.load)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i, u := range set.Units {
		fixes := patrolDrive(g, u.ID, shift.Start, 300, rand.New(rand.NewPCG(uint64(i), 3)))
		for half := range 2 {
			wg.Go(func() {
				for k := half; k < len(fixes); k += 2 {
					store.put(fixes[k])
					if err := live.OnFresh(fixes[k : k+1]); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Go(func() {
		version := uint64(0)
		for k := range 50 {
			if err := live.Refresh(context.Background()); err != nil {
				t.Error(err)
			}
			version = live.Changed(version, shift.Start.Add(time.Duration(k)*time.Minute)).Version
			live.Counts()
		}
	})
	wg.Wait()
	if err := live.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	want, _, err := Recompute(set, store.all())
	if err != nil {
		t.Fatal(err)
	}
	if diff := same(live.Snapshot(shift.End), want.Snapshot(shift.End)); diff != "" {
		t.Error(diff)
	}
}
