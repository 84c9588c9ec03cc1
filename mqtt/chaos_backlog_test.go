package mqtt

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestChaosBacklogDuringLiveTraffic has 50 devices come back from two hours
// without coverage at once, half of them with a message a fix and half with
// lists, while others report live.
func TestChaosBacklogDuringLiveTraffic(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	begun := time.Now()
	old := func(n, of int) string { // the n-th of so many fixes of two hours
		at := begun.Add(-2*time.Hour + 2*time.Hour*time.Duration(n)/time.Duration(of+1))
		return fmt.Sprintf(`{"ts":%d,"lat":-8.08,"lon":-79.0,"seq":%d}`, at.UnixMilli(), n)
	}
	url := "tcp://" + b.Addr()
	live := &trackers{s: s, url: url, pace: 10 * time.Millisecond, inflight: 1}
	single := &trackers{s: s, url: url, inflight: 20, fix: func(_ string, n int) string { return old(n, 240) }}
	lists := &trackers{s: s, url: url, inflight: 2, fix: func(_ string, n int) string {
		var list []string
		for k := range 60 {
			list = append(list, old(60*n+k, 720))
		}
		return "[" + strings.Join(list, ",") + "]"
	}}
	here, back, bulk := names("L", 5), names("S", 25), names("B", 25)
	liveDone := live.send(here, 100)
	live.reached(20)
	singleDone, listsDone := single.send(back, 240), lists.send(bulk, 12)
	liveDone()
	singleDone()
	listsDone()
	s.holds(here, 100)
	s.holds(back, 240)
	s.holds(bulk, 720)
	for _, d := range []struct {
		id   string
		late bool
	}{{here[0], false}, {back[0], true}, {bulk[0], true}} {
		fixes, err := s.store.Fixes(t.Context(), "130102", d.id, begun.Add(-3*time.Hour), begun.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fixes {
			aged := f.Received.Sub(f.Time) > fleet.BacklogAfter
			if aged != d.late && f.Seq < 200 || aged && f.Flags&fleet.FlagBacklog == 0 {
				t.Errorf("%s %d: received %s after its time, flags %q", d.id, f.Seq, f.Received.Sub(f.Time), f.Flags)
			}
		}
	}
	last, err := s.store.LastFixes(t.Context(), "130102")
	if err != nil {
		t.Fatal(err)
	}
	newest := map[string]int64{}
	for _, f := range last {
		newest[f.Device] = f.Seq
	}
	for _, c := range []struct {
		ids  []string
		want int64
	}{{here, 99}, {back, 239}, {bulk, 719}} {
		for _, id := range c.ids {
			if newest[id] != c.want {
				t.Errorf("the last position of %s is number %d, not %d", id, newest[id], c.want)
			}
		}
	}
}
