package api_test

import (
	"math"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/track"
)

func TestTracks(t *testing.T) {
	s := newSite(t)
	op := s.as("operator", here)
	d := "/api/v1/d/" + here + "/tracks"
	a := op.want(200, "GET", d, nil)
	ts, err := track.Decode(a.body)
	s.must(err)
	if len(ts) != 1 || ts[0].Unit != "C-"+here || ts[0].Fixes+ts[0].Doubtful != 40 || len(ts[0].Points) == 0 || ts[0].Tolerance != 3 {
		t.Fatalf("%+v", ts)
	}
	if p := ts[0].Points[0]; !p.Time.Equal(noon.Add(-400*time.Second)) || math.Abs(p.Speed-5) > 0.2 {
		t.Errorf("the first point is %+v", p)
	}
	none, err := track.Decode(op.want(200, "GET", d+"?unit=C-"+here+"&to="+url.QueryEscape(noon.Add(-time.Hour).Format(time.RFC3339)), nil).body)
	s.must(err)
	if len(none) != 1 || len(none[0].Points) != 0 {
		t.Errorf("an hour before: %+v", none)
	}
	if a := op.do("GET", d+"?unit=C-"+there, nil); a.status != 404 {
		t.Errorf("a unit of elsewhere: %d %s", a.status, a.body)
	}
	for _, bad := range []string{"?from=2026-11-22T00:00:00Z", "?from=2026-09-01T00:00:00Z", "?tolerance_m=0"} {
		if a := op.do("GET", d+bad, nil); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
	rows, err := s.st.AuditRows(t.Context(), here, 50)
	s.must(err)
	var seen []string
	for _, r := range rows {
		if r.Action == "trail.view" {
			seen = append(seen, r.Subject)
		}
	}
	if got := strings.Join(seen, ";"); got != "C-"+here+";todas" {
		t.Errorf("audited %q", got)
	}
}
