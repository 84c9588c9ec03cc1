package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// ImportIncidents keeps the incidents of a file and its rejected rows under the
// import, all or none of them, and answers the import with what became of them.
// An incident whose key is already there is left as it is and counts as known.
// progress, if not nil, is told how many have been kept.
func (s *Store) ImportIncidents(ctx context.Context, ubigeo string, im hotspots.Import, incidents []hotspots.Incident, left []hotspots.Rejected, audit fleet.AuditRow, progress func(n int)) (hotspots.Import, error) {
	for _, i := range incidents {
		if err := checkIncident(i); err != nil {
			return im, err
		}
	}
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "imports", ubigeo); err != nil {
			return err
		}
		im.Inserted = 0
		done := 0
		for part := range slices.Chunk(incidents, incidentChunk) {
			n, err := insertIncidents(ctx, tx, ubigeo, im.ID, part)
			if err != nil {
				return err
			}
			if err := saveAnswers(ctx, tx, ubigeo, im.ID, part); err != nil {
				return err
			}
			im.Inserted, done = im.Inserted+n, done+len(part)
			if progress != nil {
				progress(done)
			}
		}
		im.Known = len(incidents) - im.Inserted
		if err := saveRejected(ctx, tx, ubigeo, im.ID, left); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO incident_imports (ubigeo, id, file, at, username, rows, inserted, known, duplicates, rejected, first, last, simulated, header, comma)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
			ubigeo, im.ID, clean(im.File), micros(im.At), clean(im.By), im.Rows, im.Inserted, im.Known, im.Duplicates, im.Rejected, micros(im.First), micros(im.Last), im.Simulated,
			cleanAll(im.Header), clean(im.Comma))
		if err != nil {
			return err
		}
		audit.Detail = fmt.Sprintf("%d rows: %d new, %d known, %d repeated, %d rejected", im.Rows, im.Inserted, im.Known, im.Duplicates, im.Rejected)
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return im, fmt.Errorf("import incidents of %s: %w", ubigeo, err)
	}
	return im, nil
}

func cleanAll(in []string) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = clean(v)
	}
	return out
}

func rowOfImport(r pgx.CollectableRow) (im hotspots.Import, err error) {
	var undone, forgotten *time.Time
	err = r.Scan(&im.ID, &im.File, &im.At, &im.By, &im.Rows, &im.Inserted, &im.Known, &im.Duplicates, &im.Rejected, &im.First, &im.Last, &im.Simulated, &im.Header, &im.Comma, &undone, &im.UndoneBy, &forgotten)
	im.At, im.First, im.Last, im.UndoneAt, im.ForgottenAt = im.At.UTC(), im.First.UTC(), im.Last.UTC(), orZero(undone), orZero(forgotten)
	return im, err
}

// Imports gives the last imports of a district, newest first, also those taken
// back.
func (s *Store) Imports(ctx context.Context, ubigeo string, limit int) ([]hotspots.Import, error) {
	return list(ctx, s, rowOfImport, `SELECT id, file, at, username, rows, inserted, known, duplicates, rejected, first, last, simulated, header, comma, undone_at, undone_by, forgotten_at
		FROM incident_imports WHERE ubigeo = $1 ORDER BY at DESC, id LIMIT $2`, ubigeo, limit)
}

// UndoImport takes an import back, with its rejected rows, as if it had never
// been: an incident that a later import holds too is then that import's, and as
// that one says. It answers how many incidents are gone; fleet.ErrNotFound if
// there is no such import, fleet.ErrConflict if it has been taken back.
func (s *Store) UndoImport(ctx context.Context, ubigeo, id, by string, at time.Time, audit fleet.AuditRow) (deleted int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "imports", ubigeo); err != nil {
			return err
		}
		var undone *time.Time
		var file string
		err := tx.QueryRow(ctx, `SELECT undone_at, file FROM incident_imports WHERE ubigeo = $1 AND id = $2 FOR UPDATE`, ubigeo, id).Scan(&undone, &file)
		if err != nil {
			if noRows(err) {
				return fmt.Errorf("%w: no import is called %q", fleet.ErrNotFound, id)
			}
			return err
		}
		if undone != nil {
			return fmt.Errorf("%w: the import %s was taken back at %s", fleet.ErrConflict, id, undone.UTC().Format(time.RFC3339))
		}
		tag, err := tx.Exec(ctx, `DELETE FROM incidents WHERE ubigeo = $1 AND import = $2`, ubigeo, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM incident_copies WHERE ubigeo = $1 AND import = $2`, ubigeo, id); err != nil {
			return err
		}
		taken, err := takeOver(ctx, tx, ubigeo)
		if err != nil {
			return err
		}
		deleted = int(tag.RowsAffected()) - taken
		if _, err := tx.Exec(ctx, `DELETE FROM rejected_rows WHERE ubigeo = $1 AND source = $2`, ubigeo, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE incident_imports SET undone_at = $3, undone_by = $4 WHERE ubigeo = $1 AND id = $2`, ubigeo, id, micros(at), clean(by)); err != nil {
			return err
		}
		if err := unlabel(ctx, tx, ubigeo); err != nil {
			return err
		}
		audit.Detail = fmt.Sprintf("%s: %d incidents", file, deleted)
		if taken > 0 {
			audit.Detail += fmt.Sprintf(", %d more stay as later imports have them", taken)
		}
		return s.auditIn(ctx, tx, audit)
	})
	return deleted, err
}

// takeOver puts copies into the place of incidents that are gone, of each the
// first that came, with what its source says of the answer, counts them as new
// of their imports, and tells how many.
func takeOver(ctx context.Context, tx pgx.Tx, ubigeo string) (n int, err error) {
	err = tx.QueryRow(ctx, `WITH first AS (SELECT DISTINCT ON (key) * FROM incident_copies c
			WHERE ubigeo = $1 AND NOT EXISTS (SELECT FROM incidents i WHERE i.ubigeo = $1 AND i.key = c.key) ORDER BY key, n),
		gone AS (DELETE FROM incident_copies c USING first f WHERE (c.ubigeo, c.key, c.import) = (f.ubigeo, f.key, f.import)),
		came AS (INSERT INTO incidents (ubigeo, `+incidentColumns+`, import) SELECT ubigeo, `+incidentColumns+`, import FROM first RETURNING import),
		answered AS (INSERT INTO incident_answers (ubigeo, key, assigned, arrived, outcome)
			SELECT ubigeo, key, assigned, arrived, outcome FROM first WHERE outcome IS NOT NULL),
		counted AS (UPDATE incident_imports m SET inserted = inserted + k.n, known = known - k.n
			FROM (SELECT import, count(*)::int AS n FROM came GROUP BY import) k WHERE m.ubigeo = $1 AND m.id = k.import)
		SELECT count(*) FROM came`, ubigeo).Scan(&n)
	return n, err
}

// SourceMapping gives how files with these columns are read; "" if nobody has
// said.
func (s *Store) SourceMapping(ctx context.Context, ubigeo, columns string) (string, error) {
	found, err := list(ctx, s, func(r pgx.CollectableRow) (m string, err error) { return m, r.Scan(&m) },
		`SELECT mapping FROM incident_sources WHERE ubigeo = $1 AND columns = $2`, ubigeo, columns)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// SaveSourceMapping keeps how files with these columns are read.
func (s *Store) SaveSourceMapping(ctx context.Context, ubigeo string, m hotspots.SourceMapping) error {
	_, err := s.exec(ctx, `INSERT INTO incident_sources (ubigeo, columns, mapping, at, username) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ubigeo, columns) DO UPDATE SET mapping = excluded.mapping, at = excluded.at, username = excluded.username`,
		ubigeo, m.Columns, clean(m.Mapping), micros(m.At), clean(m.By))
	return err
}
