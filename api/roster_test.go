package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestRosterOfAShift(t *testing.T) {
	s := newSite(t)
	boss := s.as(fleet.RoleSupervisor, here)
	of := func(shift string) (out api.RosterOf) {
		t.Helper()
		fetch(t, boss, "/d/"+here+"/roster?shift="+shift, &out)
		return out
	}
	usual := of(shift)
	start := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC) // 14:00 in Lima
	if usual.Set || !slices.Equal(usual.Units, []string{"C-" + here}) || usual.Before != nil || !usual.HandOutAt.Equal(start.Add(-45*time.Minute)) {
		t.Fatalf("before anybody said so: %+v", usual)
	}
	must(t, s.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "N1", CallSign: "Noche 1", Active: true, Shifts: []string{"noche"}}))
	if now := of(shift); len(now.Units) != 1 {
		t.Errorf("a unit of the night is in the afternoon: %+v", now)
	}
	path := "/api/v1/d/" + here + "/roster"
	boss.want(http.StatusOK, "PUT", path, map[string]any{"shift": shift, "units": []string{"N1", "C-" + here}})
	if now := of(shift); !now.Set || !slices.Equal(now.Units, []string{"N1", "C-" + here}) || now.SavedBy == nil || now.SavedAt == nil {
		t.Errorf("said: %+v", now)
	}
	if next := of("2026-11-23/tarde"); next.Set || next.Before == nil || next.Before.Shift != shift || len(next.Before.Units) != 2 {
		t.Errorf("two days later: %+v", next)
	}
	if night := of("2026-11-23/noche"); night.Before != nil {
		t.Errorf("another shift: %+v", night)
	}
	must(t, s.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "E1", CallSign: "Alba 1", Active: true, From: "04:00", To: "06:00"}))
	for name, c := range map[string]struct {
		body map[string]any
		says string
	}{
		"nobody":        {map[string]any{"shift": shift, "units": []string{}}, ""},
		"twice":         {map[string]any{"shift": shift, "units": []string{"N1", "N1"}}, "cada una una vez"},
		"a stranger":    {map[string]any{"shift": shift, "units": []string{"N7"}}, "ya no está registrada"},
		"other hours":   {map[string]any{"shift": shift, "units": []string{"N1", "E1"}}, "Alba 1 trabaja de 04:00 a 06:00"},
		"no such shift": {map[string]any{"shift": "2026-11-21/siesta", "units": []string{"N1"}}, "turno"},
	} {
		if a := boss.want(http.StatusBadRequest, "PUT", path, c.body); !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	s.as(fleet.RoleOperator, here).want(http.StatusForbidden, "PUT", path, map[string]any{"shift": shift, "units": []string{"N1"}})
	if rows, err := s.st.AuditRows(t.Context(), here, 1); err != nil || rows[0].Action != "roster.save" || rows[0].Subject != shift {
		t.Errorf("recorded: %+v, %v", rows, err)
	}
}
