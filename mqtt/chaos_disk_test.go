package mqtt

import (
	"errors"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// TestChaosDiskFull has PostgreSQL find its disk full: nothing is acknowledged,
// the reason is told, and when there is room again nothing is missing.
func TestChaosDiskFull(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(t.Context(), store.Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	s := newSiteOn(t, st)
	b := s.broker(func(c *BrokerConfig) { c.Patience = 300 * time.Millisecond })
	free := storetest.FillDisk(t, dir)
	tr := &trackers{s: s, url: "tcp://" + b.Addr()}
	ids := names("C", 8)
	done := tr.send(ids, 50)
	eventually(t, "the alarm", func() bool {
		since, why := s.in.Failing()
		return !since.IsZero() && errors.Is(why, fleet.ErrStoreFull)
	})
	// Devices have been sent away, have come again and are still not believed.
	eventually(t, "messages sent again", func() bool { return b.Stats().Unsaved > 8 && tr.resent.Load() > 8 })
	if n := tr.acked.Load(); n != 0 || b.Stats().Acknowledged != 0 {
		t.Errorf("%d acknowledged on a full disk", n)
	}
	for _, id := range ids {
		if rows := s.rows(id); len(rows) != 0 {
			t.Errorf("%s has %d rows on a full disk", id, len(rows))
		}
	}
	free()
	done()
	s.holds(ids, 50)
	s.tells(ids, 50)
	if since, why := s.in.Failing(); !since.IsZero() || why != nil {
		t.Errorf("the alarm goes on: since %s, %v", since, why)
	}
}
