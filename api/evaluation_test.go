package api_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/hotspots"
)

// keepDay keeps facts of a day in which a municipal and a police unit were heard,
// and its first four streets were covered by either, both and nobody.
func (s *site) keepDay(date string) {
	s.t.Helper()
	g := siteStreets()
	ids := []string{g.Segments[0].ID, g.Segments[1].ID, g.Segments[2].ID, g.Segments[3].ID, "no longer there"}
	name := review.StreetSetOf(ids)
	s.must(s.st.SaveStreetSet(s.t.Context(), here, name, ids))
	cell, err := hotspots.CellOf(g.Segments[0].Line[0], review.CellRes)
	s.must(err)
	tile, err := hotspots.CellOf(g.Segments[0].Line[0], review.TileRes)
	s.must(err)
	from, err := time.Parse(time.DateOnly, date)
	s.must(err)
	from = from.Add(11 * time.Hour)
	streets := review.Streets{Unknown: []uint32{0}}
	for k := range streets.By {
		streets.By[k] = []uint32{0}
	}
	streets.By[1][0], streets.By[3][0] = 250, 500 // of 1000 m
	day := review.Day{Format: review.Format, Date: date, Profile: "test/1", Streets: "v", Cells: []hotspots.Cell{cell}, Tiles: []hotspots.Cell{tile}, Metres: []uint32{1000}, StreetSet: name, Whole: streets,
		Shifts: []review.Shift{{ID: fleet.ShiftID(date + "/manana"), Code: "manana", Name: "Mañana", Start: from, End: from.Add(8 * time.Hour), Streets: streets, Covered: []byte{1, 2, 3, 0, 1},
			Units: []review.Unit{{ID: "C1", Force: coverage.Municipal, Duty: 8 * time.Hour, Fixes: 10}, {ID: "PNP-1", Force: coverage.Police, Duty: 8 * time.Hour, Fixes: 10}},
			Stays: []review.Stay{{Unit: 0, Cell: 0, Spell: review.Spell{From: 0, To: 36_000}}}}}}
	body, err := day.Encode()
	s.must(err)
	mark, err := s.st.BeginReviewDay(s.t.Context(), here, date, from, from.Add(24*time.Hour))
	s.must(err)
	s.must(s.st.SaveReviewDay(s.t.Context(), here, review.Kept{Date: date, Mark: mark, Profile: "test/1", Streets: "v", Body: body}))
}

// The streets of a period say who covered them, to everybody who may read a
// review; one that is no longer on the map is left out.
func TestStreetsOfAPeriod(t *testing.T) {
	s := newSite(t)
	s.keepDay("2026-10-01")
	g := siteStreets()
	at := "/api/v1/d/" + here + "/evaluation/streets?from=2026-10-01&to=2026-10-02"
	for _, role := range []fleet.Role{fleet.RoleSupervisor, fleet.RoleAuditor, fleet.RoleLiaison} {
		var got []struct {
			ID                              string
			Presence                        string
			Metres                          float64
			Line                            [][]float64
			Municipal, Police, Both, Shifts int
			PoliceShifts                    int `json:"police_shifts"`
		}
		read(t, s.as(role, here).want(200, "GET", at, nil), &got)
		if len(got) != 4 {
			t.Fatalf("%s: %d streets, want 4", role, len(got))
		}
		for i, want := range []string{"municipal", "police", "both", "none"} {
			x := got[i]
			if x.ID != g.Segments[i].ID || x.Presence != want || x.Shifts != 1 || x.PoliceShifts != 1 || math.Abs(x.Metres-g.Segments[i].Length) > 1e-6 || len(x.Line) != len(g.Segments[i].Line) {
				t.Errorf("%s: street %d is %+v, want %s", role, i, x, want)
			}
		}
	}
	admin := s.as(fleet.RoleAdmin, here)
	if a := admin.want(200, "GET", at+"&shift=noche", nil); string(a.body) != "[]\n" && string(a.body) != "[]" {
		var none []any
		s.must(json.Unmarshal(a.body, &none))
		for _, x := range none {
			if m, ok := x.(map[string]any); !ok || m["presence"] != "none" {
				t.Errorf("a shift of which nothing is known has %v", x)
			}
		}
	}
	for _, bad := range []string{"?from=2026-10-02&to=2026-10-01", "?from=2024-01-01&to=2026-10-01"} {
		admin.want(400, "GET", "/api/v1/d/"+here+"/evaluation/streets"+bad, nil)
	}
}

// What a district sets judges its reviews from then on, and is said with them;
// bands that judge nothing are refused.
func TestBandsOfADistrict(t *testing.T) {
	s := newSite(t)
	s.keepDay("2026-10-01")
	admin := s.as(fleet.RoleAdmin, here)
	at := "/api/v1/d/" + here + "/evaluation"
	type bands struct {
		Version    int
		Bands      review.Bands
		Default    review.Bands
		SetBy      string `json:"set_by"`
		Indicators []struct {
			Key, Name string
			Common    bool
		}
	}
	light := func() (review.Light, int) {
		t.Helper()
		var got struct{ Review review.Review }
		read(t, admin.want(200, "GET", at+"?from=2026-10-01&to=2026-10-01", nil), &got)
		return got.Review.Verdict.Light, got.Review.Profile.BandsVersion
	}
	if l, v := light(); l != review.Amber || v != 0 { // 75 % of the street
		t.Fatalf("by the profile it is %q, of version %d", l, v)
	}
	set := func(status int, green, amber float64, of map[string]any) {
		t.Helper()
		admin.want(status, "PUT", at+"/bands", map[string]any{"bands": map[string]any{"green": green, "amber": amber, "of": of, "hot_minutes": 10, "hot_gap_minutes": 120}})
	}
	set(204, 75, 50, map[string]any{})
	if l, v := light(); l != review.Green || v != 1 {
		t.Errorf("green from 75 %%: %q, of version %d", l, v)
	}
	set(204, 90, 70, map[string]any{review.KeyStreets: []any{99, 80}})
	if l, v := light(); l != review.Red || v != 2 {
		t.Errorf("with bands of its own: %q, of version %d", l, v)
	}
	set(400, 50, 70, map[string]any{})
	set(400, 90, 70, map[string]any{review.KeyGap: []any{90, 70}})
	var got bands
	read(t, s.as(fleet.RoleAuditor, here).want(200, "GET", at+"/bands", nil), &got)
	if got.Version != 2 || got.SetBy == "" || got.Bands.Of[review.KeyStreets] != [2]float64{99, 80} || got.Default.Green != 90 || len(got.Indicators) < 8 || got.Indicators[0].Name == "" {
		t.Errorf("the bands are %+v", got)
	}
	s.as(fleet.RoleSupervisor, here).want(403, "PUT", at+"/bands", map[string]any{"bands": nil})
	admin.want(204, "PUT", at+"/bands", map[string]any{"bands": nil})
	if l, v := light(); l != review.Amber || v != 0 {
		t.Errorf("taken back it is %q, of version %d", l, v)
	}
}
