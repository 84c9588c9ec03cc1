package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/serenazgo/serenazgo/store/embedded"
)

// empty gives stores on one new schema without any migration, all alike.
func empty(t *testing.T, n int) []*Store {
	t.Helper()
	g, err := embedded.StartGuarded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Stop)
	out := make([]*Store, n)
	for i := range out {
		s, err := Open(t.Context(), Config{URL: g.URL("postgres"), Schema: "whole"})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		out[i] = &Store{log: s.log, now: s.now}
		if err := out[i].connect(t.Context(), g.URL("postgres"), Config{Schema: "steps", MaxConns: 2}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(out[i].Close)
	}
	return out
}

func steps(t *testing.T, sql ...string) []Migration {
	t.Helper()
	files := fstest.MapFS{}
	for i, text := range sql {
		files[fmt.Sprintf("migrations/%04d_step.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	m, err := migrations(files)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMigrate(t *testing.T) {
	ctx := context.Background()
	stores := empty(t, 4)
	s := stores[0]
	two := steps(t, "CREATE TABLE a (n int); INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (2);\r\n")
	var wg sync.WaitGroup
	done := make([]int, len(stores))
	for i, s := range stores {
		wg.Go(func() {
			m, err := s.migrate(ctx, two)
			if err != nil {
				t.Error(err)
			}
			done[i] = len(m)
		})
	}
	wg.Wait()
	total := 0
	for _, n := range done {
		total += n
	}
	if total != 2 {
		t.Errorf("%v steps were taken by programs that started at once, want 2 in all", done)
	}
	var rows int
	if err := s.pool.QueryRow(ctx, "SELECT count(*) FROM a").Scan(&rows); err != nil || rows != 2 {
		t.Errorf("%d rows, %v", rows, err)
	}
	if _, err := s.migrate(ctx, steps(t, "CREATE TABLE a (n int); INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (2);\n")); err != nil {
		t.Error("line ends count:", err)
	}
	_, err := s.migrate(ctx, steps(t, "CREATE TABLE a (n int); INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (3);\n"))
	if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "0002_step") {
		t.Errorf("a changed step: %v", err)
	}
	if _, err := s.migrate(ctx, two[:1]); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("a newer database: %v", err)
	}
	broken := append(two[:2:2], steps(t, "", "", "INSERT INTO a VALUES (4); INSERT INTO nowhere VALUES (1);")[2])
	if _, err := s.migrate(ctx, broken); err == nil || !strings.Contains(err.Error(), "0003_step") {
		t.Errorf("a broken step: %v", err)
	}
	if err := s.pool.QueryRow(ctx, "SELECT count(*) FROM a").Scan(&rows); err != nil || rows != 2 {
		t.Errorf("%d rows after a broken step, %v; want it undone", rows, err)
	}
}

// What was under way to the ministry when its news began to be noted is handed
// on after the upgrade.
func TestUpgradeOfARetransmission(t *testing.T) {
	ctx, s := t.Context(), empty(t, 1)[0]
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.migrate(ctx, all[:15]); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`CREATE TABLE fixes_now PARTITION OF fixes FOR VALUES FROM (now() - interval '5 days') TO (now() + interval '1 day')`,
		`INSERT INTO relays VALUES ('130102', '{"on": true, "vehicles": {"C01": {}, "C02": {}}}'), ('130103', '{"on": false, "vehicles": {"C01": {}}}')`,
		`INSERT INTO relay_cursors SELECT u, c, now(), json_build_object('last', now() - interval '570 seconds')
			FROM unnest(ARRAY['130102', '130102', '130103'], ARRAY['C01', 'C03', 'C01']) AS g(u, c)`,
		`INSERT INTO fixes (ubigeo, device, time, seq, unit, received, lon, lat, event, flags)
			SELECT u, c, now() - n * interval '1 minute', n, c, now(), -79, -8, '', CASE n WHEN 3 THEN 1 ELSE 0 END
			FROM unnest(ARRAY['130102', '130102', '130102', '130103'], ARRAY['C01', 'C02', 'C03', 'C01']) AS g(u, c), generate_series(1, 20) AS n`,
		`INSERT INTO fix_days (ubigeo, unit, day, device) SELECT DISTINCT ubigeo, unit, (time AT TIME ZONE 'UTC')::date, device FROM fixes`,
	} {
		if _, err := s.pool.Exec(ctx, sql); err != nil {
			t.Fatal(sql, err)
		}
	}
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var news string
	if err := s.pool.QueryRow(ctx, `SELECT string_agg(ubigeo || ' ' || unit || ' ' || seq, ', ' ORDER BY ubigeo, unit, seq) FROM relay_news`).Scan(&news); err != nil {
		t.Fatal(err)
	}
	// After the last point, nine minutes; one of them without a position.
	if want := "130102 C01 1, 130102 C01 2, 130102 C01 4, 130102 C01 5, 130102 C01 6, 130102 C01 7, 130102 C01 8, 130102 C01 9"; news != want {
		t.Errorf("news after the upgrade: %s, want %s", news, want)
	}
	var covered bool
	if err := s.pool.QueryRow(ctx, `SELECT since <= (SELECT min(time) FROM relay_news) FROM relays WHERE ubigeo = '130102'`).Scan(&covered); err != nil || !covered {
		t.Errorf("they are older than the retransmission: %v, %v", covered, err)
	}
}

func TestMigrationNames(t *testing.T) {
	for _, name := range []string{"migrations/0002_b.sql", "migrations/1_a.sql", "migrations/0001.sql"} {
		if _, err := migrations(fstest.MapFS{name: &fstest.MapFile{}}); err == nil {
			t.Errorf("%s was taken as the first step", name)
		}
	}
	if m, err := migrations(migrationFiles); err != nil || len(m) == 0 {
		t.Errorf("the program's own: %d, %v", len(m), err)
	}
}

// TestEveryKeyBeginsWithUbigeo holds the rule by which districts can be spread
// over servers. Of fixes it is a number that begins with the ubigeo.
func TestEveryKeyBeginsWithUbigeo(t *testing.T) {
	s := empty(t, 1)[0]
	rows, err := s.pool.Query(t.Context(), `SELECT c.relname, coalesce((
			SELECT pg_get_indexdef(i.indexrelid, 1, true) || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = 1
			WHERE i.indrelid = c.oid AND i.indisunique ORDER BY i.indisprimary DESC LIMIT 1), 'none')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'whole' AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_migrations'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var table, first string
		if err := rows.Scan(&table, &first); err != nil {
			t.Fatal(err)
		}
		n++
		want := "ubigeo text"
		if table == "fixes" || strings.HasPrefix(table, "fixes_") {
			want = "whole.fix_source(ubigeo, device) bigint"
		}
		if first != want {
			t.Errorf("the key of %s begins with %s", table, first)
		}
	}
	if n < 20 {
		t.Errorf("only %d tables looked at", n)
	}
}
