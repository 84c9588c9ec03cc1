package mqtt

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// What tells the test binary to be an ingest process until it is killed.
const (
	childBroker   = "SERENAZGO_TEST_CHILD_BROKER"
	childDatabase = "SERENAZGO_TEST_CHILD_DATABASE"
)

// ingestUntilKilled takes positions from an external broker into a database.
func ingestUntilKilled() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	st, err := store.Open(ctx, store.Config{URL: os.Getenv(childDatabase), MaxConns: 6})
	if err != nil {
		return err
	}
	defer st.Close()
	in := fleet.NewIngest(fleet.IngestConfig{Store: st})
	go func() { _ = in.Run(ctx) }()
	sub, err := NewSubscriber(SubscriberConfig{URL: os.Getenv(childBroker), Ingest: in, ProbeTimeout: -1})
	if err != nil {
		return err
	}
	return sub.Run(ctx)
}

// TestChaosIngestProcessKilled ends a process that takes positions from mosquitto
// with kill -9 under load, again and again, and starts it again.
func TestChaosIngestProcessKilled(t *testing.T) {
	m := newMosquitto(t)
	url := storetest.URL(t)
	st, err := store.Open(t.Context(), store.Config{URL: url, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	s := newSiteOn(t, st)
	var child *exec.Cmd
	start := func() {
		child = exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childBroker+"="+m.url(), childDatabase+"="+url)
		child.Stderr = os.Stderr
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
	}
	end := func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	}
	stored := func() int64 {
		c, err := st.CountFixes(t.Context(), "130102")
		if err != nil {
			t.Fatal(err)
		}
		return c.Rows
	}
	start()
	t.Cleanup(func() { end() })
	// The broker keeps messages for a session that it knows.
	p := publisher(t, m.url(), "p")
	eventually(t, "the process subscribed", func() bool {
		wait(t, p.Publish(PosTopic("130102", "P"), 1, false, payload(1)))
		return stored() > 0
	})
	tr := &trackers{s: s, url: m.url(), anybody: true}
	ids, each := names("C", 8), 400
	done := tr.send(ids, each)
	for _, part := range []int64{200, 900, 1800} {
		eventually(t, fmt.Sprint(part, " stored"), func() bool { return stored() > part })
		end()
		start()
	}
	done()
	eventually(t, "everything stored", func() bool {
		n := 0
		for _, id := range ids {
			n += len(s.rows(id))
		}
		return n >= len(ids)*each
	})
	s.holds(ids, each)
}
