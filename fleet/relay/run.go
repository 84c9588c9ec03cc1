package relay

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Store keeps settings, cursors and points on their way.
type Store interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	Relay(ctx context.Context, ubigeo string) (Settings, error)
	RelayCursors(ctx context.Context, ubigeo string) (map[string]Cursor, error)
	// RelayFixes gives a unit's fixes of times from one instant up to, not
	// including, another, that were received before the latter, in order: those
	// received at or after since, or of times at or after context.
	RelayFixes(ctx context.Context, ubigeo, unit string, from, to, since, context time.Time) ([]fleet.Fix, error)
	// SaveRelayPass keeps a unit's cursor with the points and gaps that it
	// passed, all or none of it.
	SaveRelayPass(ctx context.Context, ubigeo, unit string, c Cursor, points []Queued, gaps []Gap) error
	// RelayQueue gives the oldest points on their way.
	RelayQueue(ctx context.Context, ubigeo string, limit int) ([]Queued, error)
	// RelayTaken takes points off the queue, and keeps what was not handed on.
	RelayTaken(ctx context.Context, ubigeo string, points []Queued, gaps []Gap) error
	// Alone calls do while no other process does so by the same name; it does
	// nothing where one does.
	Alone(ctx context.Context, name string, do func(ctx context.Context) error) error
}

// What a sink says of points that it did not take.
var (
	ErrRefused = errors.New("the platform did not understand the points")      // give them up
	ErrDenied  = errors.New("the platform does not know this service")         // ask an administrator
	ErrLater   = errors.New("the platform could not take the points just now") // try again
)

// Sink takes points. An error wraps ErrRefused, ErrDenied or ErrLater.
type Sink interface {
	Send(ctx context.Context, points []Point) error
}

// Config sets up a Relay. All but Logger and Lag are required.
type Config struct {
	Store Store
	Now   func() time.Time
	// Open gives the sink of a district's settings.
	Open   func(ubigeo string, s Settings) (Sink, error)
	Logger *slog.Logger
	// Lag is how long a fix may take from its reception until it is stored;
	// what is younger is left to the next pass. Default 30 s.
	Lag time.Duration
	// Sleep waits; tests make time pass. Default: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// LateFor is how old a fix that comes late may be to be handed on.
const LateFor = 24 * time.Hour

const (
	context10 = 10 * time.Minute // of fixes before, by which new ones are judged
	stretch   = 6 * time.Hour    // that one pass looks at, at most
	every     = 30 * time.Second // between passes
	deniedFor = 5 * time.Minute  // before a platform that denied us is asked again
)

// Relay hands positions on.
type Relay struct{ cfg Config }

// New makes a relay that works while Run does.
func New(cfg Config) *Relay {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Lag <= 0 {
		cfg.Lag = 30 * time.Second
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	return &Relay{cfg}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Run hands positions on until ctx ends.
func (r *Relay) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := r.cfg.Store.Alone(ctx, "relay", func(ctx context.Context) error { return r.Pass(ctx) })
		if err != nil && ctx.Err() == nil {
			// What was received while the store was away may be stored late.
			r.cfg.Logger.Error("retransmission", "err", err)
			_ = r.cfg.Sleep(ctx, r.cfg.Lag)
		}
		_ = r.cfg.Sleep(ctx, every)
	}
	return nil
}

// Pass picks the points of all districts that hand on, and sends what is on its
// way for as long as a pass lasts.
func (r *Relay) Pass(ctx context.Context) error {
	ds, err := r.cfg.Store.Districts(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range ds {
		s, err := r.cfg.Store.Relay(ctx, d.Ubigeo)
		if err == nil && s.On {
			err = errors.Join(r.pickAll(ctx, d.Ubigeo, s), r.send(ctx, d.Ubigeo, s))
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// pickAll looks at the new fixes of every vehicle.
func (r *Relay) pickAll(ctx context.Context, ubigeo string, s Settings) error {
	cursors, err := r.cfg.Store.RelayCursors(ctx, ubigeo)
	if err != nil {
		return err
	}
	horizon := r.cfg.Now().Add(-r.cfg.Lag).UTC()
	for unit := range s.Vehicles {
		c, known := cursors[unit]
		if !known { // from now on
			c = Cursor{Until: horizon}
		}
		for c.Until.Before(horizon) || !known {
			known = true
			to := horizon
			if most := c.Until.Add(stretch); to.After(most) {
				to = most
			}
			from := to.Add(-LateFor)
			if c.Until.Before(from) {
				from = c.Until
			}
			fixes, err := r.cfg.Store.RelayFixes(ctx, ubigeo, unit, from, to, c.Until, c.Until.Add(-context10))
			if err != nil {
				return err
			}
			next, points, gaps := s.pick(ubigeo, unit, c, fixes)
			next.Until = to
			if err := r.cfg.Store.SaveRelayPass(ctx, ubigeo, unit, next, points, gaps); err != nil {
				return err
			}
			c = next
		}
	}
	return nil
}

// send hands on what is on its way, oldest first, with the pause that the
// platform asks for, for about as long as it takes until the next pass.
func (r *Relay) send(ctx context.Context, ubigeo string, s Settings) error {
	sink, err := r.cfg.Open(ubigeo, s)
	if err != nil {
		return err
	}
	wait := Pause
	next := map[string]time.Time{} // by whom the pause is kept for
	end := r.cfg.Now().Add(every)
	for r.cfg.Now().Before(end) {
		queue, err := r.cfg.Store.RelayQueue(ctx, ubigeo, 50*MaxBatch)
		if err != nil || len(queue) == 0 {
			return err
		}
		for len(queue) > 0 && r.cfg.Now().Before(end) {
			batch, rest := s.batch(queue, func(unit string) bool { return !next[s.pacer(unit)].After(r.cfg.Now()) })
			if len(batch) == 0 {
				if err := r.cfg.Sleep(ctx, soonest(next, r.cfg.Now())); err != nil {
					return err
				}
				continue
			}
			queue = rest
			points := make([]Point, len(batch))
			for i, q := range batch {
				points[i] = q.Point
			}
			err := sink.Send(ctx, points)
			if s.Sink == HTTPSSink {
				next[s.pacer(batch[0].Unit)] = r.cfg.Now().Add(wait)
			}
			switch {
			case err == nil:
				wait = Pause
				err = r.cfg.Store.RelayTaken(ctx, ubigeo, batch, nil)
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.Is(err, ErrRefused) && len(batch) > 1:
				// One bad point must not cost the others: they go one by one.
				err = r.oneByOne(ctx, ubigeo, sink, batch)
			case errors.Is(err, ErrRefused):
				err = r.giveUp(ctx, ubigeo, batch[0], err)
			case errors.Is(err, ErrDenied):
				r.cfg.Logger.Error("retransmission is denied", "ubigeo", ubigeo, "err", err)
				return r.cfg.Sleep(ctx, deniedFor)
			default:
				r.cfg.Logger.Warn("retransmission waits", "ubigeo", ubigeo, "err", err, "again_in", wait)
				wait = min(2*wait, time.Minute)
				queue = append(batch, queue...)
				err = nil
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// oneByOne hands points on each by itself, and gives those up that are refused.
func (r *Relay) oneByOne(ctx context.Context, ubigeo string, sink Sink, batch []Queued) error {
	for _, q := range batch {
		if err := r.cfg.Sleep(ctx, Pause); err != nil {
			return err
		}
		switch err := sink.Send(ctx, []Point{q.Point}); {
		case err == nil:
			err = r.cfg.Store.RelayTaken(ctx, ubigeo, []Queued{q}, nil)
			if err != nil {
				return err
			}
		case errors.Is(err, ErrRefused):
			if err := r.giveUp(ctx, ubigeo, q, err); err != nil {
				return err
			}
		default:
			return err // the rest stays on its way
		}
	}
	return nil
}

// giveUp takes a point off the queue that the platform refuses.
func (r *Relay) giveUp(ctx context.Context, ubigeo string, q Queued, why error) error {
	return r.cfg.Store.RelayTaken(ctx, ubigeo, []Queued{q}, []Gap{{Unit: q.Unit, Start: q.At, End: q.At, Reason: Refused, Points: 1, Detail: why.Error()}})
}

// pacer names whom the pause is kept for when a unit's points are sent.
func (s Settings) pacer(unit string) string {
	if s.Pace == PaceVehicle {
		return unit
	}
	return ""
}

// soonest is how long it takes until the next of the pauses ends.
func soonest(next map[string]time.Time, now time.Time) time.Duration {
	least := Pause
	for _, x := range next {
		if d := x.Sub(now); d > 0 {
			least = min(least, d)
		}
	}
	return least
}

// batch takes the next request's points off the queue, of units that are ready:
// of one vehicle if the pause is kept for each.
func (s Settings) batch(queue []Queued, ready func(unit string) bool) (batch, rest []Queued) {
	for _, q := range queue {
		if len(batch) < s.Batch && ready(q.Unit) && (s.Pace == PaceAll || len(batch) == 0 || batch[0].Unit == q.Unit) {
			batch = append(batch, q)
		} else {
			rest = append(rest, q)
		}
	}
	return batch, rest
}
