package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// moments are close to now, so that the store makes partitions for them.
var start = time.Now().UTC().Truncate(time.Second)

func fix(device string, n int) fleet.Fix {
	nan := math.NaN()
	at := start.Add(time.Duration(n) * time.Millisecond)
	return fleet.Fix{Ubigeo: "130102", Device: device, Time: at, Seq: int64(n), Received: at, Point: orb.Point{-79, -8.1},
		Speed: 5, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
}

// faulty is the real store with faults before and after it.
type faulty struct {
	*store.Store
	before, after func() error
	gate          chan struct{} // when set, a commit waits for a value
	commits       atomic.Int64
	rows          atomic.Int64 // most rows of one commit
}

func (f *faulty) StoreFixes(ctx context.Context, fixes []fleet.Fix) ([]fleet.Fix, error) {
	if f.gate != nil {
		select {
		case <-f.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if f.before != nil {
		if err := f.before(); err != nil {
			return nil, err
		}
	}
	fresh, err := f.Store.StoreFixes(ctx, fixes)
	f.commits.Add(1)
	f.rows.Store(max(f.rows.Load(), int64(len(fixes))))
	if err == nil && f.after != nil {
		err = f.after()
	}
	return fresh, err
}

// running starts an Ingest and ends it with the test.
func running(t *testing.T, cfg fleet.IngestConfig) *fleet.Ingest {
	t.Helper()
	in := fleet.NewIngest(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- in.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return in
}

func stored(t *testing.T, st *store.Store, device string) []int64 {
	t.Helper()
	fixes, err := st.Fixes(t.Context(), "130102", device, start.Add(-time.Hour), start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var out []int64
	for _, f := range fixes {
		out = append(out, f.Seq)
	}
	return out
}

func TestSubmitReturnsAfterCommit(t *testing.T) {
	st := storetest.New(t)
	in := running(t, fleet.IngestConfig{Store: st, UnitOf: func(u, d string) string { return u + "-" + d }})
	for n := range 5 {
		if err := in.Submit(t.Context(), []fleet.Fix{fix("C01", n)}); err != nil {
			t.Fatal(err)
		}
		if got := stored(t, st, "C01"); len(got) != n+1 {
			t.Fatalf("acknowledged %d, stored %v", n+1, got)
		}
	}
	last, err := st.LastFixes(t.Context(), "130102")
	if err != nil || len(last) != 1 || last[0].Unit != "130102-C01" {
		t.Errorf("%+v, %v", last, err)
	}
}

func TestManySubmittersShareCommits(t *testing.T) {
	st := &faulty{Store: storetest.New(t), gate: make(chan struct{})}
	var mu sync.Mutex
	fresh := map[string][]int64{}
	const devices, each = 40, 10
	told, all := 0, make(chan struct{})
	in := running(t, fleet.IngestConfig{Store: st, OnFresh: func(fs []fleet.Fix) {
		mu.Lock()
		defer mu.Unlock()
		for _, f := range fs {
			fresh[f.Device] = append(fresh[f.Device], f.Seq)
		}
		if told += len(fs); told == devices*each {
			close(all)
		}
	}})
	var wg sync.WaitGroup
	for d := range devices {
		wg.Go(func() {
			for n := range each {
				// Everything twice, as after a lost acknowledgement.
				for range 2 {
					if err := in.Submit(t.Context(), []fleet.Fix{fix(fmt.Sprintf("D%02d", d), n)}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case st.gate <- struct{}{}:
			case <-stop:
				return
			}
		}
	}()
	wg.Wait()
	close(stop)
	s := in.Stats()
	if s.Submitted != 2*devices*each || s.Stored != devices*each || s.Known != devices*each || s.Queued != 0 || s.Abandoned != 0 {
		t.Errorf("%+v", s)
	}
	if s.Batches >= s.Submitted/2 {
		t.Errorf("%d commits for %d fixes: no groups", s.Batches, s.Submitted)
	}
	select {
	case <-all:
	case <-time.After(time.Minute):
		t.Error("not every new row was told of")
	}
	mu.Lock()
	defer mu.Unlock()
	for d := range devices {
		name := fmt.Sprintf("D%02d", d)
		if diff := cmp.Diff([]int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, fresh[name]); diff != "" {
			t.Errorf("%s: new rows once each and in order: %s", name, diff)
		}
	}
}

func TestBatchesAreBounded(t *testing.T) {
	st := &faulty{Store: storetest.New(t)}
	in := running(t, fleet.IngestConfig{Store: st, MaxRows: 100, Queue: 250})
	var all []fleet.Fix
	for n := range 1234 {
		all = append(all, fix("C01", n))
	}
	// A backlog larger than the queue goes through in parts.
	if err := in.Submit(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, st.Store, "C01"); len(got) != 1234 {
		t.Errorf("%d stored", len(got))
	}
	if st.rows.Load() > 100 {
		t.Errorf("a commit of %d rows", st.rows.Load())
	}
}

func TestFullQueueBlocks(t *testing.T) {
	st := &faulty{Store: storetest.New(t), gate: make(chan struct{})}
	in := running(t, fleet.IngestConfig{Store: st, MaxRows: 2, Queue: 4, Workers: 1})
	for n := range 4 {
		if _, err := in.Start(t.Context(), []fleet.Fix{fix("C01", n)}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := in.Start(ctx, []fleet.Fix{fix("C01", 4)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a full queue took one more: %v", err)
	}
	result := make(chan error)
	go func() { result <- in.Submit(context.Background(), []fleet.Fix{fix("C01", 5)}) }()
	go func() {
		for range 8 {
			select {
			case st.gate <- struct{}{}:
			case <-t.Context().Done():
			}
		}
	}()
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	if got := stored(t, st.Store, "C01"); !slices.Equal(got, []int64{0, 1, 2, 3, 5}) {
		t.Errorf("stored %v", got)
	}
	if in.Stats().Blocked != 2 {
		t.Errorf("%+v", in.Stats())
	}
}

func TestStoreFailuresAreTriedAgain(t *testing.T) {
	var fail atomic.Int64
	fail.Store(3)
	var unsure atomic.Bool
	unsure.Store(true)
	st := &faulty{Store: storetest.New(t),
		before: func() error {
			if fail.Add(-1) >= 0 {
				return errors.New("the server is away")
			}
			return nil
		},
		// The first commit succeeds, and its answer is lost.
		after: func() error {
			if unsure.Swap(false) {
				return errors.New("connection reset")
			}
			return nil
		}}
	fresh := make(chan []fleet.Fix, 10)
	in := running(t, fleet.IngestConfig{Store: st, OnFresh: func(fs []fleet.Fix) { fresh <- fs }})
	if err := in.Submit(t.Context(), []fleet.Fix{fix("C01", 1), fix("C01", 2)}); err != nil {
		t.Fatal(err)
	}
	// The rows are new although the last attempt found them there.
	if got := <-fresh; len(got) != 2 || len(fresh) != 0 {
		t.Errorf("told of %v", got)
	}
	if s := in.Stats(); s.StoreErrors != 4 || s.Stored != 2 {
		t.Errorf("%+v", s)
	}
	if got := stored(t, st.Store, "C01"); !slices.Equal(got, []int64{1, 2}) {
		t.Errorf("stored %v", got)
	}
}

func TestNothingIsAcknowledgedUnsaved(t *testing.T) {
	st := &faulty{Store: storetest.New(t), before: func() error { return errors.New("the disk is full") }}
	in := fleet.NewIngest(fleet.IngestConfig{Store: st, DrainTimeout: 50 * time.Millisecond})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- in.Run(ctx) }()

	waiting, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	if err := in.Submit(waiting, []fleet.Fix{fix("C01", 1)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while the store fails: %v", err)
	}
	result := make(chan error, 1)
	ticket, err := in.Start(t.Context(), []fleet.Fix{fix("C01", 2)})
	if err != nil {
		t.Fatal(err)
	}
	go func() { result <- ticket.Wait(context.Background()) }()
	cancel()
	if err := <-done; !errors.Is(err, fleet.ErrIngestClosed) {
		t.Errorf("Run: %v", err)
	}
	if err := <-result; !errors.Is(err, fleet.ErrIngestClosed) {
		t.Errorf("what was queued: %v", err)
	}
	if err := in.Submit(t.Context(), []fleet.Fix{fix("C01", 3)}); !errors.Is(err, fleet.ErrIngestClosed) {
		t.Errorf("after the end: %v", err)
	}
	if s := in.Stats(); s.Abandoned != 2 || s.Queued != 0 {
		t.Errorf("%+v", s)
	}
}

func TestCloseDrains(t *testing.T) {
	for name, end := range map[string]func(*fleet.Ingest, context.CancelFunc){
		"Close":           func(in *fleet.Ingest, _ context.CancelFunc) { in.Close() },
		"Close twice":     func(in *fleet.Ingest, _ context.CancelFunc) { in.Close(); in.Close() },
		"context's end":   func(_ *fleet.Ingest, cancel context.CancelFunc) { cancel() },
		"both at a time ": func(in *fleet.Ingest, cancel context.CancelFunc) { cancel(); in.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			st := storetest.New(t)
			var told atomic.Int64
			in := fleet.NewIngest(fleet.IngestConfig{Store: st, MaxRows: 10, OnFresh: func(fs []fleet.Fix) { told.Add(int64(len(fs))) }})
			var tickets []*fleet.Ticket
			for n := range 200 {
				ticket, err := in.Start(t.Context(), []fleet.Fix{fix(fmt.Sprint("D", n%7), n)})
				if err != nil {
					t.Fatal(err)
				}
				tickets = append(tickets, ticket)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- in.Run(ctx) }()
			end(in, cancel)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			for _, ticket := range tickets {
				if err := ticket.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if told.Load() != 200 {
				t.Errorf("told of %d", told.Load())
			}
		})
	}
}

func TestStartRefusesWhatIsNoFix(t *testing.T) {
	in := fleet.NewIngest(fleet.IngestConfig{})
	bad := fix("C01", 1)
	bad.Point[1] = 512
	if _, err := in.Start(t.Context(), []fleet.Fix{fix("C01", 2), bad}); !errors.Is(err, fleet.ErrInvalid) {
		t.Error(err)
	}
	if s := in.Stats(); s.Queued != 0 {
		t.Errorf("%+v", s)
	}
}

func TestDeadLetter(t *testing.T) {
	st := storetest.New(t)
	in := fleet.NewIngest(fleet.IngestConfig{Store: st})
	err := in.DeadLetter(t.Context(), fleet.DeadLetter{Ubigeo: "?", Received: start, Topic: "a\x00b\xff", Client: "c\n", Reason: "no", Payload: []byte{0, 255}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := st.DeadLetters(t.Context(), "000000", 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []fleet.DeadLetter{{ID: 1, Ubigeo: "000000", Received: start, Topic: "a?b?", Client: "c?", Reason: "no", Payload: []byte{0, 255}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// What queues up during a slow commit goes into the next one together, however
// long it has waited.
func TestSlowCommitsMakeLargeGroups(t *testing.T) {
	st := &faulty{Store: storetest.New(t), gate: make(chan struct{})}
	in := running(t, fleet.IngestConfig{Store: st, Workers: 1, MaxDelay: 5 * time.Millisecond})
	var tickets []*fleet.Ticket
	for n := range 101 {
		ticket, err := in.Start(t.Context(), []fleet.Fix{fix("C01", n)})
		if err != nil {
			t.Fatal(err)
		}
		tickets = append(tickets, ticket)
		if n == 0 {
			st.gate <- struct{}{} // the first is on its way alone, or with what follows
		}
	}
	time.Sleep(20 * time.Millisecond) // longer than MaxDelay
	close(st.gate)
	for _, ticket := range tickets {
		if err := ticket.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := st.commits.Load(); n > 4 {
		t.Errorf("%d commits for 101 fixes", n)
	}
}
