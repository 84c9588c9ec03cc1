package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// neighbours are the other processes on the same database. What one of them
// stores, hands out or changes, the others show within a second: it says so over
// the database, and they read it there.
type neighbours struct {
	a    *App
	self string

	mu    sync.Mutex
	spans map[[2]string]span // of positions stored and not told yet, by district and device
}

// span says which positions of a device are new: from which time to which, and
// since when they were received. Microseconds since 1970, which is what the
// store keeps.
type span struct {
	Ubigeo   string `json:"u"`
	Device   string `json:"d"`
	First    int64  `json:"a"`
	Last     int64  `json:"b"`
	Received int64  `json:"r"`
}

// thing is a plan or a device of a district.
type thing struct {
	Ubigeo string `json:"u"`
	ID     string `json:"id"`
}

// word is one message: who says it, and one of the rest.
type word struct {
	From      string `json:"from"`
	Fixes     []span `json:"fixes,omitempty"`
	Changed   string `json:"changed,omitempty"`   // a district
	Published *thing `json:"published,omitempty"` // a plan was handed out
	Rekeyed   *thing `json:"rekeyed,omitempty"`   // a device has a new password
}

const (
	fixesEvery  = 200 * time.Millisecond // how often new positions are told of
	spansAtOnce = 50                     // in one message, which has a limit
)

func newNeighbours(a *App) *neighbours {
	return &neighbours{a: a, self: rand.Text(), spans: map[[2]string]span{}}
}

// stored notes positions that this process stored, to tell of them soon.
func (n *neighbours) stored(fixes []fleet.Fix) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range fixes {
		k, at, received := [2]string{f.Ubigeo, f.Device}, f.Time.UnixMicro(), f.Received.UnixMicro()
		s, ok := n.spans[k]
		if !ok {
			s = span{f.Ubigeo, f.Device, at, at, received}
		}
		s.First, s.Last, s.Received = min(s.First, at), max(s.Last, at), min(s.Received, received)
		n.spans[k] = s
	}
}

// say tells the others. They learn of most things sooner or later by
// themselves, so that it fails is worth a warning only.
func (n *neighbours) say(ctx context.Context, w word) {
	w.From = n.self
	b, err := json.Marshal(w)
	if err == nil {
		err = n.a.store.Tell(context.WithoutCancel(ctx), string(b))
	}
	if err != nil {
		n.a.log.Warn("tell the other processes", "err", err)
	}
}

// run tells of new positions and hears what the others tell, until ctx ends.
func (n *neighbours) run(ctx context.Context) error {
	var hearing sync.WaitGroup
	defer hearing.Wait()
	first := true
	hearing.Go(func() {
		n.a.store.Listen(ctx, func() {
			if !first { // the districts have just been read
				if err := n.a.watch.ReloadAll(ctx); err != nil && ctx.Err() == nil {
					n.a.log.Error("read the districts anew", "err", err)
				}
			}
			first = false
		}, func(text string) { n.hear(ctx, text) })
	})
	tick := time.NewTicker(fixesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			n.tellFixes(ctx)
		}
	}
}

func (n *neighbours) tellFixes(ctx context.Context) {
	n.mu.Lock()
	var spans []span
	for _, s := range n.spans {
		spans = append(spans, s)
	}
	clear(n.spans)
	n.mu.Unlock()
	for len(spans) > 0 {
		k := min(len(spans), spansAtOnce)
		n.say(ctx, word{Fixes: spans[:k]})
		spans = spans[k:]
	}
}

// hear does what another process's word asks for.
func (n *neighbours) hear(ctx context.Context, text string) {
	var w word
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		n.a.log.Warn("a word of another process is not understood", "err", err)
		return
	}
	if w.From == n.self {
		return
	}
	for _, s := range w.Fixes {
		fixes, err := n.a.store.FixesReceived(ctx, s.Ubigeo, s.Device, time.UnixMicro(s.First), time.UnixMicro(s.Last), time.UnixMicro(s.Received))
		if err != nil {
			n.complain(ctx, "read positions that another process stored", err)
			continue
		}
		n.a.store.Heard(fixes)
		n.a.watch.OnFresh(fixes)
		n.a.journal.OnFresh(fixes)
	}
	if w.Changed != "" {
		n.a.readAnew(ctx, w.Changed)
	}
	if w.Published != nil {
		n.published(ctx, *w.Published)
	}
	if w.Rekeyed != nil {
		n.a.kick(w.Rekeyed.Ubigeo, w.Rekeyed.ID)
	}
}

// published has this process's browsers and devices learn of a plan that another
// process handed out.
func (n *neighbours) published(ctx context.Context, t thing) {
	p, err := n.a.store.Plan(ctx, t.Ubigeo, t.ID)
	if err != nil {
		n.complain(ctx, "read a plan that another process handed out", err)
		return
	}
	if p.State != patrol.Published {
		return // replaced meanwhile: another word is on its way
	}
	n.a.readAnew(ctx, t.Ubigeo)
	if err := n.a.hub.Publish(t.Ubigeo, "plan", api.PlanEventOf(p)); err != nil {
		n.complain(ctx, "live event", err)
	}
	n.a.deliver(ctx, p, false)
}

func (n *neighbours) complain(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		n.a.log.Error(what, "err", err)
	}
}
