package store

import (
	"context"
	"encoding/json"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/relay"
)

// Fixes of units that are handed on to the ministry are noted in the transaction
// that stores them. Times of reception would not do to find what is new: a fix
// may be stored long after it was received, and others meanwhile.

// relayedEvery is how often a process looks which units are handed on. After the
// retransmission was switched on elsewhere, it begins so much later here.
const relayedEvery = 10 * time.Second

// relayedSet are the units that are handed on, by district.
type relayedSet struct {
	units atomic.Pointer[map[deviceKey]bool] // device: the unit
}

func (r *relayedSet) has(ubigeo, unit string) bool {
	m := r.units.Load()
	return m != nil && (*m)[deviceKey{ubigeo, unit}]
}

// loadRelayed reads which units are handed on.
func (s *Store) loadRelayed(ctx context.Context) error {
	type row struct {
		ubigeo string
		relay.Settings
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (x row, err error) {
		var body []byte
		if err := r.Scan(&x.ubigeo, &body); err != nil {
			return x, err
		}
		return x, json.Unmarshal(body, &x.Settings)
	}, `SELECT ubigeo, body FROM relays WHERE (body->>'on')::boolean`)
	if err != nil {
		return err
	}
	units := map[deviceKey]bool{}
	for _, r := range rows {
		for unit := range r.Vehicles {
			units[deviceKey{r.ubigeo, unit}] = true
		}
	}
	s.relayed.units.Store(&units)
	return nil
}

// keepRelayed looks again now and then. While it cannot, what was read last
// holds.
func (s *Store) keepRelayed(ctx context.Context) {
	t := time.NewTicker(relayedEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := s.loadRelayed(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("which units are handed on could not be read", "error", err)
			}
		}
	}
}

// queueRelayed notes new fixes for the retransmission.
func (s *Store) queueRelayed(b *pgx.Batch, fresh []fleet.Fix) {
	var ubigeos, units, devices []string
	var times, received []time.Time
	var seqs []int64
	for _, f := range fresh {
		if f.Unit != "" && f.Usable() && s.relayed.has(f.Ubigeo, f.Unit) {
			ubigeos, units, devices = append(ubigeos, f.Ubigeo), append(units, f.Unit), append(devices, f.Device)
			times, received, seqs = append(times, f.Time), append(received, f.Received), append(seqs, f.Seq)
		}
	}
	if len(units) > 0 {
		b.Queue(`INSERT INTO relay_news (ubigeo, unit, time, device, seq, received)
			SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[], $6::timestamptz[]) ON CONFLICT DO NOTHING`,
			ubigeos, units, times, devices, seqs, received)
	}
}

// RelayNews gives the oldest fixes of a unit that the retransmission has not
// looked at, of times and receptions before an instant.
func (s *Store) RelayNews(ctx context.Context, ubigeo, unit string, before time.Time, limit int) ([]relay.Key, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (k relay.Key, err error) {
		err = r.Scan(&k.Device, &k.Time, &k.Seq)
		k.Time = k.Time.UTC()
		return k, err
	}, `SELECT device, time, seq FROM relay_news WHERE ubigeo = $1 AND unit = $2 AND received < $3 AND time < $3 ORDER BY time, device, seq LIMIT $4`,
		ubigeo, unit, ceilMicros(before), limit)
}
