package fleet

import (
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"
)

// IngestStats counts what the writer did since it was made; Queued is what it
// holds now.
type IngestStats struct {
	Submitted   int64 // fixes that doors handed over
	Stored      int64 // new rows committed
	Known       int64 // fixes that the store had already
	Batches     int64 // commits
	DeadLetters int64 // payloads and fixes kept as dead letters
	StoreErrors int64 // failed attempts
	Blocked     int64 // submissions that had to wait for room in the queue
	Abandoned   int64 // fixes reported as not saved
	Queued      int64 // fixes waiting or being written
}

type ingestCounters struct {
	submitted, stored, known, batches, deadLetters, storeErrors, blocked, abandoned, queued atomic.Int64
}

// Stats reads the counters.
func (in *Ingest) Stats() IngestStats {
	s := &in.stats
	return IngestStats{
		Submitted: s.submitted.Load(), Stored: s.stored.Load(), Known: s.known.Load(), Batches: s.batches.Load(),
		DeadLetters: s.deadLetters.Load(), StoreErrors: s.storeErrors.Load(), Blocked: s.blocked.Load(),
		Abandoned: s.abandoned.Load(), Queued: s.queued.Load(),
	}
}

// printable makes text from outside fit for a log line and a text column:
// valid UTF-8 without control characters, at most 500 bytes.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return '?'
		}
		return r
	}, s)
	for len(s) > 500 {
		_, n := utf8.DecodeLastRuneInString(s[:500])
		s = s[:500-n]
	}
	return s
}
