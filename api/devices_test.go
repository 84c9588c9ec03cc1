package api_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

// TestUnknownDeviceIsClaimed follows a tracker that nobody registered: listed
// with what is kept, its clock doubted, claimed, its positions the unit's.
func TestUnknownDeviceIsClaimed(t *testing.T) {
	s := newSite(t)
	nan := math.NaN()
	var fixes []fleet.Fix
	for i := range 12 { // its clock shows Lima's time as UTC
		at := noon.Add(time.Duration(i-12)*10*time.Second - 5*time.Hour)
		fixes = append(fixes, fleet.Fix{Ubigeo: here, Device: "356307042441013", Time: at, Seq: int64(i), Received: at.Add(5*time.Hour + time.Second),
			Point: s.graph.Nodes[0].Point, Speed: 3, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan})
	}
	fixes[5].Point = orb.Point{fixes[5].Point[0] + 1, fixes[5].Point[1]} // a jump
	_, err := s.st.StoreFixes(t.Context(), fixes)
	s.must(err)
	admin := s.as(fleet.RoleAdmin, here)
	d := "/api/v1/d/" + here
	find := func() (out api.Device) {
		var ds []api.Device
		read(t, admin.do("GET", d+"/devices", nil), &ds)
		for _, x := range ds {
			if x.Id == "356307042441013" {
				out = x
			}
		}
		return out
	}
	x := find()
	if x.Known || x.Positions == nil || *x.Positions != 12 || *x.Claimable != 12 || x.LastSeen == nil || x.ClockOffS == nil || *x.ClockOffS != -5*3600 {
		t.Fatalf("%+v", x)
	}
	if a := admin.do("POST", d+"/devices/356307042441013/claim", map[string]any{"unit": "C-" + there}); a.status != 400 {
		t.Errorf("claimed for another district's unit: %d", a.status)
	}
	if a := admin.do("POST", d+"/devices/nobody/claim", map[string]any{"unit": "C-" + here}); a.status != 404 {
		t.Errorf("claimed what never reported: %d", a.status)
	}
	a := admin.do("POST", d+"/devices/356307042441013/claim", map[string]any{"unit": "C-" + here})
	if a.status != 200 || !strings.Contains(string(a.body), `"positions":12`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if x := find(); !x.Known || *x.Unit != "C-"+here || x.Positions != nil {
		t.Errorf("%+v", x)
	}
	var trail api.Trail
	read(t, admin.do("GET", d+"/units/C-"+here+"/trail?doubtful=true&from="+noon.Add(-6*time.Hour).Format(time.RFC3339)+"&to="+noon.Add(-4*time.Hour).Format(time.RFC3339), nil), &trail)
	if len(trail.Fixes) != 11 || trail.Doubtful == nil || len(*trail.Doubtful) != 1 || (*trail.Doubtful)[0].Reasons[0] != "jump" {
		t.Errorf("%+v", trail)
	}
}

func TestIdentityOfAnother(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	d := "/api/v1/d/" + here
	if a := admin.do("PUT", d+"/devices/a", map[string]any{"identities": []string{"imei-1"}}); a.status != 200 {
		t.Fatal(a.status, string(a.body))
	}
	if a := admin.do("PUT", d+"/devices/b", map[string]any{"identities": []string{"imei-1"}}); a.status != 409 || !strings.Contains(string(a.body), "ya es del equipo a") {
		t.Error(a.status, string(a.body))
	}
	if a := admin.do("POST", d+"/topic-rules", map[string]any{"pattern": "#", "format": "auto", "identity": "payload"}); a.status != 400 {
		t.Error(a.status, string(a.body))
	}
}

func TestPhoneIsSetUpByLink(t *testing.T) {
	s := newSite(t)
	var c api.Credentials
	read(t, s.as(fleet.RoleAdmin, here).do("POST", "/api/v1/d/"+here+"/devices/tel-1/credentials", map[string]any{}), &c)
	if c.Link == nil || !strings.HasPrefix(*c.Link, "owntracks:///config?inline=") || !strings.HasPrefix(*c.Qr, "<svg ") || !strings.HasPrefix(*c.Query, s.url+"/ingest/osmand?") {
		t.Errorf("%+v", c)
	}
}
