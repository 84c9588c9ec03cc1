package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// What follows from new fixes, in their transaction: days to compute again, and
// rows for devices seen first.

type deviceKey struct{ ubigeo, device string }

// deviceArrays lists the devices of sorted fixes, each once.
func deviceArrays(fixes []fleet.Fix) (ubigeos, devices []string) {
	for i := range fixes {
		f := &fixes[i]
		if i == 0 || f.Device != fixes[i-1].Device || f.Ubigeo != fixes[i-1].Ubigeo {
			ubigeos, devices = append(ubigeos, f.Ubigeo), append(devices, f.Device)
		}
	}
	return ubigeos, devices
}

// LateAfter is the age at reception from which a fix counts as late: live
// views have passed on without it, and its day is computed again.
const LateAfter = 5 * time.Minute

// queueDirty marks the days of late fixes: old ones, those sent later from a
// device's memory, and those that came after a newer one.
func queueDirty(b *pgx.Batch, fresh []fleet.Fix, last map[deviceKey]time.Time) {
	type key struct{ ubigeo, unit, day string }
	type span struct {
		first, last time.Time
		n           int64
	}
	spans := make(map[key]span)
	var before time.Time // of the device, the newest
	for i := range fresh {
		f := &fresh[i]
		if i == 0 || f.Device != fresh[i-1].Device || f.Ubigeo != fresh[i-1].Ubigeo {
			before = last[deviceKey{f.Ubigeo, f.Device}]
		}
		late := f.Received.Sub(f.Time) > LateAfter || f.Flags&fleet.FlagBacklog != 0 || f.Time.Before(before)
		if !late || f.Unit == "" || !f.Usable() {
			continue
		}
		k := key{f.Ubigeo, f.Unit, f.Time.Format(time.DateOnly)}
		s, ok := spans[k]
		if !ok || f.Time.Before(s.first) {
			s.first = f.Time
		}
		if f.Time.After(s.last) {
			s.last = f.Time
		}
		s.n++
		spans[k] = s
	}
	keys := make([]key, 0, len(spans))
	for k := range spans {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return strings.Compare(a.ubigeo+a.unit+"\x00"+a.day, b.ubigeo+b.unit+"\x00"+b.day)
	})
	for _, k := range keys {
		s := spans[k]
		b.Queue(`INSERT INTO dirty_days AS d (ubigeo, unit, day, first, last, fixes, mark) VALUES ($1, $2, $3::text::date, $4, $5, $6, 1)
			ON CONFLICT (ubigeo, unit, day) DO UPDATE SET first = least(d.first, excluded.first),
				last = greatest(d.last, excluded.last), fixes = d.fixes + excluded.fixes, mark = d.mark + 1`,
			k.ubigeo, k.unit, k.day, s.first, s.last, s.n)
	}
}

const insertUnknown = `INSERT INTO devices (ubigeo, id, known)
	SELECT u, d, false FROM unnest($1::text[], $2::text[]) AS t(u, d) ON CONFLICT DO NOTHING`

// queueSeen makes rows for devices seen first, and for the first fix of a
// device for a unit on a day. It gives their marks.
func (s *Store) queueSeen(b *pgx.Batch, fresh []fleet.Fix) (marks []string) {
	var dev, day [4][]string // ubigeo, device, unit, day
	for i := range fresh {
		f := &fresh[i]
		first := i == 0 || f.Device != fresh[i-1].Device || f.Ubigeo != fresh[i-1].Ubigeo
		if m := f.Ubigeo + "\x00" + f.Device; first && !s.seen.has(m) {
			dev[0], dev[1] = append(dev[0], f.Ubigeo), append(dev[1], f.Device)
			marks = append(marks, m)
		}
		date := f.Time.Unix() / 86400
		if f.Unit == "" || !first && f.Unit == fresh[i-1].Unit && date == fresh[i-1].Time.Unix()/86400 {
			continue
		}
		d := f.Time.Format(time.DateOnly)
		if m := f.Ubigeo + "\x00" + f.Device + "\x00" + f.Unit + "\x00" + d; !s.seen.has(m) {
			day[0], day[1], day[2], day[3] = append(day[0], f.Ubigeo), append(day[1], f.Device), append(day[2], f.Unit), append(day[3], d)
			marks = append(marks, m)
		}
	}
	if len(dev[0]) > 0 {
		b.Queue(insertUnknown, dev[0], dev[1])
	}
	if len(day[0]) > 0 {
		b.Queue(`INSERT INTO fix_days (ubigeo, device, unit, day) SELECT u, d, t, y::date FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t(u, d, t, y)
			ON CONFLICT DO NOTHING`, day[0], day[1], day[2], day[3])
	}
	return marks
}

// seenSet remembers rows that are known to be there, so that they are not
// inserted with every fix. It forgets everything when it grows large.
type seenSet struct {
	mu   sync.Mutex
	have map[string]struct{}
}

const seenMost = 200_000

func (s *seenSet) has(mark string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.have[mark]
	return ok
}

func (s *seenSet) add(marks []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.have == nil || len(s.have)+len(marks) > seenMost {
		s.have = make(map[string]struct{})
	}
	for _, m := range marks {
		s.have[m] = struct{}{}
	}
}

func (s *seenSet) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.have = nil
}

// DirtyDays lists the days to compute again, oldest first.
func (s *Store) DirtyDays(ctx context.Context, ubigeo string) ([]fleet.DirtyDay, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (d fleet.DirtyDay, err error) {
		err = r.Scan(&d.Ubigeo, &d.Unit, &d.Day, &d.First, &d.Last, &d.Fixes, &d.Mark)
		d.Day, d.First, d.Last = d.Day.UTC(), d.First.UTC(), d.Last.UTC()
		return d, err
	}, `SELECT ubigeo, unit, day, first, last, fixes, mark FROM dirty_days WHERE ubigeo = $1 ORDER BY day, unit`, ubigeo)
}

// ClearDirtyDay says that d was computed again. If more late fixes came since
// d was read, the day stays dirty.
func (s *Store) ClearDirtyDay(ctx context.Context, d fleet.DirtyDay) error {
	_, err := s.exec(ctx, `DELETE FROM dirty_days WHERE ubigeo = $1 AND unit = $2 AND day = $3 AND mark = $4`, d.Ubigeo, d.Unit, d.Day, d.Mark)
	return err
}
