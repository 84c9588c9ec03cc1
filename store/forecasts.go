package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// HarmWeights gives the weights that a district has set itself.
func (s *Store) HarmWeights(ctx context.Context, ubigeo string) (hotspots.HarmTable, error) {
	type row struct {
		kind   string
		weight float64
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (w row, err error) { return w, r.Scan(&w.kind, &w.weight) },
		`SELECT kind, weight FROM harm_weights WHERE ubigeo = $1`, ubigeo)
	out := hotspots.HarmTable{}
	for _, r := range rows {
		out[r.kind] = r.weight
	}
	return out, err
}

// SaveHarmWeights makes table the district's own weights in place of those it
// had, and records it.
func (s *Store) SaveHarmWeights(ctx context.Context, ubigeo string, table hotspots.HarmTable, audit fleet.AuditRow) error {
	if err := table.Check(); err != nil {
		return fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "harm", ubigeo); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM harm_weights WHERE ubigeo = $1`, ubigeo); err != nil {
			return err
		}
		var said []string
		for kind, w := range table {
			if _, err := tx.Exec(ctx, `INSERT INTO harm_weights (ubigeo, kind, weight) VALUES ($1, $2, $3)`, ubigeo, kind, w); err != nil {
				return err
			}
			said = append(said, fmt.Sprintf("%s %g", kind, w))
		}
		slices.Sort(said)
		audit.Detail = strings.Join(said, ", ")
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("save harm weights of %s: %w", ubigeo, err)
	}
	return nil
}

// ForecastModel gives the model that a district's forecasts are made with; "":
// the usual one.
func (s *Store) ForecastModel(ctx context.Context, ubigeo string) (string, error) {
	found, err := list(ctx, s, func(r pgx.CollectableRow) (m string, err error) { return m, r.Scan(&m) },
		`SELECT model FROM forecast_models WHERE ubigeo = $1`, ubigeo)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// SaveForecastModel says which model a district's forecasts are made with ("":
// the usual one), and records it.
func (s *Store) SaveForecastModel(ctx context.Context, ubigeo, model string, at time.Time, audit fleet.AuditRow) error {
	if model != "" && !slices.Contains(hotspots.Densities(), model) {
		return fmt.Errorf("%w: no model that forecasts is called %q", fleet.ErrInvalid, model)
	}
	return s.inTxOnce(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM forecast_models WHERE ubigeo = $1`, ubigeo)
		if err == nil && model != "" {
			_, err = tx.Exec(ctx, `INSERT INTO forecast_models (ubigeo, model, at, username) VALUES ($1, $2, $3, $4)`, ubigeo, model, micros(at), clean(audit.Username))
		}
		if err != nil {
			return fmt.Errorf("save the model of %s: %w", ubigeo, err)
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// Backtest is one on a district's own incidents.
type Backtest struct {
	Ubigeo, ID, By string
	At             time.Time
	Body           json.RawMessage
	Silent         time.Duration // since its process last told of it
}

// backtestsKept is how many of a district are kept.
const backtestsKept = 20

// SaveBacktest keeps how far a backtest is, and forgets the oldest ones.
func (s *Store) SaveBacktest(ctx context.Context, b Backtest) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO backtests (ubigeo, id, at, username, seen_at, body) VALUES ($1, $2, $3, $4, clock_timestamp(), $5)
			ON CONFLICT (ubigeo, id) DO UPDATE SET seen_at = excluded.seen_at, body = excluded.body`, b.Ubigeo, b.ID, micros(b.At), clean(b.By), b.Body)
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM backtests WHERE ubigeo = $1 AND id IN (SELECT id FROM backtests WHERE ubigeo = $1 ORDER BY at DESC, id OFFSET $2)`, b.Ubigeo, backtestsKept)
		}
		if err != nil {
			return fmt.Errorf("save backtest %s: %w", b.ID, err)
		}
		return nil
	})
}

// TouchBacktest says that somebody has a backtest, and changes nothing else.
func (s *Store) TouchBacktest(ctx context.Context, ubigeo, id string) error {
	_, err := s.exec(ctx, `UPDATE backtests SET seen_at = clock_timestamp() WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
	return err
}

// Backtests gives those of a district, newest first.
func (s *Store) Backtests(ctx context.Context, ubigeo string) ([]Backtest, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (b Backtest, err error) {
		var silent float64
		err = r.Scan(&b.Ubigeo, &b.ID, &b.By, &b.At, &b.Body, &silent)
		b.At, b.Silent = b.At.UTC(), time.Duration(silent*float64(time.Second))
		return b, err
	}, `SELECT ubigeo, id, username, at, body, extract(epoch FROM clock_timestamp() - seen_at)::float8 FROM backtests WHERE ubigeo = $1 ORDER BY at DESC, id`, ubigeo)
}

// IncidentState tells incidents of a district from those of another time: where
// it is the same, they are.
type IncidentState struct {
	Count   int
	Changed time.Time // when the newest was brought in; zero: there are none
}

// IncidentState gives that of now.
func (s *Store) IncidentState(ctx context.Context, ubigeo string) (IncidentState, error) {
	return one(ctx, s, "incidents of "+ubigeo, func(r pgx.CollectableRow) (st IncidentState, err error) {
		var changed *time.Time
		err = r.Scan(&st.Count, &changed)
		st.Changed = orZero(changed)
		return st, err
	}, `SELECT count(*), max(changed) FROM incidents WHERE ubigeo = $1`, ubigeo)
}

// IncidentsSince gives those that were brought in after an instant, up to limit.
func (s *Store) IncidentsSince(ctx context.Context, ubigeo string, changed time.Time, limit int) ([]hotspots.Incident, error) {
	return list(ctx, s, rowOfIncident, `SELECT `+incidentColumns+` FROM incidents WHERE ubigeo = $1 AND changed > $2 ORDER BY changed, key LIMIT $3`, ubigeo, changed, limit)
}
