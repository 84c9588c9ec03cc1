package api_test

import (
	"bytes"
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// TestForecastTellsNoSingleIncident: who asks for the forecast outside the control
// room before and after an incident in a quiet cell, by whatever way, is not told
// where it was; nor does the order of cells tell what rounding hides.
func TestForecastTellsNoSingleIncident(t *testing.T) {
	s := newSite(t)
	d := "/api/v1/d/" + here
	control := s.as(fleet.RoleOperator, here)
	var hot api.HotCells
	read(t, control.want(200, "GET", d+"/hotcells?limit=5000&shift="+shift, nil), &hot)
	i := slices.IndexFunc(hot.Cells, func(c api.HotCell) bool { return *c.Count365 == 0 && *c.Few })
	if i < 0 {
		t.Fatal("the fixture has no quiet cell")
	}
	quiet := hot.Cells[i]
	centre := quiet.Ring[0]
	for _, p := range quiet.Ring[1:6] {
		centre[0], centre[1] = centre[0]+p[0], centre[1]+p[1]
	}
	centre[0], centre[1] = centre[0]/6, centre[1]/6
	outsiders := []fleet.Role{fleet.RoleLiaison, fleet.RoleAuditor}
	look := func(role fleet.Role) (cell []byte, ranked api.HotCells) {
		who := s.as(role, here)
		for _, by := range []string{"count", "harm"} {
			read(t, who.want(200, "GET", d+"/hotcells?limit=5000&by="+by+"&shift="+shift, nil), &ranked)
			if slices.ContainsFunc(ranked.Cells, func(c api.HotCell) bool { return c.Id == quiet.Id || c.Count365 == nil }) {
				t.Errorf("%s is told of cells with too few incidents", role)
			}
			sorted := slices.IsSortedFunc(ranked.Cells, func(a, b api.HotCell) int {
				x, y := a.Expected, b.Expected
				if by == "harm" {
					x, y = *a.Harm, *b.Harm
				}
				return cmp.Or(cmp.Compare(y, x), cmp.Compare(a.Id, b.Id))
			})
			if !sorted || !*ranked.Rounded || *ranked.First10 > 1 {
				t.Errorf("%s: cells by %s are in order %t, rounded %t, the first ten have %g", role, by, sorted, *ranked.Rounded, *ranked.First10)
			}
		}
		var m api.RiskMap
		read(t, who.want(200, "GET", d+"/risk?shift="+shift, nil), &m)
		if !slices.IsSortedFunc(m.Cells, func(a, b api.RiskCell) int { return cmp.Or(cmp.Compare(b.Joint, a.Joint), cmp.Compare(a.Id, b.Id)) }) {
			t.Errorf("%s: the cells of the joint map are in the order of exact figures", role)
		}
		var p api.PriorityAreas
		read(t, who.want(200, "GET", d+"/priority-areas?shift="+shift, nil), &p)
		for _, x := range p.Proposed {
			if !roundFigure(x.Times) {
				t.Errorf("%s is told %g times the mean", role, x.Times)
			}
		}
		return who.want(200, "GET", d+"/hotcells/"+quiet.Id+"?shift="+shift, nil).body, ranked
	}
	before := map[fleet.Role][]byte{}
	for _, role := range outsiders {
		before[role], _ = look(role)
	}
	inside := control.want(200, "GET", d+"/hotcells/"+quiet.Id+"?shift="+shift, nil).body
	start := hot.Shift[:10]
	at, err := time.Parse(time.DateOnly, start)
	s.must(err)
	_, _, err = s.st.SaveIncidents(t.Context(), here, []hotspots.Incident{{Key: "one", Type: [3]string{"Violencia familiar"}, At: at.Add(-12 * time.Hour), Point: centre}})
	s.must(err)
	for _, role := range outsiders {
		if after, _ := look(role); !bytes.Equal(before[role], after) {
			t.Errorf("%s sees that something happened in a quiet cell:\n%s\n%s", role, before[role], after)
		}
	}
	if after := control.want(200, "GET", d+"/hotcells/"+quiet.Id+"?shift="+shift, nil).body; bytes.Equal(inside, after) {
		t.Error("the incident shows in nothing: this tests nothing")
	}
}
