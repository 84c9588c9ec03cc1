package fleet

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// ErrIngestClosed is what a fix gets that comes after Close: it is not saved
// and must not be acknowledged.
var ErrIngestClosed = errors.New("the writer of fixes is closed")

// FixStore keeps fixes and dead letters. StoreFixes is idempotent, returns after
// COMMIT, and gives the rows that were not there before, also along with an
// error, which means "try again". A row that can never be stored is no error:
// the store keeps it as a dead letter of its own.
type FixStore interface {
	StoreFixes(ctx context.Context, fixes []Fix) (fresh []Fix, err error)
	SaveDeadLetter(ctx context.Context, d DeadLetter) error
}

// IngestConfig sets up an Ingest. Only Store is required.
type IngestConfig struct {
	Store FixStore
	// OnFresh is told of every new row after its COMMIT: one call at a time,
	// a device's rows in the order of their commits, what came within tellEvery
	// together. It runs beside the writing; if it falls behind by freshBacklog
	// batches, the writing waits for it.
	OnFresh func(fresh []Fix)
	// UnitOf names the unit that carries the device now ("" for none).
	UnitOf func(ubigeo, device string) string
	Logger *slog.Logger
	Now    func() time.Time // the clock of Fix.Received, default time.Now

	Workers      int           // default 2; a device always goes to the same one
	MaxRows      int           // rows of one commit, default 4,000
	MaxDelay     time.Duration // longest time to gather a batch, default 100 ms
	Queue        int           // rows waiting or being written before Start blocks, default 20,000
	StoreTimeout time.Duration // of one attempt, default 30 s
	DrainTimeout time.Duration // for what is queued when Run's context ends, default 5 s
}

// Ingest is the writer of fixes: many doors submit, few transactions commit
// (group commit). Nothing is reported as saved before its COMMIT, and while
// the store fails the writer keeps trying and the queue fills until the doors
// block; that is the back-pressure.
//
// Batches: a worker takes what is waiting and commits when nothing more is (under
// load a little later, see pace), or at MaxRows rows, or after MaxDelay.
type Ingest struct {
	cfg    IngestConfig
	budget *semaphore.Weighted
	shards []chan *chunk
	seed   maphash.Seed

	mu     sync.RWMutex // held for reading while a chunk is queued
	closed bool
	ended  chan struct{} // Run is over: nothing will be written any more

	fresh   chan told // on their way to OnFresh
	lags    IngestLags
	stats   ingestCounters
	failing atomic.Pointer[failure] // nil while the store works
}

// IngestLags are how long fixes take. Those from a device's memory count for
// Told only.
type IngestLags struct {
	Age    Lag // from a fix's own time to its COMMIT: the device, the network and us
	Stored Lag // from its reception to its COMMIT
	Told   Lag // from a COMMIT until live views have its fixes
}

// Lags counts on while it is read.
func (in *Ingest) Lags() *IngestLags { return &in.lags }

// failure is why the store takes nothing, and since when.
type failure struct {
	since time.Time
	why   error
}

// Failing tells since when the store takes nothing, and why; the zero time
// while it works, or as far as is known.
func (in *Ingest) Failing() (since time.Time, why error) {
	if f := in.failing.Load(); f != nil {
		return f.since, f.why
	}
	return time.Time{}, nil
}

// NewIngest makes a writer; it works while Run does.
func NewIngest(cfg IngestConfig) *Ingest {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	defT := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&cfg.Workers, 2)
	def(&cfg.MaxRows, 4000)
	def(&cfg.Queue, 20_000)
	cfg.Queue = max(cfg.Queue, cfg.MaxRows)
	defT(&cfg.MaxDelay, 100*time.Millisecond)
	defT(&cfg.StoreTimeout, 30*time.Second)
	defT(&cfg.DrainTimeout, 5*time.Second)
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	in := &Ingest{cfg: cfg, budget: semaphore.NewWeighted(int64(cfg.Queue)), ended: make(chan struct{}),
		seed: maphash.MakeSeed(), fresh: make(chan told, freshBacklog)}
	for range cfg.Workers {
		// A chunk has at least one row, so a send never blocks within the budget.
		in.shards = append(in.shards, make(chan *chunk, cfg.Queue))
	}
	return in
}

// chunk is a part of one submission that goes to one worker.
type chunk struct {
	fixes []Fix
	t     *Ticket
}

// Ticket stands for a submission on its way to the store.
type Ticket struct {
	left atomic.Int32 // chunks not yet settled, plus one while Start runs
	done chan struct{}
	mu   sync.Mutex
	err  error
}

func (t *Ticket) settle(err error) {
	if err != nil {
		t.mu.Lock()
		if t.err == nil {
			t.err = err
		}
		t.mu.Unlock()
	}
	if t.left.Add(-1) == 0 {
		close(t.done)
	}
}

// Wait blocks until all fixes of the submission are committed (nil), cannot be
// any more, or ctx ends. After the end of ctx they may still be committed;
// the sender will send again and the store knows them already.
func (t *Ticket) Wait(ctx context.Context) error {
	if !t.Settled() {
		select {
		case <-t.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Settled tells whether Wait returns at once.
func (t *Ticket) Settled() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// Submit saves the fixes and returns after COMMIT. Any error means that they
// must not be acknowledged.
func (in *Ingest) Submit(ctx context.Context, fixes []Fix) error {
	t, err := in.Start(ctx, fixes)
	if err != nil {
		return err
	}
	return t.Wait(ctx)
}

// Start queues the fixes, normalised, and returns a ticket to wait for. It
// blocks while the queue is full. A fix that cannot be normalised is an error
// that wraps ErrInvalid, and then none is queued.
func (in *Ingest) Start(ctx context.Context, fixes []Fix) (*Ticket, error) {
	fixes = append([]Fix(nil), fixes...)
	for i := range fixes {
		f := &fixes[i]
		if err := Normalise(f); err != nil {
			return nil, err
		}
		if f.Unit == "" && in.cfg.UnitOf != nil {
			f.Unit = in.cfg.UnitOf(f.Ubigeo, f.Device)
		}
	}
	in.stats.submitted.Add(int64(len(fixes)))

	t := &Ticket{done: make(chan struct{})}
	t.left.Store(1)
	for s, part := range in.byShard(fixes) {
		for len(part) > 0 {
			n := min(len(part), in.cfg.MaxRows)
			if err := in.enqueue(ctx, s, &chunk{fixes: part[:n:n], t: t}); err != nil {
				t.settle(err)
				return nil, err
			}
			part = part[n:]
		}
	}
	t.settle(nil)
	return t, nil
}

// byShard gives the fixes of each worker. Mostly all are of one device.
func (in *Ingest) byShard(fixes []Fix) iter.Seq2[int, []Fix] {
	return func(yield func(int, []Fix) bool) {
		if len(fixes) == 0 {
			return
		}
		first := in.shardOf(&fixes[0])
		if !slices.ContainsFunc(fixes[1:], func(f Fix) bool { return in.shardOf(&f) != first }) {
			yield(first, fixes)
			return
		}
		parts := make([][]Fix, len(in.shards))
		for i := range fixes {
			s := in.shardOf(&fixes[i])
			parts[s] = append(parts[s], fixes[i])
		}
		for s, part := range parts {
			if len(part) > 0 && !yield(s, part) {
				return
			}
		}
	}
}

// shardOf gives the worker of a device, always the same.
func (in *Ingest) shardOf(f *Fix) int {
	var h maphash.Hash
	h.SetSeed(in.seed)
	_, _ = h.WriteString(f.Ubigeo)
	_, _ = h.WriteString(f.Device)
	return int(h.Sum64() % uint64(len(in.shards)))
}

func (in *Ingest) enqueue(ctx context.Context, shard int, c *chunk) error {
	n := int64(len(c.fixes))
	if !in.budget.TryAcquire(n) {
		in.stats.blocked.Add(1)
		if err := in.acquire(ctx, n); err != nil {
			return err
		}
	}
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.closed {
		in.budget.Release(n)
		return ErrIngestClosed
	}
	c.t.left.Add(1)
	in.stats.queued.Add(n)
	in.shards[shard] <- c
	return nil
}

// acquire waits for room in the queue, until ctx or Run ends.
func (in *Ingest) acquire(ctx context.Context, n int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-in.ended:
			cancel(ErrIngestClosed)
		case <-stop:
		}
	}()
	if err := in.budget.Acquire(ctx, n); err != nil {
		return context.Cause(ctx)
	}
	return nil
}

// Run writes until Close is called or ctx ends; then it takes no new fixes,
// writes those that are queued and returns nil. After the end of ctx it has
// DrainTimeout for that; what is left is reported to its senders as not saved
// and makes Run return an error.
func (in *Ingest) Run(ctx context.Context) error {
	defer close(in.ended)
	work, abort := context.WithCancelCause(context.WithoutCancel(ctx))
	defer abort(nil)
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-over:
			return
		case <-ctx.Done():
		}
		in.Close()
		timer := time.NewTimer(in.cfg.DrainTimeout)
		defer timer.Stop()
		select {
		case <-over:
		case <-timer.C:
			abort(fmt.Errorf("%w: the store did not take the queue within %s", ErrIngestClosed, in.cfg.DrainTimeout))
		}
	}()
	told := make(chan struct{})
	go func() {
		defer close(told)
		in.tell()
	}()
	defer func() {
		close(in.fresh)
		<-told
	}()
	var g errgroup.Group
	for _, q := range in.shards {
		g.Go(func() error { return in.work(work, q) })
	}
	return g.Wait()
}

// Close stops taking fixes. Run returns once the queue is written.
func (in *Ingest) Close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return
	}
	in.closed = true
	for _, q := range in.shards {
		close(q)
	}
}
