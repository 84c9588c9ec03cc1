package store

import (
	"context"
	"strings"
)

// BreakListeners ends the connections that listen on this installation.
func (s *Store) BreakListeners(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' || `+channel+` || '%' AND pid <> pg_backend_pid()`)
	return err
}

// Exec runs SQL past everything that the package holds to.
func (s *Store) Exec(ctx context.Context, sql string) error {
	_, err := s.pool.Exec(ctx, sql)
	return err
}

// FixReads are ways to find fixes, of the device gps-007 of district 130102.
var FixReads = map[string]string{
	"a device":        strings.NewReplacer("$1", "'130102'", "$2", "'gps-007'").Replace(`SELECT * FROM fixes WHERE ` + ofDevice12),
	"devices of unit": strings.NewReplacer("$1", "'130102'", "$2", "'{gps-007}'", "$3", "'2000-01-01'", "$4", "'2100-01-01'", "$5", "'C01'").Replace(readRaw),
	"a district":      strings.ReplaceAll(`SELECT * FROM fixes WHERE `+ofDistrict1+` AND seq < 0`, "$1", "'130103'"),
	"devices joined": `SELECT * FROM (SELECT ubigeo, id AS device, '2026-11-20'::timestamptz AS since FROM devices) AS d CROSS JOIN LATERAL (` +
		newestSince + `) AS f`,
}
