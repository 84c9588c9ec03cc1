package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Who takes the rejected rows of a file with him is told by the audit; rows that
// repeat another are not among them.
func TestRejectedRowsAreAudited(t *testing.T) {
	s := newSite(t)
	left := []hotspots.Rejected{{Row: 2, Reason: "sin fecha", Raw: ";ROBO;vive en el 123", Code: "no_date"}, {Row: 3, Reason: "se repite", Raw: "x;HURTO;", Code: "same_incident"}}
	im := hotspots.Import{ID: "abc123", File: "parte.csv", At: noon, Rows: 2, Rejected: 1, Duplicates: 1, First: noon, Last: noon, Header: []string{"fecha", "tipo", "parte"}, Comma: ";"}
	_, err := s.st.ImportIncidents(t.Context(), here, im, nil, left, fleet.AuditRow{Ubigeo: here, Action: "import.incidents"}, nil)
	s.must(err)
	path := "/api/v1/d/" + here + "/incidents/imports/abc123/rejected"
	looks := func() (who []string) {
		rows, err := s.st.AuditRows(t.Context(), here, 50)
		s.must(err)
		for _, r := range rows {
			if r.Action == "import.rejected" && r.Subject == "abc123" && r.Detail == "parte.csv" {
				who = append(who, r.Username)
			}
		}
		return who
	}
	s.as(fleet.RoleOperator, here).want(http.StatusForbidden, "GET", path, nil)
	if who := looks(); len(who) != 0 {
		t.Errorf("who was refused is said to have looked: %q", who)
	}
	file := string(s.as(fleet.RoleSupervisor, here).want(http.StatusOK, "GET", path, nil).body)
	if !strings.Contains(file, "vive en el 123") || strings.Contains(file, "HURTO") {
		t.Errorf("the file says %q", file)
	}
	if who := looks(); len(who) != 1 || who[0] == "" {
		t.Errorf("the audit names %q", who)
	}
}
