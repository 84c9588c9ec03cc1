package fleet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Waits between attempts while the store fails.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 5 * time.Second
)

// work is one worker: it forms batches of its shard and writes them until the
// shard is closed and empty.
func (in *Ingest) work(ctx context.Context, q <-chan *chunk) error {
	var next *chunk
	var failed error
	var begun time.Time // of the commit before, while they are large
	for {
		first := next
		if first == nil {
			var ok bool
			if first, ok = <-q; !ok {
				return failed
			}
		}
		var batch []*chunk
		batch, next = in.collect(first, q, begun)
		begun = time.Time{}
		if rowsOf(batch) >= busyRows {
			begun = time.Now()
		}
		if err := in.write(ctx, batch); err != nil {
			failed = err
		}
	}
}

// A commit costs much the same whether it has 30 rows or 300, and acknowledgements
// of one connection go out together. So while commits have busyRows and more, one
// begins at least pace after the one before. While it waits it does not look up at
// every fix: to wake a worker takes longer than to queue one.
const (
	busyRows = 30
	pace     = 30 * time.Millisecond
)

func rowsOf(batch []*chunk) (n int) {
	for _, c := range batch {
		n += len(c.fixes)
	}
	return n
}

// collect gathers a batch that begins with first: until nothing waits, the batch
// is full or MaxDelay has gone by in gathering; where the commit before is given,
// also until pace has gone by since. How long first has waited already does not
// count: what queued up during a slow commit goes into the next one together. A
// chunk that no longer fits begins the next batch.
func (in *Ingest) collect(first *chunk, q <-chan *chunk, before time.Time) (batch []*chunk, next *chunk) {
	batch, rows := []*chunk{first}, len(first.fixes)
	for begun := time.Now(); rows < in.cfg.MaxRows && time.Since(begun) < in.cfg.MaxDelay; {
		var c *chunk
		ok := true
		select {
		case c, ok = <-q:
		default:
			wait := pace - time.Since(before)
			if wait <= 0 {
				return batch, nil
			}
			time.Sleep(wait)
			continue
		}
		if !ok {
			return batch, nil
		}
		if rows+len(c.fixes) > in.cfg.MaxRows {
			return batch, c
		}
		batch, rows = append(batch, c), rows+len(c.fixes)
	}
	return batch, nil
}

// write commits a batch, settles its tickets and tells of the new rows.
func (in *Ingest) write(ctx context.Context, batch []*chunk) error {
	fixes := make([]Fix, 0, rowsOf(batch))
	for _, c := range batch {
		fixes = append(fixes, c.fixes...)
	}
	fresh, err := in.store(ctx, fixes)
	n := int64(len(fixes))
	in.budget.Release(n)
	in.stats.queued.Add(-n)
	if err != nil {
		in.stats.abandoned.Add(n)
	} else {
		in.stats.batches.Add(1)
		in.stats.stored.Add(int64(len(fresh)))
		in.stats.known.Add(n - int64(len(fresh)))
	}
	for _, c := range batch { // after the counting: who is acknowledged is counted
		c.t.settle(err)
	}
	if len(fresh) > 0 {
		in.count(fresh)
		in.fresh <- told{fresh, time.Now()}
	}
	return err
}

// store writes the rows, for as long as ctx lives. An attempt that fails may
// have stored a part: those rows are new, although the next attempt finds them
// there.
func (in *Ingest) store(ctx context.Context, fixes []Fix) (fresh []Fix, err error) {
	err = in.keepTrying(ctx, "store fixes", func(ctx context.Context) error {
		part, err := in.cfg.Store.StoreFixes(ctx, fixes)
		fresh = append(fresh, part...)
		return err
	})
	return fresh, err
}

// DeadLetter keeps a payload that cannot be decoded and returns after COMMIT;
// like Submit it tries for as long as ctx lives.
func (in *Ingest) DeadLetter(ctx context.Context, d DeadLetter) error {
	if CheckUbigeo(d.Ubigeo) != nil {
		d.Ubigeo = "000000"
	}
	d.Topic, d.Client, d.Reason = printable(d.Topic), printable(d.Client), printable(d.Reason)
	in.stats.deadLetters.Add(1)
	return in.keepTrying(ctx, "store a dead letter", func(ctx context.Context) error {
		return in.cfg.Store.SaveDeadLetter(ctx, d)
	})
}

// keepTrying repeats f with growing waits until it succeeds or ctx ends.
func (in *Ingest) keepTrying(ctx context.Context, what string, f func(context.Context) error) error {
	wait := firstRetry
	for attempt := 1; ; attempt++ {
		once, cancel := context.WithTimeout(ctx, in.cfg.StoreTimeout)
		err := f(once)
		cancel()
		if err == nil {
			in.failing.Store(nil)
			if attempt > 1 {
				in.cfg.Logger.Info("the store is back", "task", what, "attempts", attempt)
			}
			return nil
		}
		in.stats.storeErrors.Add(1)
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w (%w)", what, context.Cause(ctx), err)
		}
		in.fails(err)
		// The first failure, then about one line per minute.
		if attempt == 1 || attempt%12 == 0 {
			in.cfg.Logger.Error("the store fails; devices are not acknowledged until it works again",
				"task", what, "attempt", attempt, "error", err)
		}
		timer := time.NewTimer(wait/2 + rand.N(wait/2+1))
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("%s: %w (%w)", what, context.Cause(ctx), err)
		case <-timer.C:
		}
		wait = min(2*wait, lastRetry)
	}
}

// fails notes why the store takes nothing, and since when if it has not been
// noted yet.
func (in *Ingest) fails(why error) {
	f := &failure{time.Now(), why}
	if old := in.failing.Load(); old != nil {
		f.since = old.since
	}
	in.failing.Store(f)
}

// count counts how long new rows took that were not kept back by their device.
func (in *Ingest) count(fresh []Fix) {
	now := in.cfg.Now()
	for i := range fresh {
		if f := &fresh[i]; f.Flags&(FlagBacklog|FlagPast|FlagFuture) == 0 {
			in.lags.Age.Add(now.Sub(f.Time))
			in.lags.Stored.Add(now.Sub(f.Received))
		}
	}
}
