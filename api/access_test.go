package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/hotspots/risk"
	"github.com/serenazgo/serenazgo/routing"
)

// operation is a route with the roles that the specification names.
type operation struct {
	method, path string
	roles        []string
	op           *openapi3.Operation
}

func operations(t testing.TB) []operation {
	t.Helper()
	spec, err := api.GetSpec()
	if err != nil {
		t.Fatal(err)
	}
	var out []operation
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			o := operation{method: method, path: path, op: op}
			for _, r := range op.Extensions["x-roles"].([]any) {
				o.roles = append(o.roles, r.(string))
			}
			out = append(out, o)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].path+out[i].method < out[j].path+out[j].method })
	return out
}

func (o operation) allows(r fleet.Role) bool {
	return slices.Contains(o.roles, string(r)) || slices.Contains(o.roles, "member")
}

// url fills the path in for a district.
func (o operation) url(ubigeo string) string {
	id := "C-" + ubigeo
	for part, of := range map[string]string{"/devices/": "gps-", "/plans/": "draft-", "/jobs/": "job-", "/corrections/": "fix-", "/fences/": "zona-", "/shares/": "enlace-", "/holds/": "orden-", "/imports/": "archivo-", "/reports/": "parte-", "/factors/": "factor-", "/priority-areas/": "area-"} {
		if strings.Contains(o.path, part) {
			id = of + ubigeo
		}
	}
	if strings.Contains(o.path, "/hotcells/") {
		id = aCell()
	}
	if strings.Contains(o.path, "/meetings/") {
		id = "20260701-20260930~zona-" + ubigeo + "~-v1"
	}
	if strings.HasSuffix(o.path, "/evaluation") || strings.HasSuffix(o.path, "/evaluation/streets") || strings.HasSuffix(o.path, "/evaluation/paper") || strings.HasSuffix(o.path, "/evaluation/bundle") {
		o.path += "?from=2026-11-20&to=2026-11-21"
	}
	if strings.HasSuffix(o.path, "/days") {
		o.path += "?from=2026-11-21"
	}
	return "/api/v1" + strings.NewReplacer("{ubigeo}", ubigeo, "{id}", id, "{paper}", "roster", "{username}", "crew."+ubigeo).Replace(o.path)
}

// TestRoleTable: who may do what, written out. A change of the specification
// that opens or closes a door shows here.
func TestRoleTable(t *testing.T) {
	const golden = `
DELETE /d/{ubigeo}/corrections/{id}         admin supervisor
DELETE /d/{ubigeo}/dead-letters             admin
DELETE /d/{ubigeo}/devices/{id}             admin
DELETE /d/{ubigeo}/fences/{id}              admin
DELETE /d/{ubigeo}/holds/{id}               admin
DELETE /d/{ubigeo}/incidents/imports/{id}   admin supervisor
DELETE /d/{ubigeo}/mail/reports/{id}        admin
DELETE /d/{ubigeo}/meetings/{id}            admin supervisor
DELETE /d/{ubigeo}/police/tracks/{id}       admin supervisor liaison
DELETE /d/{ubigeo}/priority-areas/{id}      admin supervisor liaison
DELETE /d/{ubigeo}/risk/factors/{id}        admin supervisor
DELETE /d/{ubigeo}/shares/{id}              admin supervisor
DELETE /d/{ubigeo}/topic-rules              admin
DELETE /session                             user
GET    /d/{ubigeo}                          member
GET    /d/{ubigeo}/audit                    admin auditor
GET    /d/{ubigeo}/backtests                admin supervisor operator liaison auditor
GET    /d/{ubigeo}/compliance               admin supervisor operator liaison auditor
GET    /d/{ubigeo}/corrections              admin supervisor operator auditor
GET    /d/{ubigeo}/coverage                 admin supervisor operator liaison auditor
GET    /d/{ubigeo}/days                     admin supervisor operator
GET    /d/{ubigeo}/dead-letters             admin
GET    /d/{ubigeo}/devices                  admin supervisor
GET    /d/{ubigeo}/devices/{id}/raw         admin
GET    /d/{ubigeo}/evaluation               admin supervisor operator liaison auditor
GET    /d/{ubigeo}/evaluation/bands         admin supervisor operator liaison auditor
GET    /d/{ubigeo}/evaluation/bundle        admin supervisor liaison auditor
GET    /d/{ubigeo}/evaluation/paper         admin supervisor operator liaison auditor
GET    /d/{ubigeo}/evaluation/streets       admin supervisor operator liaison auditor
GET    /d/{ubigeo}/events                   admin supervisor operator
GET    /d/{ubigeo}/export                   admin supervisor operator
GET    /d/{ubigeo}/feedback                 admin supervisor operator liaison auditor
GET    /d/{ubigeo}/fences                   admin supervisor operator
GET    /d/{ubigeo}/harm                     admin supervisor operator liaison auditor
GET    /d/{ubigeo}/hotcells                 admin supervisor operator liaison auditor
GET    /d/{ubigeo}/hotcells/{id}            admin supervisor operator liaison auditor
GET    /d/{ubigeo}/incidents                admin supervisor operator auditor
GET    /d/{ubigeo}/incidents/import/progress admin supervisor
GET    /d/{ubigeo}/incidents/imports        admin supervisor
GET    /d/{ubigeo}/incidents/imports/{id}/rejected admin supervisor
GET    /d/{ubigeo}/jobs                     admin supervisor
GET    /d/{ubigeo}/jobs/{id}                admin supervisor
GET    /d/{ubigeo}/jobs/{id}/sketch         admin supervisor
GET    /d/{ubigeo}/live                     admin supervisor operator liaison auditor
GET    /d/{ubigeo}/mail                     admin
GET    /d/{ubigeo}/meetings                 admin supervisor liaison auditor
GET    /d/{ubigeo}/meetings/{id}            admin supervisor liaison auditor
GET    /d/{ubigeo}/meetings/{id}/paper      admin supervisor liaison auditor
GET    /d/{ubigeo}/notices                  admin supervisor operator liaison auditor
GET    /d/{ubigeo}/papers/{paper}           admin supervisor operator auditor
GET    /d/{ubigeo}/plans                    admin supervisor operator liaison auditor
GET    /d/{ubigeo}/plans/{id}               admin supervisor operator auditor
GET    /d/{ubigeo}/plans/{id}/compare       admin supervisor operator auditor
GET    /d/{ubigeo}/plans/{id}/geojson       admin supervisor
GET    /d/{ubigeo}/police                   admin supervisor operator liaison auditor
GET    /d/{ubigeo}/police/tracks            admin supervisor liaison
GET    /d/{ubigeo}/posts                    admin supervisor operator auditor
GET    /d/{ubigeo}/priority-areas           admin supervisor operator liaison auditor
GET    /d/{ubigeo}/relay                    admin
GET    /d/{ubigeo}/retention                admin auditor
GET    /d/{ubigeo}/risk                     admin supervisor operator liaison auditor
GET    /d/{ubigeo}/risk/paper               admin supervisor operator liaison auditor
GET    /d/{ubigeo}/roster                   admin supervisor operator auditor
GET    /d/{ubigeo}/shares                   admin supervisor
GET    /d/{ubigeo}/shift-defs               member
GET    /d/{ubigeo}/shifts                   member
GET    /d/{ubigeo}/streets/report           admin supervisor auditor
GET    /d/{ubigeo}/streets/segments         member
GET    /d/{ubigeo}/timeline                 admin supervisor operator liaison auditor
GET    /d/{ubigeo}/topic-rules              admin
GET    /d/{ubigeo}/tracks                   admin supervisor operator
GET    /d/{ubigeo}/unit-logs                admin supervisor operator auditor
GET    /d/{ubigeo}/units                    admin supervisor operator auditor
GET    /d/{ubigeo}/units/{id}/states        admin supervisor operator auditor
GET    /d/{ubigeo}/units/{id}/trail         admin supervisor operator
GET    /d/{ubigeo}/users                    admin auditor
GET    /public                              anyone
GET    /session                             user
GET    /shared                              anyone
PATCH  /d/{ubigeo}/users/{username}         admin
POST   /d/{ubigeo}/backtests                admin supervisor
POST   /d/{ubigeo}/corrections              admin supervisor
POST   /d/{ubigeo}/dead-letters/replay      admin
POST   /d/{ubigeo}/devices/import           admin
POST   /d/{ubigeo}/devices/{id}/claim       admin
POST   /d/{ubigeo}/devices/{id}/credentials admin
POST   /d/{ubigeo}/fences                   admin supervisor
POST   /d/{ubigeo}/holds                    admin
POST   /d/{ubigeo}/incidents                admin supervisor operator
POST   /d/{ubigeo}/incidents/import         admin supervisor
POST   /d/{ubigeo}/jobs/{id}/stop           admin supervisor
POST   /d/{ubigeo}/mail/test                admin
POST   /d/{ubigeo}/meetings                 admin supervisor
POST   /d/{ubigeo}/meetings/{id}            admin supervisor liaison
POST   /d/{ubigeo}/plans                    admin supervisor
POST   /d/{ubigeo}/plans/{id}/approve       admin supervisor
POST   /d/{ubigeo}/plans/{id}/edits         admin supervisor
POST   /d/{ubigeo}/plans/{id}/publish       admin supervisor
POST   /d/{ubigeo}/plans/{id}/replan        admin supervisor
POST   /d/{ubigeo}/plans/{id}/restore       admin supervisor
POST   /d/{ubigeo}/police/import            admin supervisor liaison
POST   /d/{ubigeo}/police/tracks            admin supervisor liaison
POST   /d/{ubigeo}/priority-areas/{id}/refusal admin supervisor liaison
POST   /d/{ubigeo}/risk/factors             admin supervisor
POST   /d/{ubigeo}/risk/factors/import      admin supervisor
POST   /d/{ubigeo}/shares                   admin supervisor
POST   /d/{ubigeo}/streets/import           admin
POST   /d/{ubigeo}/topic-rules              admin
POST   /d/{ubigeo}/units/{id}/states        admin supervisor
POST   /d/{ubigeo}/users                    admin
POST   /session                             anyone
POST   /setup                               anyone
POST   /setup/check                         anyone
PUT    /d/{ubigeo}/devices/{id}             admin
PUT    /d/{ubigeo}/devices/{id}/raw         admin
PUT    /d/{ubigeo}/evaluation/bands         admin
PUT    /d/{ubigeo}/forecast/model           admin supervisor
PUT    /d/{ubigeo}/harm                     admin supervisor
PUT    /d/{ubigeo}/mail/reports/{id}        admin
PUT    /d/{ubigeo}/mail/server              admin
PUT    /d/{ubigeo}/posts                    admin supervisor
PUT    /d/{ubigeo}/priority-areas/{id}      admin supervisor liaison
PUT    /d/{ubigeo}/relay                    admin
PUT    /d/{ubigeo}/retention                admin
PUT    /d/{ubigeo}/risk/factors/{id}        admin supervisor
PUT    /d/{ubigeo}/risk/settings            admin supervisor
PUT    /d/{ubigeo}/roster                   admin supervisor
PUT    /d/{ubigeo}/shift-defs               admin
PUT    /d/{ubigeo}/unit-logs                admin supervisor operator
PUT    /d/{ubigeo}/units/{id}               admin supervisor
PUT    /d/{ubigeo}/users/{username}/password admin
PUT    /session/password                    user
`
	var lines []string
	for _, o := range operations(t) {
		lines = append(lines, fmt.Sprintf("%-6s %-36s %s", o.method, o.path, strings.Join(o.roles, " ")))
	}
	sort.Strings(lines)
	if got := strings.Join(lines, "\n"); got != strings.TrimSpace(golden) {
		t.Errorf("the table of roles is now\n%s", got)
	}
}

// TestEveryDoor walks every route as nobody, as every role in its own district
// and as every role of another district.
func TestEveryDoor(t *testing.T) {
	s := newSite(t)
	for _, o := range operations(t) {
		inDistrict := strings.Contains(o.path, "{ubigeo}")
		a := s.nobody().do(o.method, o.url(here), nil)
		if open := slices.Contains(o.roles, "anyone"); !open && a.status != 401 || open && (a.status == 403 || a.status == 404 || a.status >= 500) {
			t.Errorf("%s %s as nobody: %d %s", o.method, o.path, a.status, a.body)
		}
		for _, role := range fleet.Roles {
			own, foreign := s.as(role, here), s.as(role, there)
			if !inDistrict {
				continue
			}
			if a := foreign.do(o.method, o.url(here), nil); a.status != http.StatusNotFound || a.reason() != "not_found" {
				t.Errorf("%s %s as %s of another district: %d %s", o.method, o.path, role, a.status, a.body)
			}
			if strings.HasSuffix(o.path, "/corrections/{id}") {
				s.must(s.st.SaveCorrection(t.Context(), here, routing.Correction{ID: "fix-" + here, Kind: routing.CorrectName, Segment: s.graph.Segments[0].ID, Name: "x"}))
			}
			if strings.HasSuffix(o.path, "/risk/factors/{id}") {
				s.must(s.st.SaveFactor(t.Context(), here, risk.Factor{ID: "factor-" + here, Kind: risk.Bar, Geometry: s.graph.Nodes[0].Point}, fleet.AuditRow{Ubigeo: here, At: noon, Action: "risk.add"}))
			}
			if strings.HasSuffix(o.path, "/priority-areas/{id}") {
				s.must(s.st.SaveFence(t.Context(), here, journal.Fence{ID: "area-" + here, Name: "x", Kind: journal.Priority, Geometry: orb.MultiPolygon{orb.Bound{Min: orb.Point{-79, -8}, Max: orb.Point{-78, -7}}.ToPolygon()}}))
			}
			at := o.url(here)
			if strings.HasSuffix(o.path, "/police/tracks/{id}") {
				at = strings.Replace(at, "C-"+here, s.tracks(here), 1)
			}
			s.meet(here) // one of those before may have dropped it
			a := own.do(o.method, at, nil)
			switch {
			case !o.allows(role):
				if a.status != http.StatusForbidden || a.reason() != "forbidden" {
					t.Errorf("%s %s as %s: %d %s, want it forbidden", o.method, o.path, role, a.status, a.body)
				}
			case strings.HasSuffix(o.path, "/compare") && role == fleet.RoleAuditor:
				if a.status != http.StatusNotFound {
					t.Errorf("%s %s as %s: %d %s, but it is still a draft", o.method, o.path, role, a.status, a.body)
				}
			case strings.HasSuffix(o.path, "/compliance") && (role == fleet.RoleAuditor || role == fleet.RoleLiaison):
				if a.status != http.StatusNotFound {
					t.Errorf("%s %s as %s: %d %s, but the plan was not handed out", o.method, o.path, role, a.status, a.body)
				}
			case o.method == http.MethodGet:
				if a.status != http.StatusOK {
					t.Errorf("%s %s as %s: %d %s, want 200", o.method, o.path, role, a.status, a.body)
				}
			default: // an empty body is no proper request, but the door is open
				if a.status == 401 || a.status == 403 || a.status == 404 || a.status >= 500 {
					t.Errorf("%s %s as %s: %d %s, want the door open", o.method, o.path, role, a.status, a.body)
				}
				guarded := &person{s: s, cookie: own.cookie}
				for _, token := range []string{"", "x", own.cookie, foreign.csrf} {
					guarded.csrf = token
					if a := guarded.do(o.method, o.url(here), nil); a.status != 403 || a.reason() != "csrf" {
						t.Errorf("%s %s with CSRF token %q: %d %s", o.method, o.path, token, a.status, a.body)
					}
				}
			}
		}
	}
}

// TestOtherDistrictsThings: an id of another district is nobody's, also for
// somebody who belongs to both.
func TestOtherDistrictsThings(t *testing.T) {
	s := newSite(t)
	both := s.as(fleet.RoleAdmin, here, there)
	for _, path := range []string{"/units/C-%s/trail", "/plans/draft-%s", "/plans/draft-%s/geojson", "/jobs/job-%s"} {
		both.want(http.StatusOK, "GET", "/api/v1/d/"+here+fmt.Sprintf(path, here), nil)
		both.want(http.StatusNotFound, "GET", "/api/v1/d/"+here+fmt.Sprintf(path, there), nil)
	}
	for method, path := range map[string]string{"POST": "/plans/draft-%s/approve", "DELETE": "/corrections/fix-%s"} {
		both.want(http.StatusNotFound, method, "/api/v1/d/"+here+fmt.Sprintf(path, there), nil)
	}
	both.want(http.StatusNotFound, "POST", "/api/v1/d/"+here+"/plans/approved-"+there+"/publish", nil)
	for _, path := range []string{"", "/units", "/devices", "/incidents", "/dead-letters", "/corrections", "/plans", "/users", "/police", "/audit"} {
		a := s.as(fleet.RoleAdmin, here).want(http.StatusOK, "GET", "/api/v1/d/"+here+path, nil)
		if path != "/users" && path != "/audit" && strings.Contains(string(a.body), there) {
			t.Errorf("%s of %s tells of %s: %s", path, here, there, a.body)
		}
	}
	// A role in one district says nothing about another.
	s.must(s.st.SaveUser(t.Context(), fleet.User{Ubigeo: here, Username: "mixta", Name: "x", PasswordHash: "x", Districts: map[string]fleet.Role{here: fleet.RoleAdmin, there: fleet.RoleCrew}}))
}
