package patrol

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
)

func TestCompareFindsWhatChangedHands(t *testing.T) {
	d, plan := drafted(t, 6, routing.Car, routing.Car, routing.Car)
	if c := Compare(plan, plan, d.g); c.OverlapPct != 100 || c.HandedCount != 0 || slices.ContainsFunc(c.Units, func(u UnitDifference) bool { return u.Changed }) || Touched(plan, plan) != nil {
		t.Errorf("a plan differs from itself: %+v", c)
	}
	from, to := plan.Rounds[0], plan.Rounds[1]
	var ids []string
	metres := 0.0
	for _, l := range from.Legs {
		if l.Kind == Service && len(ids) < 3 {
			ids = append(ids, l.Segment)
			metres += d.g.Segments[d.byID[l.Segment]].Length
		}
	}
	moved, err := d.Edit(plan, []Edit{{Op: MoveStreet, Segments: ids, To: to.Unit}})
	if err != nil {
		t.Fatal(err)
	}
	c := Compare(plan, moved.Plan, d.g)
	if c.HandedCount != len(ids) || math.Abs(c.HandedKm*1000-metres) > 1 {
		t.Errorf("%d streets of %.3f km changed hands, want %d of %.1f m", c.HandedCount, c.HandedKm, len(ids), metres)
	}
	for _, h := range c.Handed {
		if h.From != from.Unit || h.To != to.Unit || !slices.Contains(ids, h.Segment) || len(h.Line) < 2 {
			t.Errorf("%+v", h)
		}
	}
	for _, u := range c.Units {
		if want := u.Unit == from.Unit || u.Unit == to.Unit; u.Changed != want || (u.OverlapPct == 100) == want {
			t.Errorf("unit %s: changed %v, overlap %g %%", u.Unit, u.Changed, u.OverlapPct)
		}
	}
	touched := Touched(plan, moved.Plan)
	slices.Sort(touched)
	if want := []string{from.Unit, to.Unit}; !slices.Equal(touched, want) {
		t.Errorf("touched %v, want %v", touched, want)
	}
	if math.Abs(c.After.Km-moved.After.DrivenKm) > 0.01 || math.Abs(c.Before.Km-moved.Before.DrivenKm) > 0.01 {
		t.Errorf("%.3f → %.3f km, the desk says %.3f → %.3f", c.Before.Km, c.After.Km, moved.Before.DrivenKm, moved.After.DrivenKm)
	}
	raw, err := c.GeoJSON()
	if err != nil {
		t.Fatal(err)
	}
	var fc struct{ Features []json.RawMessage }
	if err := json.Unmarshal(raw, &fc); err != nil || len(fc.Features) != len(ids) {
		t.Errorf("%d features, %v", len(fc.Features), err)
	}
}

func TestCompareOfAPlanWithoutARound(t *testing.T) {
	_, plan := drafted(t, 6, routing.Car, routing.Car)
	less := plan
	less.Rounds = plan.Rounds[:1]
	c := Compare(plan, less, nil)
	if len(c.Units) != 2 || c.Units[1].After != (RoundFigures{}) || c.HandedCount == 0 || c.Handed[0].To != "" {
		t.Errorf("%+v", c.Units)
	}
	if got := Touched(plan, less); !slices.Equal(got, []string{plan.Rounds[1].Unit}) {
		t.Errorf("touched %v", got)
	}
}
