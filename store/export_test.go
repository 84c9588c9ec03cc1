package store

import "context"

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
