package fleet

import "time"

// told are new rows on their way to OnFresh.
type told struct {
	rows []Fix
	at   time.Time // of their COMMIT
}

// freshBacklog is how many batches of new rows may wait for OnFresh.
const freshBacklog = 64

// tellEvery is the least time between two calls of OnFresh, so that those who
// follow live work for the eye and not for every commit: a page shows no more
// than 25 positions of a unit a second, and ten after a call with floodRows and
// more, when units report faster than that. What comes after a pause is told of
// at once.
const (
	tellEvery  = 40 * time.Millisecond
	floodEvery = 100 * time.Millisecond
	floodRows  = 400
)

// tell tells OnFresh of new rows until there will be no more.
func (in *Ingest) tell() {
	var last time.Time
	every := tellEvery
	for f := range in.fresh {
		if in.cfg.OnFresh == nil {
			continue
		}
		rows := f.rows
		if wait := every - time.Since(last); wait > 0 {
			rows = in.gather(rows, wait)
		}
		last, every = time.Now(), tellEvery
		if len(rows) >= floodRows {
			every = floodEvery
		}
		in.cfg.OnFresh(rows)
		in.lags.Told.Add(time.Since(f.at))
	}
}

// gather adds to rows what is committed within a time, as long as it is not more
// than a few batches.
func (in *Ingest) gather(rows []Fix, within time.Duration) []Fix {
	timer := time.NewTimer(within)
	defer timer.Stop()
	rows = rows[:len(rows):len(rows)] // they are not ours to append to
	for len(rows) < 2*in.cfg.MaxRows {
		select {
		case more, ok := <-in.fresh:
			if !ok {
				return rows
			}
			rows = append(rows, more.rows...)
		case <-timer.C:
			return rows
		}
	}
	return rows
}
