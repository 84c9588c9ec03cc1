package mqtt

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// TestChaosClocksJump sets the clock of the service three days back and three
// days ahead, and those of devices to 1970, to 2038 and a day off, while the
// network is cut so that fixes come again under another clock. Every fix is
// kept once: among the positions, or in quarantine if its time cannot be.
func TestChaosClocksJump(t *testing.T) {
	var off atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(off.Load())) }
	st := storetest.Open(t, store.Config{Now: clock})
	s := newSiteOn(t, st)
	b := s.broker(func(c *BrokerConfig) { c.Now = clock })
	l := newLink(t, b.Addr())
	begun := time.Now()
	wrong := []time.Duration{0, 0, -24 * time.Hour, 26 * time.Hour, time.Until(time.Unix(3, 0)), time.Until(time.Unix(1<<31-1, 0))}
	tr := &trackers{s: s, url: "tcp://" + l.addr(), fix: func(device string, n int) string {
		at := begun.Add(time.Duration(n) * time.Second)
		if device == "C05" { // the clock of this one goes wrong on the way
			at = at.Add(wrong[n%len(wrong)])
		}
		return fmt.Sprintf(`{"ts":%d,"lat":-8.08,"lon":-79.0,"seq":%d}`, at.UnixMilli(), n)
	}}
	ids, each := names("C", 6), 120
	done := tr.send(ids, each)
	for i, jump := range []time.Duration{-72 * time.Hour, 72 * time.Hour, -72 * time.Hour, 0} {
		tr.reached(int64(100 + 120*i))
		l.stall()
		eventually(t, "the queue written", func() bool { return s.in.Stats().Queued == 0 })
		off.Store(int64(jump))
		l.cut()
		l.heal()
	}
	done()
	if s.in.Stats().Known == 0 && tr.resent.Load() == 0 {
		t.Error("the cuts met nothing")
	}

	odd, err := st.Quarantine(t.Context(), "130102", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string][]int64{}
	for _, q := range odd {
		kept[q.Device] = append(kept[q.Device], q.Seq)
	}
	if len(odd) == 0 {
		t.Error("no time was impossible")
	}
	for _, id := range ids {
		fixes, err := st.Fixes(t.Context(), "130102", id, begun.Add(-72*time.Hour), begun.Add(96*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		got := kept[id]
		for _, f := range fixes {
			got = append(got, f.Seq)
			if ahead := f.Time.Sub(f.Received) > fleet.FutureLimit; ahead != (f.Flags&fleet.FlagFuture != 0) {
				t.Errorf("%s %d: flags %s, %s before its reception", id, f.Seq, f.Flags, f.Received.Sub(f.Time))
			}
		}
		slices.Sort(got)
		want := make([]int64, each)
		for n := range want {
			want[n] = int64(n)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: kept %d of %d: %v", id, len(got), each, differences(want, got))
		}
	}
	if n := len(s.letters()); n > 0 {
		t.Errorf("%d dead letters", n)
	}
}
