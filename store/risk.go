package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// Factors gives a district's risk factors in the order of their ids.
func (s *Store) Factors(ctx context.Context, ubigeo string) ([]risk.Factor, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (f risk.Factor, err error) {
		var raw []byte
		if err := r.Scan(&f.ID, &f.Kind, &f.Name, &raw, &f.Source, &f.Simulated); err != nil {
			return f, err
		}
		if f.Geometry, err = wkb.Unmarshal(raw); err != nil {
			return f, fmt.Errorf("risk factor %s: %w", f.ID, err)
		}
		return f, nil
	}, `SELECT id, kind, name, geometry, source, simulated FROM risk_factors WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}

// SaveFactor adds a risk factor or replaces the one of its id.
func (s *Store) SaveFactor(ctx context.Context, ubigeo string, f risk.Factor, audit fleet.AuditRow) error {
	return s.saveFactors(ctx, ubigeo, []risk.Factor{f}, nil, audit)
}

// ReplaceFactors makes factors those of a source, in place of what it told
// before. One of an id that another source has takes its place.
func (s *Store) ReplaceFactors(ctx context.Context, ubigeo, source string, factors []risk.Factor, audit fleet.AuditRow) error {
	if source == "" {
		return fmt.Errorf("%w: risk factors of a file need the file's name", fleet.ErrInvalid)
	}
	return s.saveFactors(ctx, ubigeo, factors, &source, audit)
}

// saveFactors keeps factors, all or none, those of the source taken away first.
func (s *Store) saveFactors(ctx context.Context, ubigeo string, factors []risk.Factor, source *string, audit fleet.AuditRow) error {
	n := len(factors)
	ids, kinds, names, shapes, sources, simulated := make([]string, n), make([]string, n), make([]string, n), make([][]byte, n), make([]string, n), make([]bool, n)
	for i, f := range factors {
		if err := f.Check(); err != nil {
			return fmt.Errorf("%w: risk factor %q: %w", fleet.ErrInvalid, f.ID, err)
		}
		shape, err := wkb.Marshal(f.Geometry)
		if err != nil {
			return fmt.Errorf("%w: risk factor %s: %w", fleet.ErrInvalid, f.ID, err)
		}
		if source != nil {
			f.Source = *source
		}
		ids[i], kinds[i], names[i], shapes[i], sources[i], simulated[i] = clean(f.ID), string(f.Kind), clean(f.Name), shape, clean(f.Source), f.Simulated
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "risk", ubigeo); err != nil {
			return err
		}
		if source != nil {
			if _, err := tx.Exec(ctx, `DELETE FROM risk_factors WHERE ubigeo = $1 AND source = $2`, ubigeo, clean(*source)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO risk_factors (ubigeo, id, kind, name, geometry, source, simulated)
			SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::boolean[])
			ON CONFLICT (ubigeo, id) DO UPDATE SET kind = excluded.kind, name = excluded.name, geometry = excluded.geometry,
				source = excluded.source, simulated = excluded.simulated`, ubigeo, ids, kinds, names, shapes, sources, simulated); err != nil {
			return err
		}
		var all int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM risk_factors WHERE ubigeo = $1`, ubigeo).Scan(&all); err != nil {
			return err
		}
		if all > risk.MaxFactors {
			return fmt.Errorf("%w: %d risk factors, at most %d", fleet.ErrInvalid, all, risk.MaxFactors)
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("risk factors of %s: %w", ubigeo, err)
	}
	return nil
}

// DeleteFactor takes a risk factor away.
func (s *Store) DeleteFactor(ctx context.Context, ubigeo, id string, audit fleet.AuditRow) error {
	return s.inTxOnce(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM risk_factors WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
		if err == nil && tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: risk factor %s", fleet.ErrNotFound, id)
		}
		if err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// RiskSettings gives how a district's joint map is made; the default ones if it
// has set none.
func (s *Store) RiskSettings(ctx context.Context, ubigeo string) (risk.Settings, error) {
	body, err := one(ctx, s, "risk settings", pgx.RowTo[[]byte], `SELECT body FROM risk_settings WHERE ubigeo = $1`, ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return risk.DefaultSettings(), nil
	}
	out := risk.DefaultSettings()
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	if err != nil {
		return out, fmt.Errorf("risk settings of %s: %w", ubigeo, err)
	}
	return out, nil
}

// SaveRiskSettings sets them.
func (s *Store) SaveRiskSettings(ctx context.Context, ubigeo string, set risk.Settings, audit fleet.AuditRow) error {
	if err := set.Check(); err != nil {
		return fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	body, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO risk_settings (ubigeo, body) VALUES ($1, $2) ON CONFLICT (ubigeo) DO UPDATE SET body = excluded.body`, ubigeo, body); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// SaveRefusal notes that a proposed priority area was not wanted.
func (s *Store) SaveRefusal(ctx context.Context, ubigeo string, r risk.Refusal, audit fleet.AuditRow) error {
	if err := r.Check(); err != nil {
		return fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO priority_refusals (ubigeo, cell, shift, until, reason, username, at) VALUES ($1, $2, $3, $4::date, $5, $6, $7)
			ON CONFLICT (ubigeo, cell, shift) DO UPDATE SET until = excluded.until, reason = excluded.reason, username = excluded.username, at = excluded.at`,
			ubigeo, r.Cell.String(), clean(r.Shift), r.Until, clean(r.Reason), clean(r.By), micros(r.At)); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// Refusals gives those that hold on a local date for shifts of a code.
func (s *Store) Refusals(ctx context.Context, ubigeo, shift, date string) ([]risk.Refusal, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (x risk.Refusal, err error) {
		var cell string
		if err := r.Scan(&cell, &x.Shift, &x.Until, &x.Reason, &x.By, &x.At); err != nil {
			return x, err
		}
		x.At = x.At.UTC()
		x.Cell, err = hotspots.ParseCell(cell)
		return x, err
	}, `SELECT cell, shift, until::text, reason, username, at FROM priority_refusals WHERE ubigeo = $1 AND shift = $2 AND until >= $3::date ORDER BY at DESC, cell`, ubigeo, shift, date)
}
