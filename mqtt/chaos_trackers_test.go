package mqtt

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// trackers are devices with a memory, as real ones are: each sends its fixes in
// order, several at a time, and after a broken connection sends again those that
// were not acknowledged, with the same bytes.
type trackers struct {
	s        *site
	url      string
	anybody  bool          // the broker wants no password
	inflight int           // default 10
	pace     time.Duration // between two fixes of a device; 0: as fast as they are acknowledged
	// repeat is how many fixes before the first one not acknowledged a device
	// sends again after a broken connection: for a broker that may have
	// acknowledged them and not saved them.
	repeat int
	// fix is the n-th payload of a device; default: one of now, numbered n.
	fix func(device string, n int) string

	acked  atomic.Int64
	resent atomic.Int64
	wg     sync.WaitGroup
}

// send has each device send its first each payloads. done waits until all are
// acknowledged.
func (tr *trackers) send(devices []string, each int) (done func()) {
	tr.s.t.Helper()
	if tr.inflight == 0 {
		tr.inflight = 10
	}
	if tr.fix == nil {
		tr.fix = func(_ string, n int) string { return payload(n) }
	}
	ctx, cancel := context.WithCancel(context.Background())
	tr.s.t.Cleanup(func() {
		cancel()
		tr.wg.Wait()
	})
	var mine sync.WaitGroup
	for _, id := range devices {
		password := ""
		if !tr.anybody {
			password = tr.s.device(id)
		}
		mine.Add(1)
		tr.wg.Go(func() {
			defer mine.Done()
			tr.report(ctx, id, password, each)
		})
	}
	return func() {
		tr.s.t.Helper()
		over := make(chan struct{})
		go func() {
			mine.Wait()
			close(over)
		}()
		select {
		case <-over:
		case <-time.After(2 * patience):
			cancel()
			<-over
			tr.s.t.Fatalf("%d of %d acknowledged", tr.acked.Load(), len(devices)*each)
		}
	}
}

// report is the life of one device.
func (tr *trackers) report(ctx context.Context, id, password string, each int) {
	cfg := DeviceConfig{URL: tr.url, ClientID: id, Username: DeviceUser("130102", id), Password: password}
	memory := make([]string, each)
	safe := make([]atomic.Bool, each)
	counted := make([]atomic.Bool, each)
	for next := 0; next < each && ctx.Err() == nil; {
		d, err := DialDevice(ctx, cfg)
		if err != nil {
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		tr.once(ctx, d, id, memory[next:], safe[next:], counted[next:], next)
		d.Close()
		for next < each && safe[next].Load() {
			next++
		}
		if next < each {
			for n := max(0, next-tr.repeat); n < next; n++ {
				safe[n].Store(false)
			}
			next = max(0, next-tr.repeat)
		}
	}
}

// once sends what is not safe yet, for as long as the connection holds.
func (tr *trackers) once(ctx context.Context, d *Device, id string, memory []string, safe, counted []atomic.Bool, first int) {
	ctx, broken := context.WithCancel(ctx)
	defer broken()
	slots := make(chan struct{}, tr.inflight)
	var wg sync.WaitGroup
	defer wg.Wait()
	for n := range memory {
		if safe[n].Load() {
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		case <-d.Lost():
			return
		}
		if memory[n] == "" && tr.pace > 0 {
			select {
			case <-time.After(tr.pace):
			case <-ctx.Done():
				return
			case <-d.Lost():
				return
			}
		}
		if memory[n] == "" {
			memory[n] = tr.fix(id, first+n)
		} else {
			tr.resent.Add(1)
		}
		wait := d.Start(PosTopic("130102", id), []byte(memory[n]))
		wg.Go(func() {
			defer func() { <-slots }()
			if wait(ctx) != nil {
				broken()
				return
			}
			safe[n].Store(true)
			if counted[n].CompareAndSwap(false, true) {
				tr.acked.Add(1)
			}
		})
	}
}

// reached waits until so many messages are acknowledged.
func (tr *trackers) reached(n int64) {
	tr.s.t.Helper()
	eventually(tr.s.t, fmt.Sprintf("%d acknowledged", n), func() bool { return tr.acked.Load() >= n })
}

// names are device ids.
func names(prefix string, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%s%02d", prefix, i))
	}
	return out
}

// holds checks that the store has the fixes 0 to each-1 of every device, each
// once, and no dead letters.
func (s *site) holds(devices []string, each int) {
	s.t.Helper()
	want := make([]int64, each)
	for n := range want {
		want[n] = int64(n)
	}
	for _, id := range devices {
		if got := s.rows(id); !slices.Equal(got, want) {
			s.t.Errorf("%s: %d rows are stored, %d fixes were sent: %v", id, len(got), each, differences(want, got))
		}
	}
	if l := s.letters(); len(l) > 0 {
		s.t.Errorf("%d dead letters, the last: %s", len(l), l[0].Reason)
	}
}

// tells checks that every fix was new exactly once to those who follow live.
func (s *site) tells(devices []string, each int) {
	s.t.Helper()
	eventually(s.t, "the new rows told of", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.fresh) >= len(devices)*each
	})
	fresh := map[string]int{}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.fresh {
		fresh[f.Device]++
	}
	for _, id := range devices {
		if fresh[id] != each {
			s.t.Errorf("%s: %d fixes were new to those who follow, %d were sent", id, fresh[id], each)
		}
	}
}

// differences says what is missing and what is there more than once.
func differences(want, got []int64) (out []string) {
	seen := map[int64]int{}
	for _, n := range got {
		seen[n]++
	}
	for _, n := range want {
		if seen[n] != 1 {
			out = append(out, fmt.Sprintf("%d is there %d times", n, seen[n]))
		}
	}
	return out
}

// TestTrackersLoseNothingByThemselves holds the devices of these tests against
// a broker that works: they resend nothing then.
func TestTrackersLoseNothingByThemselves(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	tr := &trackers{s: s, url: "tcp://" + b.Addr()}
	ids := names("C", 3)
	tr.send(ids, 40)()
	s.holds(ids, 40)
	s.tells(ids, 40)
	if tr.resent.Load() != 0 || tr.acked.Load() != 120 {
		t.Errorf("resent %d, acknowledged %d", tr.resent.Load(), tr.acked.Load())
	}
}
