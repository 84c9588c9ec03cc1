package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDuplicates(t *testing.T) {
	file := `date,lat,lon,tipo
2026-01-01 10:00,-8.0000,-79.0000,ROBO
2026-01-01 10:15,-8.0004,-79.0000,ROBO
2026-01-01 10:16,-8.0000,-79.0000,ROBO
2026-01-01 10:00,-8.0005,-79.0000,ROBO
2026-01-01 10:00,-8.0000,-79.0000,HURTO
2026-01-01 09:50,-8.0000,-79.0000,HURTO
`
	res, err := Read(strings.NewReader(file), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	var got []string
	for _, d := range res.Duplicates {
		got = append(got, fmt.Sprintf("%d %s %s", d.Row, d.Reason, d.Raw))
	}
	want := []string{
		"3 same type within 50 m and 15 min as row 2 2026-01-01 10:15,-8.0004,-79.0000,ROBO",
		"6 same type within 50 m and 15 min as row 7 2026-01-01 10:00,-8.0000,-79.0000,HURTO",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	if res, err = Read(strings.NewReader(file), "f", Options{KeepDuplicates: true}); err != nil || len(res.Incidents) != 6 {
		t.Fatalf("%d incidents kept, %v", len(res.Incidents), err)
	}
}

func TestKeysAreStable(t *testing.T) {
	rows := "7,2026-01-01 10:00,-8,-79,ROBO\n"
	keyOf := func(file, name string, m *Mapping) string {
		t.Helper()
		res, err := Read(strings.NewReader(file), name, Options{Mapping: m})
		if err != nil || len(res.Incidents) != 1 {
			t.Fatalf("%d incidents, %v", len(res.Incidents), err)
		}
		return res.Incidents[0].Key
	}
	h := "id,date,lat,lon,tipo\n"
	a, b := keyOf(h+rows, "a.csv", nil), keyOf(h+"\n\n"+rows, "b.csv", nil)
	if a != b {
		t.Errorf("keys %q and %q", a, b)
	}
	if c := keyOf(h+strings.Replace(rows, "10:00", "11:00", 1), "c.csv", nil); c == a {
		t.Errorf("number 7 of another file has the same key %q", c)
	}
	m := &Mapping{Source: "central"}
	d, e := keyOf(h+rows, "a.csv", m), keyOf(h+strings.Replace(rows, "10:00", "11:00", 1), "b.csv", m)
	if d != "central:7" || d != e {
		t.Errorf("with a named source a corrected row has keys %q and %q", d, e)
	}
	n := strings.Replace(h, "id,", "", 1) + strings.Replace(rows, "7,", "", 1)
	if x, y := keyOf(n, "a.csv", nil), keyOf(n+"\n", "b.csv", nil); x != y || !strings.HasPrefix(x, "row:") {
		t.Errorf("keys %q and %q", x, y)
	}
}
