package store_test

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// lastOn opens a store of its own on a schema, as another process does.
func lastOn(t *testing.T, url string) *store.Store {
	t.Helper()
	s := must(store.Open(t.Context(), store.Config{URL: url, MaxConns: 4, Now: func() time.Time { return noon.Add(time.Hour) }}))(t)
	t.Cleanup(s.Close)
	return s
}

// A position that its process did not come to write is found by the next start.
func TestLastFixesOfAProcessThatDied(t *testing.T) {
	url, ctx := storetest.URL(t), t.Context()
	died := lastOn(t, url) // it lives, but writes nothing before this test is over
	newest := fix("130102", "a", noon.Add(10*time.Second), 2)
	zero := fix("130102", "a", noon.Add(20*time.Second), 3)
	zero.Flags = fleet.FlagZero
	must(died.StoreFixes(ctx, []fleet.Fix{fix("130102", "a", noon, 1), newest, zero}))(t)
	next := lastOn(t, url)
	var last []fleet.Fix
	for end := time.Now().Add(time.Minute); len(last) == 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		last = must(next.LastFixes(ctx, "130102"))(t)
	}
	same(t, "last", []fleet.Fix{newest}, last)
}

// Two processes take the fixes of one device; neither takes it back.
func TestLastFixesOfTwoProcesses(t *testing.T) {
	url, ctx := storetest.URL(t), t.Context()
	a, b := lastOn(t, url), lastOn(t, url)
	older, newer := fix("130102", "a", noon, 1), fix("130102", "a", noon.Add(10*time.Second), 2)
	must(a.StoreFixes(ctx, []fleet.Fix{newer}))(t)
	must(b.StoreFixes(ctx, []fleet.Fix{older}))(t)
	for _, s := range []*store.Store{a, b, a} {
		same(t, "last", []fleet.Fix{newer}, must(s.LastFixes(ctx, "130102"))(t))
	}
	if d := must(a.DirtyDays(ctx, "130102"))(t); len(d) != 1 || !d[0].First.Equal(noon) {
		t.Errorf("a fix that another process had overtaken before this one knew the device marked %v", d)
	}
}

// A device goes on at another process and comes back: what it sends then from
// before is late, once this process has heard of the rest.
func TestOvertakenAtAnotherProcess(t *testing.T) {
	url, ctx := storetest.URL(t), t.Context()
	here, there := lastOn(t, url), lastOn(t, url)
	first, newer := fix("130102", "a", noon, 1), fix("130102", "a", noon.Add(20*time.Second), 2)
	flagged := fix("130102", "a", noon.Add(time.Minute), 9)
	flagged.Flags = fleet.FlagZero
	must(here.StoreFixes(ctx, []fleet.Fix{first}))(t)
	must(there.StoreFixes(ctx, []fleet.Fix{newer, flagged}))(t)
	here.Heard([]fleet.Fix{newer, flagged, fix("130102", "of nobody met yet", noon, 1)})
	must(here.StoreFixes(ctx, []fleet.Fix{fix("130102", "a", noon.Add(30*time.Second), 3)}))(t)
	same(t, "marked by a fix after the usable ones", []fleet.DirtyDay(nil), must(here.DirtyDays(ctx, "130102"))(t))
	there.Heard([]fleet.Fix{fix("130102", "a", noon.Add(30*time.Second), 3)})
	between := noon.Add(25 * time.Second)
	must(there.StoreFixes(ctx, []fleet.Fix{fix("130102", "a", between, 4)}))(t)
	if d := must(there.DirtyDays(ctx, "130102"))(t); len(d) != 1 || !d[0].First.Equal(between) || d[0].Fixes != 1 {
		t.Errorf("marked: %v", d)
	}
}
