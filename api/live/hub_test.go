package live

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const here = "010203"

// told is one event as a browser reads it.
type told struct{ id, kind, data string }

// browser reads a district's events over real HTTP.
type browser struct {
	events chan told
	close  func()
}

// site serves a hub over HTTP; the snapshot says how often one was taken.
func site(t *testing.T, h *Hub, view View) string {
	t.Helper()
	var taken atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h.Serve(w, r, strings.TrimPrefix(r.URL.Path, "/"), view, func() (any, error) {
			return map[string]int64{"taken": taken.Add(1)}, nil
		}, nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(h.Close)
	return srv.URL
}

func open(t *testing.T, url, lastID string) *browser {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	tr := &http.Transport{}
	res, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if ct := res.Header.Get("Content-Type"); !strings.HasPrefix(ct, "text/event-stream") {
		t.Fatalf("content type %q", ct)
	}
	b := &browser{events: make(chan told, 10_000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(b.events)
		var e told
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "id":
				e.id = value
			case "event":
				e.kind = value
			case "data":
				e.data = value
			case "":
				if e.kind != "" {
					b.events <- e
				}
				e = told{}
			}
		}
	}()
	b.close = sync.OnceFunc(func() {
		cancel()
		res.Body.Close()
		<-done
		tr.CloseIdleConnections()
	})
	t.Cleanup(b.close)
	return b
}

// next gives the next event; the test fails if there is none.
func (b *browser) next(t *testing.T) told {
	t.Helper()
	select {
	case e, ok := <-b.events:
		if !ok {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(30 * time.Second):
		t.Fatal("no event")
	}
	return told{}
}

func publish(t *testing.T, h *Hub, ubigeo, kind string, body any) {
	t.Helper()
	if err := h.Publish(ubigeo, kind, body); err != nil {
		t.Fatal(err)
	}
}

// TestStream: a snapshot, then what happens in this district and no other; on
// coming back, what was missed and nothing twice.
func TestStream(t *testing.T) {
	h := NewHub(time.Unix(1, 0))
	url := site(t, h, nil)
	publish(t, h, here, "units", 0)
	b := open(t, url+"/"+here, "")
	first := b.next(t)
	if first.kind != "snapshot" || first.data != `{"taken":1}` {
		t.Fatalf("first %+v", first)
	}
	publish(t, h, "130102", "units", "of others")
	publish(t, h, here, "units", "</script>\nevent: x")
	got := b.next(t)
	var text string
	if err := json.Unmarshal([]byte(got.data), &text); err != nil || text != "</script>\nevent: x" {
		t.Errorf("got %+v", got)
	}
	b.close()
	publish(t, h, here, "units", 2)
	publish(t, h, here, "plan", 3)
	b = open(t, url+"/"+here, got.id)
	if a, z := b.next(t), b.next(t); a.data != "2" || z.kind != "plan" || z.data != "3" {
		t.Errorf("missed %+v %+v", a, z)
	}
	publish(t, h, here, "snapshot", nil)
	if again := b.next(t); again.kind != "snapshot" || again.data != `{"taken":2}` {
		t.Errorf("told to read everything anew: %+v", again)
	}
}

func TestResume(t *testing.T) {
	h := NewHub(time.Unix(1, 0))
	url := site(t, h, nil) + "/" + here
	for i := range ringLen + 10 {
		publish(t, h, here, "units", i+1)
	}
	for _, c := range []struct{ name, id, want string }{
		{"up to date", fmt.Sprintf("%s-%d", h.epoch, ringLen+10), ""},
		{"one missed", fmt.Sprintf("%s-%d", h.epoch, ringLen+9), fmt.Sprint(ringLen + 10)},
		{"as far back as the ring reaches", h.epoch + "-10", "11"},
		{"too far back", h.epoch + "-9", "snapshot"},
		{"before everything", h.epoch + "-0", "snapshot"},
		{"of the future", h.epoch + "-99999999", "snapshot"},
		{"of another run", "zzz-20", "snapshot"},
		{"nonsense", "'; DROP TABLE fixes", "snapshot"},
		{"overflow", h.epoch + "-99999999999999999999999", "snapshot"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, url, c.id)
			publish(t, h, here, "units", "after")
			e := b.next(t)
			switch {
			case c.want == "snapshot" && e.kind != "snapshot",
				c.want == "" && e.data != `"after"`,
				c.want != "snapshot" && c.want != "" && e.data != c.want:
				t.Errorf("got %+v, want %q", e, c.want)
			}
			h.mu.Lock() // the same ring for every case
			tp := h.topics[here]
			tp.ring, tp.next = nil, 1
			h.mu.Unlock()
			for i := range ringLen + 10 {
				publish(t, h, here, "units", i+1)
			}
		})
	}
}

// TestView: what a role may not see is not sent, and its absence leaves no
// trace but a gap in the ids.
func TestView(t *testing.T) {
	h := NewHub(time.Unix(1, 0))
	url := site(t, h, func(kind string, body any) (any, bool) {
		return map[string]any{"seen": body}, kind != "units"
	})
	b := open(t, url+"/"+here, "")
	b.next(t)
	publish(t, h, here, "units", "secret")
	publish(t, h, here, "plan", 1)
	if e := b.next(t); e.kind != "plan" || e.data != `{"seen":1}` {
		t.Errorf("got %+v", e)
	}
}

// What is told to all reaches every district's clients, in order with the rest.
func TestPublishAll(t *testing.T) {
	h := NewHub(time.Unix(1, 0))
	url := site(t, h, nil)
	there := "020304"
	for _, district := range []string{here, there} {
		b := open(t, url+"/"+district, "")
		b.next(t)
		publish(t, h, district, "plan", 1)
		if err := h.PublishAll("service", "full"); err != nil {
			t.Fatal(err)
		}
		if a, z := b.next(t), b.next(t); a.kind != "plan" || z.kind != "service" || z.data != `"full"` {
			t.Errorf("%s: got %+v, %+v", district, a, z)
		}
	}
	if err := h.PublishAll("service", func() {}); err == nil {
		t.Error("a body that is no JSON was told")
	}
}

func TestBadBody(t *testing.T) {
	if err := NewHub(time.Unix(1, 0)).Publish(here, "units", make(chan int)); err == nil {
		t.Error("a body that is no JSON was published")
	}
}

// stuck is a browser that takes nothing any more once it is stopped.
type stuck struct {
	*httptest.ResponseRecorder
	stop chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	if strings.Contains(string(b), "snapshot") {
		return len(b), nil
	}
	<-s.stop
	return 0, http.ErrHandlerTimeout
}

// TestSlowClient: one who takes nothing is dropped, and nobody waits for it.
func TestSlowClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(time.Now())
		s := &stuck{httptest.NewRecorder(), make(chan struct{})}
		done := make(chan error)
		go func() {
			done <- h.Serve(s, httptest.NewRequest(http.MethodGet, "/", nil), here, nil, func() (any, error) { return 1, nil }, nil)
		}()
		synctest.Wait()
		for i := range queueLen + 2 {
			publish(t, h, here, "units", i)
			if i == 0 {
				synctest.Wait() // it is writing the first one, the rest queues
			}
		}
		if n := h.Clients(here); n != 0 {
			t.Errorf("%d clients, want the slow one dropped", n)
		}
		close(s.stop)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestHeartbeat: something goes over the wire every fifteen seconds, and the
// stream ends with the session.
func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(time.Now())
		w := httptest.NewRecorder()
		ended, done := make(chan struct{}), make(chan error)
		go func() {
			done <- h.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), here, nil, func() (any, error) { return 1, nil }, ended)
		}()
		time.Sleep(61 * time.Second)
		synctest.Wait()
		close(ended)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := strings.Count(w.Body.String(), ": \n\n"); n != 4 {
			t.Errorf("%d heartbeats in a minute, want 4", n)
		}
		h.Close()
		if err := h.Serve(w, httptest.NewRequest(http.MethodGet, "/", nil), here, nil, nil, nil); err != ErrClosed {
			t.Errorf("after Close: %v", err)
		}
	})
}

// TestStress publishes from many sides while browsers come and go: each sees
// the numbers of every publisher in order, each once a connection.
func TestStress(t *testing.T) {
	const publishers, each, clients = 4, 400, 6
	h := NewHub(time.Unix(1, 0))
	url := site(t, h, nil) + "/" + here
	var wg, readers sync.WaitGroup
	for range clients {
		readers.Go(func() {
			last, id := map[int]int{}, ""
			for range 200 {
				b := open(t, url, id)
				for range 150 {
					e, ok := <-b.events
					if !ok {
						break
					}
					id = e.id
					var v [2]int
					switch e.kind {
					case "snapshot":
						last = map[int]int{}
						continue
					case "end":
						b.close()
						return
					}
					if err := json.Unmarshal([]byte(e.data), &v); err != nil {
						t.Errorf("%v: %q", err, e.data)
						return
					}
					if old, seen := last[v[0]]; seen && v[1] != old+1 {
						t.Errorf("publisher %d: %d after %d", v[0], v[1], old)
						return
					}
					last[v[0]] = v[1]
				}
				b.close()
			}
			t.Error("never came to the end")
		})
	}
	for p := range publishers {
		wg.Go(func() {
			for i := range each {
				if err := h.Publish(here, "units", [2]int{p, i}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	done := make(chan struct{})
	go func() { readers.Wait(); close(done) }()
	// Again and again: one that comes late begins with a snapshot after it.
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		select {
		case <-done:
			tick.Stop()
			return
		case <-tick.C:
			publish(t, h, here, "end", nil)
		}
	}
}
