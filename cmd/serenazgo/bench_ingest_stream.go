package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// benchStream listens to the live stream of every service, as a page would, and
// measures how long a fix takes from its publication to its event. Of a unit
// that sends faster than it is shown, only the newest fix is on the stream.
type benchStream struct {
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu    sync.Mutex
	sent  map[benchFix]time.Time
	waits []time.Duration
	heard time.Time // last event
}

type benchFix struct {
	device string
	ms     int64
}

// listenToStreams opens the streams; each reconnects for as long as the
// benchmark runs.
func listenToStreams(ctx context.Context, services []*benchService) *benchStream {
	ctx, cancel := context.WithCancel(ctx)
	b := &benchStream{cancel: cancel, sent: map[benchFix]time.Time{}}
	for _, s := range services {
		b.wg.Go(func() {
			for ctx.Err() == nil {
				b.listen(ctx, s)
				select {
				case <-ctx.Done():
				case <-time.After(50 * time.Millisecond):
				}
			}
		})
	}
	return b
}

// listen reads one connection to its end.
func (b *benchStream) listen(ctx context.Context, s *benchService) {
	r, err := s.request(ctx, benchStreamPath)
	if err != nil {
		return
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return
	}
	lines := bufio.NewReaderSize(r.Body, 1<<16)
	kind := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		at := time.Now()
		if v, ok := strings.CutPrefix(line, "event: "); ok {
			kind = strings.TrimSpace(v)
		} else if v, ok := strings.CutPrefix(line, "data: "); ok && kind == "units" {
			b.take(v, at)
		}
	}
}

// take reads an event of units.
func (b *benchStream) take(data string, at time.Time) {
	var body struct {
		Units []struct {
			Device string     `json:"device"`
			At     *time.Time `json:"at"`
		} `json:"units"`
	}
	if json.Unmarshal([]byte(data), &body) != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = at
	for _, u := range body.Units {
		if u.At == nil {
			continue
		}
		k := benchFix{u.Device, u.At.UnixMilli()}
		if sent, ok := b.sent[k]; ok {
			b.waits = append(b.waits, at.Sub(sent))
			delete(b.sent, k) // a unit is told of again when its state changes
		}
	}
}

// published notes that a device has sent a fix dated at.
func (b *benchStream) published(device string, at, sent time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent[benchFix{device, at.UnixMilli()}] = sent
	b.heard = time.Now()
}

// settle waits until the stream has been quiet for half a second.
func (b *benchStream) settle() {
	for {
		b.mu.Lock()
		quiet := time.Since(b.heard)
		b.mu.Unlock()
		if quiet > 500*time.Millisecond {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (b *benchStream) latencies() []time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]time.Duration(nil), b.waits...)
}

func (b *benchStream) close() {
	b.cancel()
	b.wg.Wait()
}
