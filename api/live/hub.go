// Package live tells browsers what changes, as server-sent events.
//
// A client first gets a snapshot and then every event after it, in order. It
// reconnects with Last-Event-ID: what it missed is sent again from a ring of
// recent events; if that no longer reaches back, or the service was restarted,
// it gets a new snapshot. A client that does not keep up is dropped, and comes
// back the same way; nobody else waits for it.
package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	ringLen   = 2048             // events remembered a district
	queueLen  = 512              // events waiting for one client
	heartbeat = 15 * time.Second // a comment keeps proxies from closing the line
	writeWait = 20 * time.Second // a client that takes nothing for so long is dropped
)

// ErrClosed: the service is stopping.
var ErrClosed = errors.New("the live channel is closed")

// View shows an event to one client: what body it gets, if any. It must not
// change the body that it is given. nil: everything as it is.
type View func(kind string, body any) (any, bool)

// event is one thing told. data is what a client without a View gets.
type event struct {
	id   uint64
	kind string
	body any
	data []byte
}

type topic struct {
	next    uint64
	ring    []event // oldest first
	clients map[*client]bool
}

type client struct {
	queue   chan event
	dropped chan struct{}
	once    sync.Once
}

func (c *client) drop() { c.once.Do(func() { close(c.dropped) }) }

// Hub is safe for concurrent use.
type Hub struct {
	epoch string // tells the ids of this run from those of another

	mu     sync.Mutex
	topics map[string]*topic
	closed chan struct{}
	once   sync.Once
}

// NewHub makes a hub; started distinguishes this run from earlier ones.
func NewHub(started time.Time) *Hub {
	return &Hub{epoch: strconv.FormatInt(started.UnixNano(), 36), topics: map[string]*topic{}, closed: make(chan struct{})}
}

// Close ends every client's stream.
func (h *Hub) Close() { h.once.Do(func() { close(h.closed) }) }

func (h *Hub) topic(name string) *topic {
	t := h.topics[name]
	if t == nil {
		t = &topic{next: 1, clients: map[*client]bool{}}
		h.topics[name] = t
	}
	return t
}

// Publish tells every client of a district. It never waits.
func (h *Hub) Publish(ubigeo, kind string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("live event %s: %w", kind, err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topic(ubigeo)
	e := event{id: t.next, kind: kind, body: body, data: data}
	t.next++
	if len(t.ring) == ringLen {
		copy(t.ring, t.ring[1:])
		t.ring = t.ring[:ringLen-1]
	}
	t.ring = append(t.ring, e)
	for c := range t.clients {
		select {
		case c.queue <- e:
		default:
			delete(t.clients, c)
			c.drop()
		}
	}
	return nil
}

// PublishAll tells every client of every district.
func (h *Hub) PublishAll(kind string, body any) error {
	h.mu.Lock()
	names := slices.Collect(maps.Keys(h.topics))
	h.mu.Unlock()
	for _, name := range names {
		if err := h.Publish(name, kind, body); err != nil {
			return err
		}
	}
	return nil
}

// Clients counts those that listen to a district.
func (h *Hub) Clients(ubigeo string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.topic(ubigeo).clients)
}

// join adds a client. missed are the events after the id that it had last; ok
// tells whether they are all there, so that no snapshot is needed. at is the id
// that a snapshot taken from now on stands for.
func (h *Hub) join(ubigeo, lastID string) (c *client, missed []event, at uint64, ok bool) {
	c = &client{queue: make(chan event, queueLen), dropped: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.topic(ubigeo)
	t.clients[c] = true
	at = t.next - 1
	epoch, id, found := strings.Cut(lastID, "-")
	n, err := strconv.ParseUint(id, 10, 64)
	if !found || err != nil || epoch != h.epoch || n > at {
		return c, nil, at, false
	}
	if n == at {
		return c, nil, at, true
	}
	if len(t.ring) == 0 || t.ring[0].id > n+1 {
		return c, nil, at, false
	}
	missed = append(missed, t.ring[n+1-t.ring[0].id:]...)
	return c, missed, at, true
}

func (h *Hub) leave(ubigeo string, c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.topic(ubigeo).clients, c)
}

// Serve writes a district's events until the client leaves, falls behind, ended
// is closed or the hub is. snapshot is called when the client needs everything;
// an event of kind "snapshot" makes it be called again.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, ubigeo string, view View, snapshot func() (any, error), ended <-chan struct{}) error {
	select {
	case <-h.closed:
		return ErrClosed
	default:
	}
	c, missed, at, ok := h.join(ubigeo, r.Header.Get("Last-Event-ID"))
	defer h.leave(ubigeo, c)
	out := &stream{w: w, rc: http.NewResponseController(w), epoch: h.epoch, view: view, snapshot: snapshot}
	if !ok {
		// Taken after joining: what is published meanwhile is in the queue, and
		// told again after the snapshot, which does no harm.
		if err := out.first(at); err != nil {
			return err
		}
	} else {
		out.head()
		for _, e := range missed {
			if err := out.event(e); err != nil {
				return nil
			}
		}
	}
	if err := out.flush(); err != nil {
		return nil
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-h.closed:
			return nil
		case <-ended:
			return nil
		case <-c.dropped:
			return nil
		case <-beat.C:
			if out.raw(": \n\n") != nil || out.flush() != nil {
				return nil
			}
		case e := <-c.queue:
			for more := true; more; {
				if out.event(e) != nil {
					return nil
				}
				select {
				case e = <-c.queue:
				default:
					more = false
				}
			}
			if out.flush() != nil {
				return nil
			}
		}
	}
}

// stream writes events to one client.
type stream struct {
	w        http.ResponseWriter
	rc       *http.ResponseController
	epoch    string
	view     View
	snapshot func() (any, error)
	begun    bool
}

func (s *stream) head() {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	s.w.WriteHeader(http.StatusOK)
	s.begun = true
}

// first sends the snapshot that a new client begins with; an error before the
// first byte is the caller's to answer.
func (s *stream) first(id uint64) error {
	body, err := s.snapshot()
	if err != nil {
		return err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	s.head()
	_ = s.write(id, "snapshot", data)
	return nil
}

// event sends one event as this client may see it.
func (s *stream) event(e event) error {
	if e.kind == "snapshot" {
		body, err := s.snapshot()
		if err != nil {
			return err
		}
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		return s.write(e.id, "snapshot", data)
	}
	data := e.data
	if s.view != nil {
		body, show := s.view(e.kind, e.body)
		if !show {
			return nil
		}
		var err error
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	return s.write(e.id, e.kind, data)
}

// write sends one event; JSON has no line breaks, so that one data line is
// enough.
func (s *stream) write(id uint64, kind string, data []byte) error {
	return s.raw(fmt.Sprintf("id: %s-%d\nevent: %s\ndata: %s\n\n", s.epoch, id, kind, data))
}

func (s *stream) raw(text string) error {
	if err := s.rc.SetWriteDeadline(time.Now().Add(writeWait)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err := s.w.Write([]byte(text))
	return err
}

func (s *stream) flush() error {
	if err := s.rc.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
