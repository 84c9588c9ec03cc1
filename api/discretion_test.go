package api_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// TestDiscretion: family and sexual violence has no place on any screen, and
// outside the control room neither have single incidents nor small counts.
func TestDiscretion(t *testing.T) {
	s := newSite(t)
	p := s.graph.Segments[0].Line[0]
	_, _, err := s.st.SaveIncidents(t.Context(), here, []hotspots.Incident{
		{Key: "row:s1", Type: [3]string{"Violencia familiar"}, At: noon.Add(-time.Hour), Point: p, Note: "vive en el 123"},
		{Key: "row:s2", Type: [3]string{"Robo"}, At: noon.Add(-2 * time.Hour), Point: p, Note: "mototaxi azul", Grade: hotspots.GradeBlock},
	})
	s.must(err)
	d := "/api/v1/d/" + here
	see := func(role fleet.Role) (out [2]api.Incident) {
		a := s.as(role, here).want(200, "GET", d+"/incidents?limit=2", nil)
		if said := string(a.body); strings.Contains(said, "vive en el") || strings.Contains(said, "row:s1") {
			t.Errorf("%s reads the note or the key of a sensitive incident", role)
		}
		var list []api.Incident
		read(t, a, &list)
		copy(out[:], list)
		return out
	}
	for _, role := range []fleet.Role{fleet.RoleAdmin, fleet.RoleSupervisor, fleet.RoleOperator, fleet.RoleAuditor} {
		in := see(role)
		if x := in[0]; !strings.HasPrefix(x.Key, "hidden-") || x.Key == in[1].Key || x.Key != see(role)[0].Key || !x.Hidden || x.Point != nil || x.Place != nil || x.Sector == nil {
			t.Errorf("%s sees %+v", role, x)
		}
		control := role != fleet.RoleAuditor
		if x := in[1]; (x.Key == "row:s2") != control || x.Hidden == control || (x.Point != nil) != control || (x.Note != nil) != control || control && *x.Grade != api.Block {
			t.Errorf("%s sees %+v", role, x)
		}
	}
	for role, small := range map[fleet.Role]bool{fleet.RoleOperator: true, fleet.RoleLiaison: false} {
		var hot api.HotCells
		read(t, s.as(role, here).want(200, "GET", d+"/hotcells?shift="+shift+"&limit=5000", nil), &hot)
		some, few := 0, 0
		for _, c := range hot.Cells {
			if c.Count90 != nil {
				some++
				if *c.Count90 < 3 {
					few++
				}
			}
		}
		if (few > 0) != small || some == 0 && small {
			t.Errorf("%s: %d counts under 3 of %d in %d cells", role, few, some, len(hot.Cells))
		}
		coarse := 0
		for _, c := range hot.Cells {
			if roundFigure(c.Expected) && roundFigure(c.Share) && roundFigure(*c.Harm) && (c.Count365 != nil) == (c.High != nil) {
				coarse++
			}
		}
		if (coarse == len(hot.Cells)) == small {
			t.Errorf("%s: the figures of %d of %d cells are coarse", role, coarse, len(hot.Cells))
		}
		var m api.RiskMap
		read(t, s.as(role, here).want(200, "GET", d+"/risk?shift="+shift, nil), &m)
		coarse = 0
		for _, c := range m.Cells {
			if roundFigure(c.Expected) && roundFigure(c.Crime) && roundFigure(c.Joint) && roundFigure(c.Times) {
				coarse++
			}
		}
		if (coarse == len(m.Cells)) == small {
			t.Errorf("%s: the figures of %d of %d cells of the risk map are coarse", role, coarse, len(m.Cells))
		}
	}
	// Why a cell is expected to have incidents all may know, when it had them only
	// the control room.
	var busy []hotspots.Incident
	for i := range 5 {
		busy = append(busy, hotspots.Incident{Key: fmt.Sprint("busy", i), Type: [3]string{"Robo"}, At: noon.AddDate(0, 0, -20-7*i), Point: p})
	}
	_, _, err = s.st.SaveIncidents(t.Context(), here, busy)
	s.must(err)
	var hot api.HotCells
	read(t, s.as(fleet.RoleAuditor, here).want(200, "GET", d+"/hotcells?shift="+shift, nil), &hot)
	if len(hot.Cells) == 0 {
		t.Fatal("the auditor is told of no cell")
	}
	for role, past := range map[fleet.Role]bool{fleet.RoleOperator: true, fleet.RoleAuditor: false} {
		var why api.CellWhy
		read(t, s.as(role, here).want(200, "GET", d+"/hotcells/"+hot.Cells[0].Id+"?shift="+shift, nil), &why)
		sum := 0.0
		for _, w := range why.Why {
			sum += w.Share
		}
		if (why.Past != nil) != past || sum < .999 || sum > 1.001 || roundFigure(*why.Expected) == past || (why.Groups != nil) != past {
			t.Errorf("%s sees %+v", role, why)
		}
	}
	s.as(fleet.RoleOperator, here).want(404, "GET", d+"/hotcells/8a8e6e2a5b57fff", nil)
	s.as(fleet.RoleOperator, here).want(404, "GET", d+"/hotcells/x", nil)
}

// roundFigure tells whether a figure is 0 or 1, 2 or 5 times a power of ten.
func roundFigure(v float64) bool {
	if v == 0 {
		return true
	}
	first := v / math.Pow(10, math.Floor(math.Log10(v)+1e-9))
	return math.Abs(first-1) < 1e-6 || math.Abs(first-2) < 1e-6 || math.Abs(first-5) < 1e-6
}
