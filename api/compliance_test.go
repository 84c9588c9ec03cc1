package api_test

import (
	"encoding/json"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// TestComplianceIsDiscreet: what units do of a plan is told outside the control
// room when the shift is over and if the plan was handed out, and to the police
// in totals only. Who looked at units is recorded.
func TestComplianceIsDiscreet(t *testing.T) {
	s := newSite(t)
	d := "/api/v1/d/" + here
	see := func(role fleet.Role, shift string, status int) (r compliance.Report) {
		t.Helper()
		a := s.as(role, here).want(status, "GET", d+"/compliance?shift="+shift, nil)
		if status == 200 {
			read(t, a, &r)
		}
		return r
	}
	papers := func(shift string, status int) {
		t.Helper()
		for _, kind := range []string{"stops", "units"} {
			s.as(fleet.RoleAuditor, here).want(status, "GET", d+"/papers/"+kind+"?format=json&shift="+shift, nil)
		}
	}
	// While the shift runs, with a plan that was only approved.
	live := see(fleet.RoleOperator, shift, 200)
	if len(live.Units) != 1 || live.Plan != "approved-"+here || live.Tally.Planned <= 0 {
		t.Fatalf("the control room sees %+v", live)
	}
	see(fleet.RoleOperator, shift, 200) // again, as a page does
	see(fleet.RoleLiaison, shift, 404)
	see(fleet.RoleAuditor, shift, 404)
	papers(shift, 404)
	// Then it is handed out.
	s.must(s.st.SetPlanState(t.Context(), here, "approved-"+here, patrol.Approved, patrol.Published, "x", noon))
	if r := see(fleet.RoleLiaison, shift, 200); r.Units == nil || len(r.Units) != 0 || r.Tally != live.Tally || r.Final {
		t.Errorf("the police see %+v, want the tally %+v", r, live.Tally)
	}
	see(fleet.RoleAuditor, shift, 404)
	papers(shift, 404)
	// And of a shift that is over.
	const morning = "2026-11-21/manana"
	p := s.plan(here, "morning-"+here)
	p.Shift = morning
	_, err := s.st.SavePlan(t.Context(), p)
	s.must(err)
	s.must(s.st.SetPlanState(t.Context(), here, p.ID, patrol.Draft, patrol.Approved, "x", noon))
	over := live
	over.Shift, over.Plan, over.Final = morning, p.ID, true
	body, err := json.Marshal(watch.Final{Streets: version, Compliance: &over})
	s.must(err)
	s.must(s.st.SaveCoverage(t.Context(), here, morning, "joint", body))
	see(fleet.RoleAuditor, morning, 404)
	see(fleet.RoleLiaison, morning, 404)
	papers(morning, 404)
	s.must(s.st.SetPlanState(t.Context(), here, p.ID, patrol.Approved, patrol.Published, "x", noon))
	if r := see(fleet.RoleAuditor, morning, 200); len(r.Units) != 1 || !r.Final {
		t.Errorf("the auditor sees %+v", r)
	}
	if r := see(fleet.RoleLiaison, morning, 200); len(r.Units) != 0 || r.Tally != over.Tally {
		t.Errorf("the police see %+v of a shift that is over", r)
	}
	papers(morning, 200)

	rows, err := s.st.AuditRows(t.Context(), here, 1000)
	s.must(err)
	looks := map[string]int{}
	for _, r := range rows {
		if r.Action == "compliance.view" {
			looks[r.Username+" "+r.Subject]++
		}
	}
	if len(looks) != 2 || looks["operator."+here+" "+shift] != 1 || looks["auditor."+here+" "+morning] != 1 {
		t.Errorf("looks on record: %v", looks)
	}
}
