package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
)

// fixChunk is the number of fixes stored in one transaction.
const fixChunk = 4000

const fixColumns = `ubigeo, device, time, seq, unit, received, lon, lat, speed, course, accuracy, altitude, battery, ignition, event, flags, odometer, engine, power`

// fixArrays are the columns of fixes from parameters $1 to $19, NaN as NULL.
// unnest keeps the order of the arrays, and the rows are inserted in it.
const fixArrays = `SELECT ubigeo, device, time, seq, unit, received,
		nullif(lon, 'NaN'), nullif(lat, 'NaN'), nullif(speed, 'NaN'), nullif(course, 'NaN'),
		nullif(accuracy, 'NaN'), nullif(altitude, 'NaN'), nullif(battery, 'NaN'), ignition, event, flags,
		nullif(odometer, 0), nullif(engine, 0), power
	FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::text[], $6::timestamptz[],
		$7::float8[], $8::float8[], $9::float8[], $10::float8[],
		$11::float8[], $12::float8[], $13::float8[], $14::boolean[], $15::text[], $16::int[], $17::float8[], $18::float8[], $19::boolean[])
	AS given(` + fixColumns + `)`

const insertFixes = `INSERT INTO fixes (` + fixColumns + `) ` + fixArrays + `
	ON CONFLICT DO NOTHING RETURNING ubigeo, device, time, seq`

// StoreFixes keeps fixes, each once however often it is given, and gives
// those that were not there before, ordered by district, device, time and
// number. When it returns without an error, every fix is safe on disk: in the
// table of fixes; in the quarantine if its time is no day to make a partition
// for (see fixDays); or, if the fix can never be stored (broken text, infinite
// numbers, a position off the Earth without a flag), as a dead letter with its
// content and the reason. On an error some of them may have
// been stored; giving all of them again is right, and fresh holds what was.
//
// Unknown devices get a row of their own with Known false.
func (s *Store) StoreFixes(ctx context.Context, fixes []fleet.Fix) (fresh []fleet.Fix, err error) {
	sane, odd := s.sortFixes(fixes)
	if len(odd) > 0 {
		if err := s.bisect(ctx, odd, func(part []fleet.Fix) error { return s.quarantine(ctx, part) }); err != nil {
			return nil, fmt.Errorf("store fixes in quarantine: %w", named(err))
		}
	}
	if sane, err = s.refuse(ctx, sane); err != nil {
		return nil, fmt.Errorf("store fixes: %w", named(err))
	}
	for chunk := range slices.Chunk(sane, fixChunk) {
		err := s.bisect(ctx, chunk, func(part []fleet.Fix) error {
			f, err := s.storeChunk(ctx, part)
			fresh = append(fresh, f...)
			return err
		})
		if err != nil {
			return fresh, fmt.Errorf("store fixes: %w", named(err))
		}
	}
	return fresh, nil
}

// sortFixes brings fixes into the order of their key, each key once (the
// first given counts), and parts those that have a day from those to keep in
// quarantine.
func (s *Store) sortFixes(fixes []fleet.Fix) (sane, odd []fleet.Fix) {
	order := inKeyOrder(fixes) // fixes are large: it is their places that are sorted
	sane = make([]fleet.Fix, 0, len(fixes))
	var last *fleet.Fix
	for _, p := range order {
		if last != nil && compareKeys(last, p) == 0 {
			continue
		}
		last = p
		f := *p
		f.Time, f.Received = micros(f.Time), micros(f.Received)
		if f.Received.IsZero() {
			f.Received = micros(s.now())
		}
		if fixDays(f.Received).has(f.Time) {
			sane = append(sane, f)
		} else {
			odd = append(odd, f)
		}
	}
	return sane, odd
}

// inKeyOrder gives fixes in the order of their key, those of one key as they were
// given. They mostly come in the order of their times, many devices mixed, so
// that it is enough to part them by device.
func inKeyOrder(fixes []fleet.Fix) []*fleet.Fix {
	type device struct {
		deviceKey
		fixes []*fleet.Fix
	}
	at := make(map[deviceKey]int)
	var devices []device
	for i := range fixes {
		f := &fixes[i]
		k := deviceKey{f.Ubigeo, f.Device}
		n, ok := at[k]
		if !ok {
			n = len(devices)
			at[k] = n
			devices = append(devices, device{deviceKey: k})
		}
		devices[n].fixes = append(devices[n].fixes, f)
	}
	slices.SortFunc(devices, func(a, b device) int {
		return cmp.Or(strings.Compare(a.ubigeo, b.ubigeo), strings.Compare(a.device, b.device))
	})
	order := make([]*fleet.Fix, 0, len(fixes))
	for _, d := range devices {
		if !slices.IsSortedFunc(d.fixes, compareKeys) {
			slices.SortStableFunc(d.fixes, compareKeys)
		}
		order = append(order, d.fixes...)
	}
	return order
}

func compareFixes(a, b fleet.Fix) int { return compareKeys(&a, &b) }

// compareKeys compares identities, the time as it is kept.
func compareKeys(a, b *fleet.Fix) int {
	return cmp.Or(strings.Compare(a.Ubigeo, b.Ubigeo), strings.Compare(a.Device, b.Device),
		cmp.Compare(a.Time.UnixMicro(), b.Time.UnixMicro()), cmp.Compare(a.Seq, b.Seq))
}

// storeChunk stores fixes of one transaction, again if need be. Whoever cannot
// tell whether a COMMIT was done asks the table afterwards (storedJustNow), and
// if that fails too, when the fixes come again.
func (s *Store) storeChunk(ctx context.Context, fixes []fleet.Fix) (fresh []fleet.Fix, err error) {
	unsure := s.unsure.take(fixes)
	again := func(err error) bool {
		if noPartition(err) { // it was dropped by the rule of retention meanwhile
			s.days.clear()
			return true
		}
		return repeatable(err)
	}
	err = retry(ctx, again, func() error {
		if err := s.makeDays(ctx, fixes); err != nil {
			return err
		}
		copying := !unsure && s.known.copying()
		var later []string
		var committing bool
		fresh, later, committing, err = s.tryFixes(ctx, fixes, copying)
		if copying && isKnown(err) {
			s.known.met()
			fresh, later, committing, err = s.tryFixes(ctx, fixes, false)
		}
		if err != nil {
			unsure = unsure || committing
			return err
		}
		s.seen.add(later)
		return nil
	})
	if err == nil && unsure {
		fresh, err = s.storedJustNow(ctx, fixes, fresh)
	}
	if err != nil && unsure {
		s.unsure.add(fixes)
	}
	if err == nil {
		s.last.take(fresh)
	}
	return fresh, err
}

// tryFixes stores fixes in a transaction. committing tells that COMMIT was
// reached, so that after an error nobody knows whether they are stored: what the
// driver says of a connection that broke there is not to be relied upon.
func (s *Store) tryFixes(ctx context.Context, fixes []fleet.Fix, copying bool) (fresh []fleet.Fix, later []string, committing bool, err error) {
	if copying && s.nothingFollows(fixes) {
		committing, err = s.copyAlone(ctx, fixes)
		if err != nil {
			return nil, nil, committing, err
		}
		return fixes, nil, committing, nil
	}
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) (err error) {
		fresh, later, err = s.insertFixes(ctx, tx, fixes, copying)
		committing = err == nil
		return err
	})
	if err != nil {
		return nil, nil, committing, err
	}
	return fresh, later, committing, nil
}

// insertFixes stores fixes and what follows from the new ones. later are the
// marks for s.seen once it is committed. Copying, it fails if one of them is
// there already.
func (s *Store) insertFixes(ctx context.Context, tx pgx.Tx, fixes []fleet.Fix, copying bool) (fresh []fleet.Fix, later []string, err error) {
	ubigeos, devices := deviceArrays(fixes)
	last, err := s.lastOf(ctx, tx, ubigeos, devices)
	if err != nil {
		return nil, nil, err
	}
	if copying {
		if err := copyNew(ctx, tx, fixes); err != nil {
			return nil, nil, err
		}
		fresh = fixes
	} else {
		rows, err := tx.Query(ctx, insertFixes, fixArgs(fixes)...)
		if err != nil {
			return nil, nil, err
		}
		if fresh, err = freshOf(fixes, rows); err != nil {
			return nil, nil, err
		}
	}
	if len(fresh) == 0 {
		return nil, nil, nil
	}
	var after pgx.Batch
	queueDirty(&after, fresh, last)
	s.queueRelayed(&after, fresh)
	later = s.queueSeen(&after, fresh)
	if after.Len() == 0 {
		return fresh, nil, nil
	}
	return fresh, later, tx.SendBatch(ctx, &after).Close()
}

// freshOf finds the fixes whose keys came back, which is in the order given.
func freshOf(fixes []fleet.Fix, rows pgx.Rows) ([]fleet.Fix, error) {
	fresh := make([]fleet.Fix, 0, len(fixes))
	var k fleet.Fix
	i := 0
	_, err := pgx.ForEachRow(rows, []any{&k.Ubigeo, &k.Device, &k.Time, &k.Seq}, func() error {
		k.Time = k.Time.UTC()
		for i < len(fixes) && compareFixes(fixes[i], k) != 0 {
			i++
		}
		if i == len(fixes) {
			return fmt.Errorf("the database gave back fix %s/%s %s %d, which was not given or not in order", k.Ubigeo, k.Device, k.Time, k.Seq)
		}
		fresh = append(fresh, fixes[i])
		i++
		return nil
	})
	return fresh, err
}

// bisect runs store on fixes; if the database refuses their content, it
// halves them until the culprit stands alone, which becomes a dead letter.
func (s *Store) bisect(ctx context.Context, fixes []fleet.Fix, store func([]fleet.Fix) error) error {
	err := store(fixes)
	if err == nil || ctx.Err() != nil || !refused(err) {
		return err
	}
	if len(fixes) == 1 {
		s.log.Warn("a fix could not be stored and became a dead letter", "ubigeo", fixes[0].Ubigeo, "device", fixes[0].Device, "error", err)
		return s.SaveDeadLetter(ctx, unstorable(fixes[0], err))
	}
	half := len(fixes) / 2
	if err := s.bisect(ctx, fixes[:half], store); err != nil {
		return err
	}
	return s.bisect(ctx, fixes[half:], store)
}

// refused tells whether the error lies in the rows and not in the server.
func refused(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return strings.HasPrefix(pe.Code, "22") || strings.HasPrefix(pe.Code, "23") && !noPartition(err) || pe.Code == "54000"
	}
	return false
}

// noPartition tells whether a row found no partition for its day.
func noPartition(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "23514" && pe.ConstraintName == ""
}

// fixArgs turns fixes into the arrays of fixArrays.
func fixArgs(fixes []fleet.Fix) []any {
	n := len(fixes)
	texts := make([]string, 4*n)
	ubigeo, device, unit, event := texts[:n:n], texts[n:2*n:2*n], texts[2*n:3*n:3*n], texts[3*n:]
	times := make([]time.Time, 2*n)
	at, received := times[:n:n], times[n:]
	numbers := make([]float64, 7*n)
	seq, flags, ignition := make([]int64, n), make([]int32, n), make([]*bool, n)
	odometer, engine, power := make([]float64, n), make([]float64, n), make([]*bool, n)
	for i := range fixes {
		f := &fixes[i]
		ubigeo[i], device[i], unit[i], event[i] = f.Ubigeo, f.Device, f.Unit, f.Event
		at[i], received[i] = f.Time, f.Received
		for k, v := range [7]float64{f.Point[0], f.Point[1], f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery} {
			numbers[k*n+i] = v
		}
		if math.IsNaN(f.Point[0]) || math.IsNaN(f.Point[1]) {
			numbers[i], numbers[n+i] = math.NaN(), math.NaN()
		}
		seq[i], flags[i], ignition[i] = f.Seq, int32(f.Flags), f.Ignition
		odometer[i], engine[i], power[i] = f.Odometer, f.Engine, f.Power
	}
	args := []any{ubigeo, device, at, seq, unit, received}
	for k := range 7 {
		args = append(args, numbers[k*n:(k+1)*n:(k+1)*n])
	}
	return append(args, ignition, event, flags, odometer, engine, power)
}

// rowOfFix reads a row of fixColumns.
func rowOfFix(row pgx.CollectableRow) (fleet.Fix, error) { return scanFix(row) }

// scanFix reads a row of fixColumns and more columns after them.
func scanFix(row pgx.CollectableRow, more ...any) (fleet.Fix, error) {
	var f fleet.Fix
	var n [9]*float64
	var flags int32
	err := row.Scan(append([]any{&f.Ubigeo, &f.Device, &f.Time, &f.Seq, &f.Unit, &f.Received,
		&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &f.Ignition, &f.Event, &flags, &n[7], &n[8], &f.Power}, more...)...)
	f.Time, f.Received, f.Flags = f.Time.UTC(), f.Received.UTC(), fleet.FixFlag(flags)
	f.Point = orb.Point{orNaN(n[0]), orNaN(n[1])}
	f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery = orNaN(n[2]), orNaN(n[3]), orNaN(n[4]), orNaN(n[5]), orNaN(n[6])
	f.Odometer, f.Engine = orNothing(n[7]), orNothing(n[8])
	return f, err
}

// orNothing gives 0 for NULL.
func orNothing(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
