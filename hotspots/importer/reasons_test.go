package importer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/serenazgo/serenazgo/hotspots"
)

func TestReasons(t *testing.T) {
	rows := []hotspots.Rejected{
		{Row: 2, Reason: "no date"},
		{Row: 3, Reason: `not a date: "ayer"`},
		{Row: 4, Reason: `not a date: "hoy 10:00"`},
		{Row: 5, Reason: "-12.000000, -77.000000 (latitude, longitude) is outside the district"},
		{Row: 6, Reason: "-13.5, -77.25 (latitude, longitude) is outside the district"},
		{Row: 7, Reason: "2027-01-01 10:00 lies in the future"},
		{Row: 8, Reason: "-14, -77 (latitude, longitude) is outside the district"},
	}
	want := []Reason{
		{"… … (latitude, longitude) is outside the district", 3, []int{5, 6, 8}, rows[3]},
		{"not a date: …", 2, []int{3, 4}, rows[1]},
		{"no date", 1, []int{2}, rows[0]},
		{"… lies in the future", 1, []int{7}, rows[5]},
	}
	if d := cmp.Diff(want, Reasons(rows)); d != "" {
		t.Fatal(d)
	}
	if got := Reasons(nil); got == nil || len(got) != 0 {
		t.Fatalf("no rows give %v, want an empty list", got)
	}
}
