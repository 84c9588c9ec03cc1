package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// StreetVersion is one import of a district's street network.
type StreetVersion struct {
	Version    string          `json:"version"` // names the import; unique in the district
	Source     string          `json:"source"`  // the file it came from
	ImportedAt time.Time       `json:"imported_at"`
	ImportedBy string          `json:"imported_by,omitempty"`
	Report     json.RawMessage `json:"report,omitempty"` // of the import
	Current    bool            `json:"current"`          // set by the store
	Graph      []byte          `json:"-"`                // routing.Encode
}

// SaveStreets keeps a version, which becomes the district's current one; the
// versions before stay. Saving a version again replaces it.
func (s *Store) SaveStreets(ctx context.Context, ubigeo string, v StreetVersion) error {
	if v.Version == "" || len(v.Graph) == 0 {
		return fmt.Errorf("%w: streets of %s without a version or without a graph", fleet.ErrInvalid, ubigeo)
	}
	if v.ImportedAt.IsZero() {
		v.ImportedAt = s.now()
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "streets", ubigeo); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE street_versions SET current = false WHERE ubigeo = $1 AND current`, ubigeo); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO street_versions (ubigeo, version, source, imported_at, imported_by, report, graph, current)
			VALUES ($1, $2, $3, $4, $5, $6, $7, true)
			ON CONFLICT (ubigeo, version) DO UPDATE SET source = excluded.source, imported_at = excluded.imported_at,
				imported_by = excluded.imported_by, report = excluded.report, graph = excluded.graph, current = true`,
			ubigeo, v.Version, clean(v.Source), micros(v.ImportedAt), clean(v.ImportedBy), rawOrNull(v.Report), v.Graph)
		return err
	})
	if err != nil {
		return fmt.Errorf("save streets %s of %s: %w", v.Version, ubigeo, err)
	}
	return nil
}

// Streets gives the district's current version with its graph.
func (s *Store) Streets(ctx context.Context, ubigeo string) (StreetVersion, error) {
	return one(ctx, s, "streets of district "+ubigeo+"; import them first", func(r pgx.CollectableRow) (StreetVersion, error) {
		var graph []byte
		v, err := scanStreets(r, &graph)
		v.Graph = graph
		return v, err
	}, `SELECT `+streetColumns+`, graph FROM street_versions WHERE ubigeo = $1 AND current`, ubigeo)
}

// StreetVersions gives all versions of a district without their graphs, the
// newest import first.
func (s *Store) StreetVersions(ctx context.Context, ubigeo string) ([]StreetVersion, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (StreetVersion, error) { return scanStreets(r) },
		`SELECT `+streetColumns+` FROM street_versions WHERE ubigeo = $1 ORDER BY imported_at DESC, version DESC`, ubigeo)
}

const streetColumns = `version, source, imported_at, imported_by, report, current`

func scanStreets(r pgx.CollectableRow, more ...any) (v StreetVersion, err error) {
	var report []byte
	err = r.Scan(append([]any{&v.Version, &v.Source, &v.ImportedAt, &v.ImportedBy, &report, &v.Current}, more...)...)
	v.ImportedAt, v.Report = v.ImportedAt.UTC(), report
	return v, err
}

// lockName makes transactions that change the same thing of a district go one
// after the other.
func lockName(ctx context.Context, tx pgx.Tx, thing, ubigeo string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1 || current_schema(), 0))`, "serenazgo "+thing+" "+ubigeo+" ")
	return err
}

// rawOrNull stores missing JSON as NULL.
func rawOrNull(m json.RawMessage) any {
	if len(m) == 0 {
		return nil
	}
	return []byte(m)
}
