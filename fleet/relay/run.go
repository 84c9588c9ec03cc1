package relay

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// Store keeps settings, cursors, what is new and points on their way.
type Store interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	Relay(ctx context.Context, ubigeo string) (Settings, error)
	RelayCursors(ctx context.Context, ubigeo string) (map[string]Cursor, error)
	// RelayNews gives the oldest fixes of a unit that nobody has looked at, of
	// times and receptions before an instant. A fix is news from the moment it is
	// stored, however long that took, until a pass over it is kept.
	RelayNews(ctx context.Context, ubigeo, unit string, before time.Time, limit int) ([]Key, error)
	FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error)
	// SaveRelayPass keeps a unit's cursor with the points and gaps that came of
	// news, which are news no more: all or none of it.
	SaveRelayPass(ctx context.Context, ubigeo, unit string, c Cursor, news []Key, points []Queued, gaps []Gap) error
	// RelayQueue gives the oldest points on their way.
	RelayQueue(ctx context.Context, ubigeo string, limit int) ([]Queued, error)
	// RelayTaken takes points off the queue, and keeps what was not handed on.
	RelayTaken(ctx context.Context, ubigeo string, points []Queued, gaps []Gap) error
	// SaveRelayTrouble keeps what is wrong with the platform; empty: nothing.
	SaveRelayTrouble(ctx context.Context, ubigeo string, t Trouble) error
	// RelayPauses gives when the next requests may go, as kept last; zero: now.
	RelayPauses(ctx context.Context, ubigeo string) (Pauses, error)
	SaveRelayPauses(ctx context.Context, ubigeo string, p Pauses) error
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

// Later is an error that wraps ErrLater, with the pause that the platform asks
// for before it is tried again.
type Later struct {
	For time.Duration
	Why error
}

func (l Later) Error() string { return l.Why.Error() }

func (l Later) Unwrap() error { return l.Why }

// longest is the longest pause that a platform is granted.
const longest = time.Hour

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
	// Lag is how long a fix is left for those before it to come too. Default
	// 30 s.
	Lag time.Duration
	// Sleep waits; tests make time pass. Default: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// LateFor is how old a fix may be when it is received to be handed on.
const LateFor = 24 * time.Hour

const (
	context10 = 10 * time.Minute // of fixes before, by which new ones are judged
	stretch   = 6 * time.Hour    // that is looked at together, at most
	newsMost  = 2000             // likewise
	every     = 30 * time.Second // between passes while nothing waits
	deniedFor = 5 * time.Minute  // before a platform that denied us is asked again
)

// Relay hands positions on.
type Relay struct {
	cfg     Config
	mu      sync.Mutex
	senders map[string]*sender // by district
}

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
	return &Relay{cfg: cfg, senders: map[string]*sender{}}
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
		waits := false
		err := r.cfg.Store.Alone(ctx, "relay", func(ctx context.Context) (err error) {
			waits, err = r.Pass(ctx)
			return err
		})
		if err != nil && ctx.Err() == nil {
			r.cfg.Logger.Error("retransmission", "err", err)
		}
		if err != nil || !waits {
			_ = r.cfg.Sleep(ctx, every)
		}
	}
	return nil
}

// Pass picks the points of all districts that hand on, and sends what is on its
// way for as long as a pass lasts, to each district's platform at its own pace.
// It tells whether points wait that could go at once.
func (r *Relay) Pass(ctx context.Context) (waits bool, err error) {
	ds, err := r.cfg.Store.Districts(ctx)
	if err != nil {
		return false, err
	}
	var mu sync.Mutex
	var failed []error
	var g errgroup.Group
	for _, d := range ds {
		g.Go(func() error {
			more, err := r.district(ctx, d.Ubigeo)
			mu.Lock()
			defer mu.Unlock()
			waits = waits || more
			if err != nil {
				failed = append(failed, err)
			}
			return nil // of one district; the others go on
		})
	}
	_ = g.Wait()
	return waits, errors.Join(failed...)
}

// district does a pass of one district.
func (r *Relay) district(ctx context.Context, ubigeo string) (waits bool, err error) {
	s, err := r.cfg.Store.Relay(ctx, ubigeo)
	if err != nil || !s.On {
		return false, err
	}
	picked := r.pickAll(ctx, ubigeo, s)
	waits, err = r.senderOf(ubigeo).send(ctx, s)
	return waits, errors.Join(picked, err)
}

// pickAll looks at the new fixes of every vehicle.
func (r *Relay) pickAll(ctx context.Context, ubigeo string, s Settings) error {
	cursors, err := r.cfg.Store.RelayCursors(ctx, ubigeo)
	if err != nil {
		return err
	}
	horizon := r.cfg.Now().Add(-r.cfg.Lag).UTC()
	for unit := range s.Vehicles {
		c := cursors[unit]
		for {
			news, err := r.cfg.Store.RelayNews(ctx, ubigeo, unit, horizon, newsMost)
			if err != nil {
				return err
			}
			if len(news) == 0 {
				break
			}
			news = together(news)
			wanted := make(map[Key]bool, len(news))
			for _, k := range news {
				wanted[k] = true
			}
			fixes, err := r.cfg.Store.FixesOfUnit(ctx, ubigeo, unit, news[0].Time.Add(-context10), news[len(news)-1].Time.Add(time.Microsecond))
			if err != nil {
				return err
			}
			fixes = slices.DeleteFunc(fixes, func(f fleet.Fix) bool { return !f.Received.Before(horizon) && !wanted[KeyOf(f)] })
			slices.SortFunc(fixes, journal.Compare)
			next, points, gaps := s.pick(ubigeo, unit, c, fixes, wanted)
			if err := r.cfg.Store.SaveRelayPass(ctx, ubigeo, unit, next, news, points, gaps); err != nil {
				return err
			}
			c = next
		}
	}
	return nil
}

// together gives the first of some news that are near enough to each other in
// time to be judged together.
func together(news []Key) []Key {
	for i := 1; i < len(news); i++ {
		if news[i].Time.Sub(news[i-1].Time) > context10 || news[i].Time.Sub(news[0].Time) > stretch {
			return news[:i]
		}
	}
	return news
}
