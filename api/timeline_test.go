package api_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// TestUnusualWeekIsToldInSteps: outside the control room two looks at the notices,
// or at the hours of the week, do not differ by a single incident.
func TestUnusualWeekIsToldInSteps(t *testing.T) {
	s := newSite(t)
	base := "/api/v1/d/" + here
	notices := func(role fleet.Role) []api.IncidentNotice {
		t.Helper()
		var got api.UnusualWeek
		read(t, s.as(role, here).want(200, "GET", base+"/notices", nil), &got)
		return slices.DeleteFunc(got.Notices, func(n api.IncidentNotice) bool { return n.Group != "robo" })
	}
	_, _, err := s.st.SaveIncidents(t.Context(), here, []hotspots.Incident{{Key: "long-ago", Type: [3]string{"Hurto"}, At: noon.AddDate(0, 0, -300), Point: s.graph.Segments[0].Line[0]}})
	s.must(err) // so that the record is long enough
	robberies := 0
	rob := func(n int) {
		t.Helper()
		ins := make([]hotspots.Incident, n)
		for i := range ins {
			robberies++
			ins[i] = hotspots.Incident{Key: fmt.Sprint("robo-", robberies), Type: [3]string{"Robo"}, At: noon.Add(-time.Duration(robberies)*time.Second - time.Hour), Point: s.graph.Segments[0].Line[0]}
		}
		_, _, err := s.st.SaveIncidents(t.Context(), here, ins)
		s.must(err)
	}
	hours := func(role fleet.Role) (told []float64) {
		t.Helper()
		var got api.Timeline
		read(t, s.as(role, here).want(200, "GET", base+"/timeline?group=robo", nil), &got)
		for _, day := range got.Week {
			for _, h := range day {
				if h != nil {
					told = append(told, *h)
				}
			}
		}
		return told
	}
	for _, role := range []fleet.Role{fleet.RoleLiaison, fleet.RoleAuditor} {
		if told := hours(role); len(told) != 0 {
			t.Errorf("%s is told %d hours without a robbery: the first one would show", role, len(told))
		}
	}
	for _, more := range []int{8, 1} { // 8, then 9: both about 10
		rob(more)
		in := notices(fleet.RoleOperator)
		if len(in) != 1 || in[0].Count != robberies || in[0].Expected == nil || in[0].P == nil {
			t.Fatalf("the control room is told %+v of %d robberies", in, robberies)
		}
		if told := hours(fleet.RoleOperator); len(told) != 7*24 {
			t.Errorf("the control room is told %d hours", len(told))
		}
		for _, role := range []fleet.Role{fleet.RoleLiaison, fleet.RoleAuditor} {
			out := notices(role)
			if len(out) != 1 || out[0].Count != 10 || out[0].Expected != nil || out[0].P != nil {
				t.Errorf("%s is told %+v of %d robberies", role, out, robberies)
			}
			told := hours(role)
			if len(told) != 1 || math.Mod(told[0], 5) != 0 || told[0] == 0 {
				t.Errorf("%s is told the hours %v of %d robberies", role, told, robberies)
			}
		}
	}
}
