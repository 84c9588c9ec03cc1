package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// Last positions follow the fixes at a distance: to move one with every fix took
// more of the server's time than to store the fix. This process knows the times
// itself; the table is brought up to date every lastEvery, at the end, and
// before this process reads it. It is filled from the fixes alone, so after a
// crash the first round of any process makes up for what was not written.
//
// Several processes may take the fixes of one device. Each looks into the table
// when it meets a device, and is told what the others store from then on (Heard).
// A fix that was overtaken at another process a moment ago, and not heard of yet,
// is not marked. Who follows live notices that itself, since fixes of all
// processes come by there.

// lastEvery is how often last positions are written.
const lastEvery = 30 * time.Second

// lastMissed is how far back the first round looks for positions that nobody
// wrote.
const lastMissed = 7 * 24 * time.Hour

// lastTimes are the instants of the newest usable fix of devices.
type lastTimes struct {
	writing sync.Mutex // held while they are written

	mu     sync.Mutex
	newest map[deviceKey]time.Time
	moved  map[deviceKey]time.Time // not written yet
}

// of gives what is known of devices, and those of which nothing is.
func (l *lastTimes) of(ubigeos, devices []string) (known map[deviceKey]time.Time, unknown []deviceKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known = make(map[deviceKey]time.Time, len(devices))
	for i := range devices {
		k := deviceKey{ubigeos[i], devices[i]}
		if t, ok := l.newest[k]; ok {
			known[k] = t
		} else {
			unknown = append(unknown, k)
		}
	}
	return known, unknown
}

// learn takes what the database knows of devices; zero: nothing.
func (l *lastTimes) learn(found map[deviceKey]time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.newest == nil || len(l.newest)+len(found) > seenMost {
		l.newest = make(map[deviceKey]time.Time, len(found))
	}
	for k, t := range found {
		if old, ok := l.newest[k]; !ok || t.After(old) {
			l.newest[k] = t
		}
	}
}

// take takes fixes that were stored.
func (l *lastTimes) take(fresh []fleet.Fix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.newest == nil {
		l.newest = map[deviceKey]time.Time{}
	}
	if l.moved == nil {
		l.moved = map[deviceKey]time.Time{}
	}
	for i := 0; i < len(fresh); {
		k := deviceKey{fresh[i].Ubigeo, fresh[i].Device}
		var newest time.Time
		for ; i < len(fresh) && fresh[i].Device == k.device && fresh[i].Ubigeo == k.ubigeo; i++ {
			if f := &fresh[i]; f.Usable() && f.Time.After(newest) {
				newest = f.Time
			}
		}
		if !newest.IsZero() && !newest.Before(l.newest[k]) {
			l.newest[k], l.moved[k] = newest, newest
		}
	}
}

// heard takes fixes that another process stored. Of a device not met yet they
// tell nothing: there may be newer ones.
func (l *lastTimes) heard(fixes []fleet.Fix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range fixes {
		f := &fixes[i]
		k := deviceKey{f.Ubigeo, f.Device}
		if old, ok := l.newest[k]; ok && f.Usable() && f.Time.After(old) {
			l.newest[k] = f.Time
		}
	}
}

// Heard tells of fixes that another process stored, so that those of the same
// devices that come here after them are known to be late.
func (s *Store) Heard(fixes []fleet.Fix) { s.last.heard(fixes) }

// unwritten takes what was not written, sorted.
func (l *lastTimes) unwritten() (moved map[deviceKey]time.Time, keys []deviceKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	moved, l.moved = l.moved, nil
	keys = slices.SortedFunc(maps.Keys(moved), func(a, b deviceKey) int {
		return strings.Compare(a.ubigeo+"\x00"+a.device, b.ubigeo+"\x00"+b.device)
	})
	return moved, keys
}

// again gives back what could not be written.
func (l *lastTimes) again(moved map[deviceKey]time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.moved == nil {
		l.moved = map[deviceKey]time.Time{}
	}
	for k, t := range moved {
		if t.After(l.moved[k]) {
			l.moved[k] = t
		}
	}
}

// usable is fleet.Fix.Usable for rows of fixes.
var usable = fmt.Sprintf(`(flags & %d = 0 AND lon IS NOT NULL)`, fleet.FlagInvalid|fleet.FlagZero|fleet.FlagFuture|fleet.FlagPast)

// newestSince is the newest usable fix of a device d(ubigeo, device, since).
var newestSince = `SELECT ` + fixColumns + ` FROM fixes
	WHERE ` + ofDevice + ` AND time >= d.since AND ` + usable + ` ORDER BY time DESC, seq DESC LIMIT 1`

// lastOf gives the time of the newest usable fix of devices, of which none of
// those that tx is about to store is there yet; zero: none.
func (s *Store) lastOf(ctx context.Context, tx pgx.Tx, ubigeos, devices []string) (map[deviceKey]time.Time, error) {
	known, unknown := s.last.of(ubigeos, devices)
	if len(unknown) == 0 {
		return known, nil
	}
	found := make(map[deviceKey]time.Time, len(unknown))
	u, d := make([]string, len(unknown)), make([]string, len(unknown))
	for i, k := range unknown {
		u[i], d[i] = k.ubigeo, k.device
		found[k] = time.Time{}
	}
	rows, err := tx.Query(ctx, `SELECT d.ubigeo, d.device, coalesce(f.time, d.at) FROM (
			SELECT g.ubigeo, g.device, l.time AS at, coalesce(l.time, $3) AS since FROM unnest($1::text[], $2::text[]) AS g(ubigeo, device)
			LEFT JOIN last_fixes AS l ON l.ubigeo = g.ubigeo AND l.device = g.device
		) AS d LEFT JOIN LATERAL (`+newestSince+`) AS f ON true WHERE coalesce(f.time, d.at) IS NOT NULL`, u, d, micros(s.now().Add(-lastMissed)))
	if err != nil {
		return nil, err
	}
	var k deviceKey
	var t time.Time
	if _, err := pgx.ForEachRow(rows, []any{&k.ubigeo, &k.device, &t}, func() error {
		found[k] = t.UTC()
		return nil
	}); err != nil {
		return nil, err
	}
	s.last.learn(found)
	maps.Copy(known, found)
	return known, nil
}

var writeLast = `INSERT INTO last_fixes (` + fixColumns + `)
	SELECT f.* FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS d(ubigeo, device, since) CROSS JOIN LATERAL (` + newestSince + `) AS f
	` + advanceLast

const advanceLast = `ON CONFLICT (ubigeo, device) DO UPDATE SET time = excluded.time, seq = excluded.seq, unit = excluded.unit,
		received = excluded.received, lon = excluded.lon, lat = excluded.lat, speed = excluded.speed,
		course = excluded.course, accuracy = excluded.accuracy, altitude = excluded.altitude,
		battery = excluded.battery, ignition = excluded.ignition, event = excluded.event, flags = excluded.flags,
		odometer = excluded.odometer, engine = excluded.engine, power = excluded.power
	WHERE (excluded.time, excluded.seq) > (last_fixes.time, last_fixes.seq)`

// writeLastFixes moves each device's last position to its newest usable fix, if
// that is newer than what is kept.
func (s *Store) writeLastFixes(ctx context.Context) error {
	s.last.writing.Lock()
	defer s.last.writing.Unlock()
	moved, keys := s.last.unwritten()
	if len(keys) == 0 {
		return nil
	}
	u, d, since := make([]string, len(keys)), make([]string, len(keys)), make([]time.Time, len(keys))
	for i, k := range keys {
		u[i], d[i], since[i] = k.ubigeo, k.device, moved[k]
	}
	if _, err := s.exec(ctx, writeLast, u, d, since); err != nil {
		s.last.again(moved)
		return fmt.Errorf("last positions: %w", err)
	}
	return nil
}

// writeMissedLast writes the positions of the last days that a process did not
// come to write.
func (s *Store) writeMissedLast(ctx context.Context) error {
	_, err := s.exec(ctx, `INSERT INTO last_fixes (`+fixColumns+`)
		SELECT f.* FROM (
			SELECT v.ubigeo, v.id AS device, greatest(l.time, $1) AS since FROM devices AS v
			LEFT JOIN last_fixes AS l ON l.ubigeo = v.ubigeo AND l.device = v.id ORDER BY v.ubigeo, v.id
		) AS d CROSS JOIN LATERAL (`+newestSince+`) AS f
		`+advanceLast, micros(s.now().Add(-lastMissed)))
	return err
}

// keepLast writes last positions now and then, and when ctx ends.
func (s *Store) keepLast(ctx context.Context) {
	t := time.NewTicker(lastEvery)
	defer t.Stop()
	if err := s.writeMissedLast(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("last positions that were missed could not be written", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
			defer cancel()
			if err := s.writeLastFixes(end); err != nil {
				s.log.Warn("the last positions were not written; the next start does that", "error", err)
			}
			return
		case <-t.C:
			if err := s.writeLastFixes(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("last positions are written later", "error", err)
			}
		}
	}
}
