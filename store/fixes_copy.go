package store

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/serenazgo/serenazgo/fleet"
)

// Fixes are stored by COPY, which takes half the time of an INSERT that looks
// for rows already there. COPY fails as a whole when one is; then the INSERT
// does it. That is rare: fixes come again after a broken connection.

const copyFixes = `COPY fixes (` + fixColumns + `) FROM STDIN (FORMAT binary)`

// afterKnown is how many chunks are stored by INSERT after one that held a known
// fix: where one came again, more will.
const afterKnown = 20

// knownLately counts down those chunks.
type knownLately struct{ chunks atomic.Int32 }

func (k *knownLately) met() { k.chunks.Store(afterKnown) }

// copying tells whether to try COPY with the next chunk.
func (k *knownLately) copying() bool { return k.chunks.Load() <= 0 || k.chunks.Add(-1) < 0 }

// isKnown tells whether COPY met a row that is there already.
func isKnown(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "23505"
}

// nothingFollows tells whether storing fixes, if all of them are new, leaves
// nothing else to do: none is late, no device is new, nobody retransmits them.
func (s *Store) nothingFollows(fixes []fleet.Fix) bool {
	last, unknown := s.last.of(deviceArrays(fixes))
	if len(unknown) > 0 {
		return false
	}
	var after pgx.Batch
	queueDirty(&after, fixes, last)
	s.queueRelayed(&after, fixes)
	s.queueSeen(&after, fixes)
	return after.Len() == 0
}

// copyAlone stores fixes of which none is there yet by one statement, which is a
// transaction of its own: BEGIN and COMMIT are two more answers to wait for, and
// under load each takes its turn at the processor. On an error, maybe tells that
// nobody knows whether they are stored; it is known where the server refused the
// statement and the connection goes on.
func (s *Store) copyAlone(ctx context.Context, fixes []fleet.Fix) (maybe bool, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	_, err = conn.Conn().PgConn().CopyFrom(ctx, &copyReader{left: fixes}, copyFixes)
	var pe *pgconn.PgError
	return err != nil && !(errors.As(err, &pe) && pe.SeverityUnlocalized == "ERROR"), err
}

// copyNew stores fixes of which none is there yet. They are written while the
// server works on those before.
func copyNew(ctx context.Context, tx pgx.Tx, fixes []fleet.Fix) error {
	_, err := tx.Conn().PgConn().CopyFrom(ctx, &copyReader{left: fixes}, copyFixes)
	return err
}

// epoch is where PostgreSQL's instants begin.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// copyReader gives fixes in the binary format of COPY, in the order of
// fixColumns: a header, for each row the number of its fields and each field
// with its length (-1: NULL), and a row of -1 fields at the end.
type copyReader struct {
	left  []fleet.Fix
	begun bool
	ended bool
	rest  []byte // written and not read yet
}

// Read writes as many rows as p takes, and one more.
func (r *copyReader) Read(p []byte) (n int, err error) {
	for {
		k := copy(p[n:], r.rest)
		n, r.rest = n+k, r.rest[k:]
		switch {
		case n == len(p):
			return n, nil
		case !r.begun:
			r.begun = true
			r.rest = append(r.rest[:0], "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
		case len(r.left) > 0:
			m := min(len(r.left), 1+(len(p)-n)/rowBytes)
			r.rest = r.rest[:0]
			for i := range r.left[:m] {
				r.rest = copyRow(r.rest, &r.left[i])
			}
			r.left = r.left[m:]
		case !r.ended:
			r.ended = true
			r.rest = binary.BigEndian.AppendUint16(r.rest[:0], math.MaxUint16)
		default:
			return n, io.EOF
		}
	}
}

// rowBytes is what a row takes, more or less.
const rowBytes = 200

// copyRow appends a row.
func copyRow(b []byte, f *fleet.Fix) []byte {
	b = binary.BigEndian.AppendUint16(b, 19)
	b = copyText(b, f.Ubigeo)
	b = copyText(b, f.Device)
	b = copyLong(b, uint64(f.Time.UnixMicro()-epoch))
	b = copyLong(b, uint64(f.Seq))
	b = copyText(b, f.Unit)
	b = copyLong(b, uint64(f.Received.UnixMicro()-epoch))
	lon, lat := f.Point[0], f.Point[1]
	if math.IsNaN(lon) || math.IsNaN(lat) {
		lon, lat = math.NaN(), math.NaN()
	}
	for _, v := range [...]float64{lon, lat, f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery} {
		b = copyNumber(b, v)
	}
	b = copyText(copyTruth(b, f.Ignition), f.Event)
	b = binary.BigEndian.AppendUint32(append(b, 0, 0, 0, 4), uint32(int32(f.Flags)))
	for _, v := range [...]float64{f.Odometer, f.Engine} {
		if v == 0 {
			v = math.NaN()
		}
		b = copyNumber(b, v)
	}
	return copyTruth(b, f.Power)
}

func copyTruth(b []byte, v *bool) []byte {
	switch {
	case v == nil:
		return copyNull(b)
	case *v:
		return append(b, 0, 0, 0, 1, 1)
	}
	return append(b, 0, 0, 0, 1, 0)
}

func copyText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func copyLong(b []byte, v uint64) []byte {
	return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), v)
}

func copyNull(b []byte) []byte { return append(b, 0xff, 0xff, 0xff, 0xff) }

// copyNumber writes NaN as NULL.
func copyNumber(b []byte, v float64) []byte {
	if math.IsNaN(v) {
		return copyNull(b)
	}
	return copyLong(b, math.Float64bits(v))
}
