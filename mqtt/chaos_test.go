package mqtt

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// These tests break one part after the other while devices report, and end with
// the same question: is everything stored that was sent, each fix once? The
// service itself, killed outright, is in the tests of bench ingest.

// TestChaosDatabaseKilled ends PostgreSQL with kill -9 under load.
func TestChaosDatabaseKilled(t *testing.T) {
	st, err := store.Open(t.Context(), store.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	s := newSiteOn(t, st)
	b := s.broker(nil)
	tr := &trackers{s: s, url: "tcp://" + b.Addr()}
	ids := names("C", 8)
	done := tr.send(ids, 200)
	for _, n := range []int64{100, 500, 1000} {
		tr.reached(n)
		pid := st.ServerPID()
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "another server", func() bool { now := st.ServerPID(); return now != 0 && now != pid })
	}
	done()
	s.holds(ids, 200)
	s.tells(ids, 200)
	if n := b.Stats().Messages; n < 1600 {
		t.Errorf("%d messages for 1600 fixes", n)
	}
}

// TestChaosNetworkToDevicesCut stalls the network between devices and broker,
// so that messages and acknowledgements are on their way, and cuts it then.
func TestChaosNetworkToDevicesCut(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	l := newLink(t, b.Addr())
	tr := &trackers{s: s, url: "tcp://" + l.addr()}
	ids := names("C", 8)
	done := tr.send(ids, 200)
	for _, n := range []int64{100, 400, 700, 1000, 1300} {
		tr.reached(n)
		l.stall()
		// What the broker has is stored, and the acknowledgements are stuck.
		eventually(t, "the queue written", func() bool { return s.in.Stats().Queued == 0 })
		l.cut()
		l.heal()
	}
	done()
	s.holds(ids, 200)
	s.tells(ids, 200)
	if tr.resent.Load() == 0 {
		t.Error("nothing was sent again: the cuts met nothing")
	}
	if s.in.Stats().Known == 0 {
		t.Error("nothing came twice: the cuts met no acknowledgement")
	}
}

// TestChaosNetworkToBrokerCut does the same between an external broker and the
// service.
func TestChaosNetworkToBrokerCut(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t)
	l := newLink(t, m.addr())
	sub, _ := s.subscriber("tcp://"+l.addr(), nil)
	ready(t, sub)
	tr := &trackers{s: s, url: m.url(), anybody: true}
	ids := names("C", 4)
	done := tr.send(ids, 200)
	for _, n := range []int64{100, 300, 500} {
		tr.reached(n)
		l.stall()
		tr.reached(n + 100) // piles up at the broker
		l.cut()
		l.heal()
	}
	done()
	eventually(t, "everything stored", func() bool { return s.in.Stats().Stored >= 800 })
	s.holds(ids, 200)
	s.tells(ids, 200)
	if sub.Stats().Connects < 2 {
		t.Errorf("%+v", sub.Stats())
	}
}

// TestChaosNetworkToDatabaseCut does the same between the service and
// PostgreSQL: the answers of commits get lost.
func TestChaosNetworkToDatabaseCut(t *testing.T) {
	socket, by := storetest.Socket(t)
	l := newSocketLink(t, socket)
	st, err := store.Open(t.Context(), store.Config{URL: by(filepath.Dir(l.addr()))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	s := newSiteOn(t, st)
	b := s.broker(nil)
	tr := &trackers{s: s, url: "tcp://" + b.Addr()}
	ids := names("C", 8)
	done := tr.send(ids, 200)
	for _, n := range []int64{100, 400, 700, 1000, 1300} {
		tr.reached(n)
		l.stall()
		eventually(t, "a batch on its way", func() bool { return s.in.Stats().Queued > 0 })
		l.cut()
		l.heal()
	}
	done()
	s.holds(ids, 200)
	s.tells(ids, 200)
}

// TestChaosExternalBrokerKilled ends mosquitto with kill -9 under load. What it
// acknowledged in the very last moment it may have neither saved nor handed on,
// so devices repeat their last fixes after they have reconnected.
func TestChaosExternalBrokerKilled(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t, "autosave_on_changes true", "set_tcp_nodelay true")
	sub, _ := s.subscriber(m.url(), nil)
	ready(t, sub)
	tr := &trackers{s: s, url: m.url(), anybody: true, pace: 20 * time.Millisecond, repeat: 20}
	ids := names("C", 8)
	done := tr.send(ids, 150)
	for _, n := range []int64{100, 200, 300} {
		tr.reached(n)
		eventually(t, "the service has caught up", func() bool { return tr.acked.Load()-s.in.Stats().Stored < 100 })
		connects := sub.Stats().Connects
		m.end(syscall.SIGKILL)
		m.start()
		eventually(t, "the service connected again", func() bool { return sub.Stats().Connects > connects })
	}
	done()
	eventually(t, "everything stored", func() bool { return s.in.Stats().Stored >= 1200 })
	s.holds(ids, 150)
	s.tells(ids, 150)
}

// TestChaosExternalBrokerKilledWithAQueue ends mosquitto with kill -9 while it
// holds messages for a service that is away: they are in its file.
func TestChaosExternalBrokerKilledWithAQueue(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t, "autosave_on_changes true")
	sub, stop := s.subscriber(m.url(), nil)
	ready(t, sub)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	tr := &trackers{s: s, url: m.url(), anybody: true}
	ids := names("C", 4)
	tr.send(ids, 200)()
	// One more change, of which the file is younger than all the fixes.
	before := m.saved()
	p := publisher(t, m.url(), "p")
	wait(t, p.Publish("unrelated", 1, true, "x"))
	eventually(t, "the queue saved", func() bool { return m.saved().After(before) })
	m.end(syscall.SIGKILL)
	m.start()
	_, _ = s.subscriber(m.url(), nil)
	eventually(t, "everything stored", func() bool { return s.in.Stats().Stored >= 800 })
	s.holds(ids, 200)
	s.tells(ids, 200)
}
