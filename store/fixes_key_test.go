package store_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// connectTo is a connection to the schema of a test.
func connectTo(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn := must(pgx.Connect(t.Context(), url))(t)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

// The number that fixes are kept by holds the whole ubigeo, so that districts
// lie apart in their order, and is below zero for none.
func TestFixSourceBeginsWithTheDistrict(t *testing.T) {
	url := storetest.URL(t)
	conn := connectTo(t, url)
	for _, u := range []string{"000000", "010101", "130102", "250401", "999999"} {
		for _, d := range []string{"", "gps-1", strings.Repeat("ñ", 200)} {
			var district, n int64
			if err := conn.QueryRow(t.Context(), `SELECT $1::text::bigint, fix_source($1, $2)`, u, d).Scan(&district, &n); err != nil {
				t.Fatal(err)
			}
			if n < 0 || n>>43 != district {
				t.Errorf("the number of %s %.10q is %d", u, d, n)
			}
		}
	}
}

// Devices that have the same number keep their fixes apart.
func TestFixesOfDevicesWithTheSameNumber(t *testing.T) {
	url, ctx := storetest.URL(t), t.Context()
	if _, err := connectTo(t, url).Exec(ctx, `CREATE OR REPLACE FUNCTION fix_source(ubigeo text, device text) RETURNS bigint
		LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN ubigeo::bigint << 43`); err != nil {
		t.Fatal(err)
	}
	s := openURL(t, url)
	a, b := fix("130102", "gps-a", noon, 7), fix("130102", "gps-b", noon, 7)
	for range 2 { // by COPY, then by INSERT
		if got := must(s.StoreFixes(ctx, []fleet.Fix{a, b, a}))(t); len(got) != 2 {
			t.Fatalf("%d of two fixes are new: %+v", len(got), got)
		}
		for _, f := range []fleet.Fix{a, b} {
			if got := must(s.StoreFixes(ctx, []fleet.Fix{f}))(t); len(got) != 0 {
				t.Errorf("%s was stored twice", f.Device)
			}
			same(t, "fixes of "+f.Device, []fleet.Fix{f}, must(s.Fixes(ctx, f.Ubigeo, f.Device, f.Time, f.Time.Add(time.Second)))(t))
		}
		a.Time, b.Time = a.Time.Add(time.Hour), b.Time.Add(time.Hour)
		a.Received, b.Received = a.Received.Add(time.Hour), b.Received.Add(time.Hour)
	}
}

// foundByNumber finds in the plan of a query that the fixes of the day of noon are found
// by the number their key begins with.
var foundByNumber = regexp.MustCompile(`fixes_20261121_fix_source_\S+ on .*\n.*Index Cond: \(+'0'::text \|\| ubigeo`)

// The way to a device's fixes, and to those of a district, is the key, also
// where devices are joined.
func TestFixesAreFoundByTheirKey(t *testing.T) {
	url, ctx := storetest.URL(t), t.Context()
	s := openURL(t, url)
	var all []fleet.Fix
	for i := range 4000 {
		all = append(all, fix("130102", fmt.Sprintf("gps-%03d", i%200), noon.Add(time.Duration(i)*time.Second), int64(i)))
	}
	must(s.StoreFixes(ctx, all))(t)
	conn := connectTo(t, url)
	if _, err := conn.Exec(ctx, `ANALYZE fixes`); err != nil {
		t.Fatal(err)
	}
	for name, sql := range store.FixReads {
		rows := must(conn.Query(ctx, `EXPLAIN `+sql))(t)
		plan := strings.Join(must(pgx.CollectRows(rows, pgx.RowTo[string]))(t), "\n")
		if !foundByNumber.MatchString(plan) {
			t.Errorf("%s:\n%s", name, plan)
		}
	}
}
