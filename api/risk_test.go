package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestPriorityAreasAreDecided: what the joint map puts forward is accepted or
// refused, and not put forward again.
func TestPriorityAreasAreDecided(t *testing.T) {
	s := newSite(t)
	sup, pnp := s.as(fleet.RoleSupervisor, here), s.as(fleet.RoleLiaison, here)
	base := "/api/v1/d/" + here
	type area struct {
		ID      string `json:"id"`
		InForce bool   `json:"in_force"`
	}
	type answered struct {
		Shift                    string
		Areas, Proposed, Refused []area
	}
	var risks struct{ Cells []area }
	read(t, sup.want(http.StatusOK, "GET", base+"/risk", nil), &risks)
	if len(risks.Cells) < 2 {
		t.Fatalf("%d cells", len(risks.Cells))
	}
	var before answered
	read(t, pnp.want(http.StatusOK, "GET", base+"/priority-areas", nil), &before)
	one, two := risks.Cells[0].ID, risks.Cells[1].ID
	_, code, _ := strings.Cut(before.Shift, "/")

	pnp.want(http.StatusNoContent, "PUT", base+"/priority-areas/"+one, map[string]any{"name": "Mercado", "level": "high", "shifts": []string{code}})
	pnp.want(http.StatusNoContent, "POST", base+"/priority-areas/"+two+"/refusal", map[string]any{"shift": code, "until": "2099-12-31", "reason": "hay comisaría"})
	sup.want(http.StatusBadRequest, "PUT", base+"/priority-areas/"+one, map[string]any{"name": "Mercado", "level": "high", "until": "pronto"})
	sup.want(http.StatusNotFound, "PUT", base+"/priority-areas/898e6e2a5b7ffff", map[string]any{"name": "x", "level": "low"})
	sup.want(http.StatusNotFound, "DELETE", base+"/priority-areas/zona-"+here, nil) // a sector
	var after answered
	read(t, sup.want(http.StatusOK, "GET", base+"/priority-areas", nil), &after)
	if len(after.Areas) != len(before.Areas)+1 || !after.Areas[0].InForce || len(after.Refused) != 1 || after.Refused[0].ID != two {
		t.Errorf("after the decisions: %+v", after)
	}
	for _, p := range after.Proposed {
		if p.ID == one || p.ID == two {
			t.Errorf("%s is put forward again", p.ID)
		}
	}
	pnp.want(http.StatusNoContent, "DELETE", base+"/priority-areas/"+one, nil)
}

// TestSmallCountsOfATimeline: outside the control room counts under three are
// not told.
func TestSmallCountsOfATimeline(t *testing.T) {
	s := newSite(t)
	type timeline struct {
		Count   *int
		Periods []struct{ Count *int }
		Week    [][]*float64
	}
	hidden := func(role fleet.Role) (n int) {
		var got timeline
		read(t, s.as(role, here).want(http.StatusOK, "GET", "/api/v1/d/"+here+"/timeline?step=week", nil), &got)
		if got.Count == nil || *got.Count != 40 {
			t.Fatalf("count %v of %s", got.Count, role)
		}
		for _, p := range got.Periods {
			switch {
			case p.Count == nil:
				n++
			case role == fleet.RoleLiaison && *p.Count < 3:
				t.Errorf("a week of %d is told to a liaison", *p.Count)
			}
		}
		for _, day := range got.Week {
			for _, h := range day {
				if role == fleet.RoleLiaison && h != nil && *h > 0 && *h < 3 {
					t.Errorf("an hour of %g is told to a liaison", *h)
				}
			}
		}
		return n
	}
	if hidden(fleet.RoleOperator) != 0 || hidden(fleet.RoleLiaison) == 0 {
		t.Error("small counts are for the control room only")
	}
}

// TestTimelineComparesWithTheDistrictsRecord: of a group without incidents the
// periods before are nought as far back as the district kept a record, and
// unknown before that.
func TestTimelineComparesWithTheDistrictsRecord(t *testing.T) {
	s := newSite(t)
	ins, err := s.st.Incidents(t.Context(), here, time.Time{}, noon)
	if err != nil {
		t.Fatal(err)
	}
	first := ins[0].At
	var got struct {
		Periods []struct {
			Start         string
			Count, Before *int
		}
	}
	read(t, s.as(fleet.RoleOperator, here).want(http.StatusOK, "GET", "/api/v1/d/"+here+"/timeline?step=week&group=robo&sector=zona-"+here, nil), &got)
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, p := range got.Periods {
		start, err := time.ParseInLocation(time.DateOnly, p.Start, lima)
		if err != nil || p.Count == nil || *p.Count != 0 {
			t.Fatalf("%+v, %v: the fixtures have no robberies", p, err)
		}
		if recorded := !start.AddDate(0, 0, -7).Before(first); recorded != (p.Before != nil) {
			t.Errorf("week of %s: before is known %v, want %v", p.Start, p.Before != nil, recorded)
		}
		if p.Before != nil {
			known++
		}
	}
	if known == 0 || known == len(got.Periods) {
		t.Errorf("%d of %d weeks have a week before in the record", known, len(got.Periods))
	}
}

// TestRiskRefusesInSpanish: what cannot be is refused with the field that it is
// about, and nothing is kept of it.
func TestRiskRefusesInSpanish(t *testing.T) {
	s := newSite(t)
	boss := s.as(fleet.RoleAdmin, here)
	base := "/api/v1/d/" + here
	var risks struct {
		Factors []struct{}
		Cells   []struct{ ID string }
	}
	read(t, boss.want(http.StatusOK, "GET", base+"/risk", nil), &risks)
	area := base + "/priority-areas/" + risks.Cells[0].ID
	for _, c := range []struct{ name, method, path, body, field, text string }{
		{"nulls", "POST", base + "/risk/factors", `{"kind":"bar","line":[[null,42.5]]}`, "line", "fuera del distrito"},
		{"off the Earth", "POST", base + "/risk/factors", `{"kind":"bar","line":[[500,-8]]}`, "line", "fuera del distrito"},
		{"another kind", "POST", base + "/risk/factors", `{"kind":"casino","line":[[-79,-8]]}`, "kind", "tipo"},
		{"no such shift", "PUT", area, `{"name":"x","level":"low","shifts":["nadie"]}`, "shifts", "«nadie»"},
		{"no such month", "PUT", area, `{"name":"x","level":"low","from":"2026-13-01"}`, "from", "AAAA-MM-DD"},
		{"backwards", "PUT", area, `{"name":"x","level":"low","from":"2026-12-02","until":"2026-12-01"}`, "until", "no antes"},
		{"refused for no shift", "POST", area + "/refusal", `{"shift":"nadie","until":"2099-12-31"}`, "shift", "«nadie»"},
		{"no weights", "PUT", base + "/harm", `{"weights":null}`, "weights", "pesos"},
	} {
		wantRefused(t, c.name, boss.do(c.method, c.path, c.body), c.field, c.text)
	}
	var areas struct{ Shift string }
	read(t, boss.want(http.StatusOK, "GET", base+"/priority-areas", nil), &areas)
	_, code, _ := strings.Cut(areas.Shift, "/")
	wantRefused(t, "past", boss.do("POST", area+"/refusal", map[string]string{"shift": code, "until": "2020-01-01"}), "until", "ya pasó")
	before := len(risks.Factors)
	read(t, boss.want(http.StatusOK, "GET", base+"/risk", nil), &risks)
	if len(risks.Factors) != before {
		t.Errorf("%d factors, before %d", len(risks.Factors), before)
	}
	table, kind := form(t, map[string]string{"file": "tipo,lat,lon\nnada,-8.07,-79\nbar,norte,-79\n"}, nil)
	sender := &person{s: boss.s, cookie: boss.cookie, csrf: boss.csrf, header: http.Header{"Content-Type": {kind}}}
	got := sender.want(http.StatusBadRequest, "POST", base+"/risk/factors/import", table)
	for _, want := range []string{"«nada» no nombra", "no es un número de grados"} {
		if !strings.Contains(string(got.body), want) {
			t.Errorf("%s does not say %q", got.body, want)
		}
	}
}
