package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
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

// copyNew stores fixes of which none is there yet.
func copyNew(ctx context.Context, tx pgx.Tx, fixes []fleet.Fix) error {
	_, err := tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(copyRows(fixes)), copyFixes)
	return err
}

// epoch is where PostgreSQL's instants begin.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// copyRows writes fixes in the binary format of COPY, in the order of
// fixColumns: a header, for each row the number of its fields and each field
// with its length (-1: NULL), and a row of -1 fields at the end.
func copyRows(fixes []fleet.Fix) []byte {
	be := binary.BigEndian
	b := make([]byte, 0, 64+len(fixes)*224)
	b = append(b, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	text := func(s string) {
		b = append(be.AppendUint32(b, uint32(len(s))), s...)
	}
	long := func(v uint64) { b = be.AppendUint64(be.AppendUint32(b, 8), v) }
	null := func() { b = be.AppendUint32(b, math.MaxUint32) }
	number := func(v float64) {
		if math.IsNaN(v) {
			null()
		} else {
			long(math.Float64bits(v))
		}
	}
	for i := range fixes {
		f := &fixes[i]
		b = be.AppendUint16(b, 16)
		text(f.Ubigeo)
		text(f.Device)
		long(uint64(f.Time.UnixMicro() - epoch))
		long(uint64(f.Seq))
		text(f.Unit)
		long(uint64(f.Received.UnixMicro() - epoch))
		if lon, lat := f.Point[0], f.Point[1]; math.IsNaN(lon) || math.IsNaN(lat) {
			null()
			null()
		} else {
			number(lon)
			number(lat)
		}
		for _, v := range [...]float64{f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery} {
			number(v)
		}
		switch {
		case f.Ignition == nil:
			null()
		case *f.Ignition:
			b = append(be.AppendUint32(b, 1), 1)
		default:
			b = append(be.AppendUint32(b, 1), 0)
		}
		text(f.Event)
		b = be.AppendUint32(be.AppendUint32(b, 4), uint32(int32(f.Flags)))
	}
	return be.AppendUint16(b, math.MaxUint16)
}
