package relay

import (
	"context"
	"errors"
	"time"
)

// Trouble is what is wrong with a district's platform.
type Trouble struct {
	Kind   string    `json:"kind"` // Denied or Waiting
	Since  time.Time `json:"since"`
	Detail string    `json:"detail"` // as the platform, or the way to it, said
}

// Kinds of trouble.
const (
	Denied  = "denied"  // it does not know this service
	Waiting = "waiting" // it cannot take points just now
)

// Pauses are when a district's next requests may go. They are kept, so that
// processes that take turns keep them together.
type Pauses struct {
	Sink   string               `json:"sink"` // where they are for
	Next   map[string]time.Time `json:"next,omitempty"`
	Wait   time.Duration        `json:"wait_ns,omitempty"`
	Denied time.Time            `json:"denied,omitzero"`
	Single int                  `json:"single,omitempty"`
}

// recall takes the pauses that another process, or this one, kept last.
func (x *sender) recall(p Pauses) {
	if p.Sink != x.sink {
		return
	}
	for who, at := range p.Next {
		if at.After(x.next[who]) {
			x.next[who] = at
		}
	}
	x.wait, x.denied, x.single = max(p.Wait, Pause), p.Denied, p.Single
}

// pauses are those to keep: what is over by now is not.
func (x *sender) pauses() Pauses {
	now := x.r.cfg.Now()
	p := Pauses{Sink: x.sink, Next: map[string]time.Time{}, Wait: x.wait, Single: x.single}
	for who, at := range x.next {
		if at.After(now) {
			p.Next[who] = at.UTC()
		}
	}
	if x.denied.After(now) {
		p.Denied = x.denied.UTC()
	}
	return p
}

// sender hands a district's points on and keeps the pauses, from one pass to the
// next.
type sender struct {
	r      *Relay
	ubigeo string
	begun  time.Time            // who sent before this process did may have done so just now
	next   map[string]time.Time // earliest next request, by whom the pause is kept for
	wait   time.Duration        // between requests: longer while the platform cannot take any
	denied time.Time            // until then it is not asked
	single int                  // points to send one by one: of a request that was refused
	known  bool                 // trouble is what is kept
	kept   Trouble
	sink   string // where it sent last: what is known of one platform says nothing of another
}

// senderOf gives a district's sender.
func (r *Relay) senderOf(ubigeo string) *sender {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := r.senders[ubigeo]
	if x == nil {
		x = &sender{r: r, ubigeo: ubigeo, begun: r.cfg.Now(), next: map[string]time.Time{}, wait: Pause}
		r.senders[ubigeo] = x
	}
	return x
}

// send hands on what is on its way, oldest first, with the pause that the
// platform asks for, for about as long as it takes until the next pass. It tells
// whether more is on its way that could go at once.
func (x *sender) send(ctx context.Context, s Settings) (waits bool, err error) {
	cfg := x.r.cfg
	if where := s.Sink + " " + s.URL; where != x.sink {
		x.sink, x.known, x.denied, x.wait = where, false, time.Time{}, Pause
	}
	kept, err := cfg.Store.RelayPauses(ctx, x.ubigeo)
	if err != nil {
		return false, err
	}
	x.recall(kept)
	if cfg.Now().Before(x.denied) {
		return false, nil
	}
	sink, err := cfg.Open(x.ubigeo, s)
	if err != nil {
		return false, err
	}
	end := cfg.Now().Add(every)
	for cfg.Now().Before(end) {
		queue, err := cfg.Store.RelayQueue(ctx, x.ubigeo, 50*MaxBatch)
		if err != nil || len(queue) == 0 {
			return false, err
		}
		for len(queue) > 0 && cfg.Now().Before(end) {
			most := s.Batch
			if x.single > 0 {
				most = 1
			}
			batch, rest := s.batch(queue, most, func(unit string) bool { return !x.readyAt(s, unit).After(cfg.Now()) })
			if len(batch) == 0 {
				if err := cfg.Sleep(ctx, x.soonest(s, queue)); err != nil {
					return false, err
				}
				continue
			}
			taken, err := x.request(ctx, s, sink, batch)
			if err != nil || cfg.Now().Before(x.denied) {
				return false, err
			}
			if taken {
				queue = rest
			}
		}
	}
	return true, nil
}

// request sends one request and keeps what became of it. It tells whether the
// points are off the queue.
func (x *sender) request(ctx context.Context, s Settings, sink Sink, batch []Queued) (taken bool, err error) {
	cfg := x.r.cfg
	points := make([]Point, len(batch))
	for i, q := range batch {
		points[i] = q.Point
	}
	said := sink.Send(ctx, points)
	if ctx.Err() != nil && said != nil {
		return false, ctx.Err()
	}
	pause := Pause
	var trouble Trouble
	switch {
	case said == nil:
		x.wait, x.single = Pause, max(0, x.single-1)
		err, taken = cfg.Store.RelayTaken(ctx, x.ubigeo, batch, nil), true
	case errors.Is(said, ErrRefused) && len(batch) > 1:
		x.single = len(batch) // one bad point must not cost the others
	case errors.Is(said, ErrRefused):
		x.wait, x.single = Pause, max(0, x.single-1)
		q := batch[0]
		err, taken = cfg.Store.RelayTaken(ctx, x.ubigeo, batch, []Gap{{Unit: q.Unit, Start: q.At, End: q.At, Reason: Refused, Points: 1, Detail: said.Error()}}), true
	case errors.Is(said, ErrDenied):
		x.denied = cfg.Now().Add(deniedFor)
		trouble = Trouble{Kind: Denied, Detail: said.Error()}
	default:
		pause = x.wait
		x.wait = min(2*x.wait, time.Minute)
		if asked := (Later{}); errors.As(said, &asked) {
			pause = max(pause, min(asked.For, longest))
		}
		trouble = Trouble{Kind: Waiting, Detail: said.Error()}
	}
	if s.Sink == HTTPSSink || said != nil {
		x.next[s.pacer(batch[0].Unit)] = cfg.Now().Add(pause)
		err = errors.Join(err, cfg.Store.SaveRelayPauses(ctx, x.ubigeo, x.pauses()))
	}
	return taken, errors.Join(err, x.tell(ctx, trouble))
}

// tell keeps trouble when its kind changes, and logs it. That there is none is
// said each time: another process may have kept some.
func (x *sender) tell(ctx context.Context, t Trouble) error {
	if x.known && t.Kind != "" && t.Kind == x.kept.Kind {
		return nil
	}
	cfg := x.r.cfg
	if t.Kind != "" {
		t.Since = cfg.Now().UTC()
		cfg.Logger.Warn("retransmission is in trouble", "ubigeo", x.ubigeo, "kind", t.Kind, "detail", t.Detail)
	}
	if err := cfg.Store.SaveRelayTrouble(ctx, x.ubigeo, t); err != nil {
		return err
	}
	x.known, x.kept = true, t
	return nil
}

// readyAt is when the next request with a unit's points may go.
func (x *sender) readyAt(s Settings, unit string) time.Time {
	if at, ok := x.next[s.pacer(unit)]; ok || s.Sink != HTTPSSink {
		return at
	}
	return x.begun.Add(Pause)
}

// soonest is how long it takes until one of the points may go.
func (x *sender) soonest(s Settings, queue []Queued) time.Duration {
	now := x.r.cfg.Now()
	least := time.Minute
	for _, q := range queue {
		least = min(least, x.readyAt(s, q.Unit).Sub(now))
	}
	return least
}

// pacer names whom the pause is kept for when a unit's points are sent.
func (s Settings) pacer(unit string) string {
	if s.Pace == PaceVehicle {
		return unit
	}
	return ""
}

// batch takes the next request's points off the queue, at most so many, of units
// that are ready: of one vehicle if the pause is kept for each.
func (s Settings) batch(queue []Queued, most int, ready func(unit string) bool) (batch, rest []Queued) {
	for _, q := range queue {
		if len(batch) < most && ready(q.Unit) && (s.Pace == PaceAll || len(batch) == 0 || batch[0].Unit == q.Unit) {
			batch = append(batch, q)
		} else {
			rest = append(rest, q)
		}
	}
	return batch, rest
}
