package importer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRefusedFiles(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"empty", "", "is empty"},
		{"blank", "\n\n", "is empty"},
		{"workbook", "PK\x03\x04....", "or the sheet as CSV"},
		{"old workbook", "\xd0\xcf\x11\xe0....", "save it as .xlsx"},
		{"picture", "\x89PNG\r\n\x1a\n\x00", "looks like an image"},
		{"JSON", `{"type":"Topology"}`, "without a list of features"},
		{"GeoJSON cut off", `{"type":"FeatureCollection","features":[{"type":"Feature","geo`, "feature 1"},
		{"HTML", "<html>", "GeoJSON file is needed"},
		{"binary", "a,b\x00c\n", "zero bytes"},
		{"broken gzip", "\x1f\x8b\x08\x00oops", "gzip"},
		{"no date column", "lat,lon,tipo\n", "the date and time"},
		{"no latitude column", "fecha_hecho,lon,tipo\n", "the latitude"},
		{"a line without end", strings.Repeat("a", maxLine+2), "longer than"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tc.file), "f.csv", Options{})
			if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "f.csv") {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
		})
	}
	if _, err := Read(strings.NewReader("date,lat,lon\n"+strings.Repeat("2026-01-01 10:00,-8,-79\n", 5)), "f", Options{MaxRows: 4}); !errors.Is(err, ErrFormat) {
		t.Fatalf("five rows where four are allowed: %v", err)
	}
}

func TestProblems(t *testing.T) {
	_, err := Read(strings.NewReader("tipo;dirección\n"), "f.csv", Options{})
	var p *Problem
	if !errors.As(err, &p) || p.Code != NoColumns || !slices.Equal(p.Missing, []string{"at", "lat", "lon"}) || p.Values[0] != "tipo, dirección" {
		t.Fatalf("problem %+v", p)
	}
	if n := UsualNames("lat"); !slices.Contains(n, "latitud") {
		t.Errorf("usual names of the latitude: %v", n)
	}
	res, err := Read(strings.NewReader("id,fecha_hora,lat,lon\n1,ayer,-8,-79\n2,2026-01-01 10:00,x,-79\n3,2026-01-01 10:00,-8,-79\n3,2026-01-01 10:00,-8,-79\n4,2026-01-01,-8,-79,5,6\n"), "f.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range append(res.Rejected, res.Duplicates...) {
		got = append(got, fmt.Sprintf("%d %s %s", r.Row, r.Code, strings.Join(r.Values, "|")))
	}
	want := []string{"2 not_date ayer", "3 not_degrees x", "6 field_count 6|4", "5 same_key 4|id:3"}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
}
