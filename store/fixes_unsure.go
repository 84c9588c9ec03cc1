package store

import (
	"context"
	"slices"
	"sync"

	"github.com/serenazgo/serenazgo/fleet"
)

// storedJustNow adds to fresh what an earlier try stored although its answer
// was lost: those fixes carry the instant of this very reception. On an error it
// gives none: all are asked for when they come again.
func (s *Store) storedJustNow(ctx context.Context, fixes, fresh []fleet.Fix) ([]fleet.Fix, error) {
	all := slices.Clone(fixes)
	args := fixArgs(all)
	err := retry(ctx, repeatable, func() error {
		rows, err := s.pool.Query(ctx, `SELECT g.ubigeo, g.device, g.time, g.seq
			FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::timestamptz[])
				WITH ORDINALITY AS g(ubigeo, device, time, seq, received, n)
			JOIN fixes f ON fix_source(f.ubigeo, f.device) = fix_source(g.ubigeo, g.device) AND (f.ubigeo, f.device, f.time, f.seq, f.received) = (g.ubigeo, g.device, g.time, g.seq, g.received)
			ORDER BY n`, args[0], args[1], args[2], args[3], args[5])
		if err != nil {
			return err
		}
		all, err = freshOf(fixes, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	merged := append(all, fresh...)
	slices.SortStableFunc(merged, compareFixes)
	return slices.CompactFunc(merged, func(a, b fleet.Fix) bool { return compareFixes(a, b) == 0 }), nil
}

// unsureSet holds the fixes of which nobody knows whether they were stored,
// because the connection broke at the wrong moment. When they come again,
// those that were are still new to everybody who waits for them.
type unsureSet struct {
	mu   sync.Mutex
	keys map[fixKey]struct{}
}

type fixKey struct {
	ubigeo, device string
	micros, seq    int64
}

func keyOf(f fleet.Fix) fixKey { return fixKey{f.Ubigeo, f.Device, f.Time.UnixMicro(), f.Seq} }

func (u *unsureSet) add(fixes []fleet.Fix) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.keys == nil || len(u.keys) > seenMost {
		u.keys = make(map[fixKey]struct{})
	}
	for _, f := range fixes {
		u.keys[keyOf(f)] = struct{}{}
	}
}

// take tells whether any of the fixes is in the set, and takes them out.
func (u *unsureSet) take(fixes []fleet.Fix) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	n := len(u.keys)
	if n == 0 {
		return false
	}
	for _, f := range fixes {
		delete(u.keys, keyOf(f))
	}
	return len(u.keys) < n
}
