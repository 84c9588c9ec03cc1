package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

func TestPapers(t *testing.T) {
	s := newSite(t)
	boss, auditor := s.as(fleet.RoleSupervisor, here), s.as(fleet.RoleAuditor, here)
	d := "/api/v1/d/" + here + "/papers/"
	for _, kind := range []string{"roster", "route"} {
		for format, begins := range map[string]string{"": "%PDF-", "&format=pdf": "%PDF-", "&format=xlsx": "PK", "&format=json": ""} {
			a := boss.want(200, "GET", d+kind+"?shift="+shift+format, nil)
			if !strings.HasPrefix(string(a.body), begins) {
				t.Errorf("%s%s begins with %.20q", kind, format, a.body)
			}
		}
	}
	var sheets []forms.RouteSheet
	if err := json.Unmarshal(boss.want(200, "GET", d+"route?format=json&shift="+shift+"&plan=draft-"+here+"&unit=C-"+here, nil).body, &sheets); err != nil {
		t.Fatal(err)
	}
	if len(sheets) != 1 || sheets[0].Plan.ID != "draft-"+here || sheets[0].Stops != 1 || len(sheets[0].Lines) != 2 {
		t.Errorf("sheets: %+v", sheets)
	}
	// Nothing was handed out: to those who do not make plans there is none.
	auditor.want(404, "GET", d+"route?shift="+shift, nil)
	auditor.want(404, "GET", d+"route?shift="+shift+"&plan=draft-"+here, nil)
	var roster forms.Roster
	read := func() {
		t.Helper()
		roster = forms.Roster{}
		if err := json.Unmarshal(auditor.want(200, "GET", d+"roster?format=json&shift="+shift, nil).body, &roster); err != nil {
			t.Fatal(err)
		}
	}
	if read(); roster.Plan != nil {
		t.Errorf("the auditor sees plan %+v, which was not handed out", roster.Plan)
	}
	s.must(s.st.SetPlanState(t.Context(), here, "approved-"+here, patrol.Approved, patrol.Published, "x", noon))
	if read(); roster.Plan == nil || roster.Plan.ID != "approved-"+here || roster.Rows[0].Round != 1 {
		t.Errorf("roster: %+v", roster)
	}
	boss.want(404, "GET", d+"route?shift="+shift+"&unit=nobody", nil)
	boss.want(404, "GET", d+"route?shift=2026-11-22/tarde", nil)
	boss.want(404, "GET", d+"route?shift=2026-11-22/tarde&plan=approved-"+here, nil)
	boss.want(400, "GET", d+"menu?shift="+shift, nil)
	s.as(fleet.RoleLiaison, here).want(403, "GET", d+"roster?shift="+shift, nil)
	rows, err := s.st.AuditRows(t.Context(), here, 100)
	s.must(err)
	n := 0
	for _, r := range rows {
		if strings.HasPrefix(r.Action, "paper.") {
			n++
		}
	}
	if n != 11 {
		t.Errorf("%d papers audited", n)
	}
}
