package coverage

import (
	"math"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

func plannedLeg(m *routingtest.Map, k patrol.LegKind, ends string, end time.Time) patrol.Leg {
	return patrol.Leg{Kind: k, Segment: m.Segment(ends).ID, Start: end.Add(-time.Minute), End: end}
}

func TestOfPlan(t *testing.T) {
	m := block()
	shift := night(t)
	at := func(minute int) time.Time { return shift.Start.Add(time.Duration(minute) * time.Minute) }
	plan := patrol.Plan{Rounds: []patrol.Round{
		{Unit: "C1", Legs: []patrol.Leg{
			plannedLeg(m, patrol.Service, "ab", at(10)),
			plannedLeg(m, patrol.Deadhead, "ac", at(20)),
			plannedLeg(m, patrol.Service, "be", at(25)),
			{Kind: patrol.Stop, Start: at(25), End: at(40)},
			plannedLeg(m, patrol.Service, "bd", at(50)),
			plannedLeg(m, patrol.Fill, "ab", at(60)),
			{Kind: patrol.Service, Segment: "gone", Start: at(60), End: at(61)},
		}},
		{Unit: "I1", Legs: []patrol.Leg{plannedLeg(m, patrol.Service, "cd", at(30)), plannedLeg(m, patrol.Fill, "ab", at(5))}},
	}}
	p, err := OfPlan(m.Graph, nil, plan, func(u string) Force {
		if u == "I1" {
			return Integrated
		}
		return Municipal
	})
	if err != nil {
		t.Fatal(err)
	}
	if p.Missing != 1 || p.Segments != 4 || !p.Finish().Equal(at(50)) {
		t.Errorf("%d missing, %d segments, finished at %v", p.Missing, p.Segments, p.Finish())
	}
	tests := []struct {
		minute int
		states string
		pct    float64
	}{
		{0, "nn.nn", 0}, {4, "nn.nn", 0}, {5, "in.nn", 25}, {29, "in.nn", 25}, {30, "in.ni", 50}, {50, "in.mi", 75}, {480, "in.mi", 75},
	}
	series := p.Series(Window{shift.Start, shift.End}, time.Minute)
	if len(series) != 481 || !series[480].At.Equal(shift.End) {
		t.Fatalf("a series of %d points", len(series))
	}
	for _, tt := range tests {
		got, _ := p.States(at(tt.minute)).MarshalText()
		share := p.At(at(tt.minute))
		if string(got) != tt.states || math.Abs(share.Pct-tt.pct) > 1 {
			t.Errorf("minute %d: %s, %.1f %%; want %s, %.0f %%", tt.minute, got, share.Pct, tt.states, tt.pct)
		}
		if math.Abs(series[tt.minute].Km-share.Km) > 1e-9 {
			t.Errorf("minute %d: the series says %v km, At %v km", tt.minute, series[tt.minute].Km, share.Km)
		}
	}
	odd := p.Series(Window{shift.Start, at(7)}, 3*time.Minute)
	if len(odd) != 4 || !odd[3].At.Equal(at(7)) {
		t.Errorf("a series that ends between steps: %v", odd)
	}
}

func TestPlannedPolice(t *testing.T) {
	m := block()
	shift := night(t)
	ab, ac := m.Arc("ab").Segment(), m.Arc("ac").Segment()
	hour := func(h float64) time.Time { return shift.Start.Add(time.Duration(h * float64(time.Hour))) }
	p, err := OfPolice(m.Graph, nil, []patrol.Visit{
		{Segment: ab, Start: hour(0), End: hour(2), Expected: 2, Trust: 1},
		{Segment: ab, Start: hour(4), End: hour(4), Expected: 1, Trust: 0.5},
		{Segment: ac, Start: hour(0), End: hour(8), Expected: 100, Trust: 0.5},
		{Segment: 99, Start: hour(0), End: hour(8), Expected: 1, Trust: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		hour float64
		want float64
	}{
		{"not begun", 0, 0},
		{"half of the window", 1, 1 - math.Exp(-1)},
		{"over", 3, 1 - math.Exp(-2)},
		{"with a second patrol", 5, 1 - math.Exp(-2)*(1-0.5*(1-math.Exp(-1)))},
	}
	for _, tt := range tests {
		if got := p.Probability(ab, hour(tt.hour)); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := p.Probability(ac, hour(8)); got > 0.5 {
		t.Errorf("a plan that is trusted half covers with %v", got)
	}

	plan := patrol.Plan{Rounds: []patrol.Round{{Unit: "C1", Legs: []patrol.Leg{plannedLeg(m, patrol.Service, "ab", hour(1))}}}}
	o, err := OfPlan(m.Graph, nil, plan, func(string) Force { return Municipal })
	if err != nil {
		t.Fatal(err)
	}
	j := Joint(o, p, hour(8))
	sum := 0.0
	for _, e := range []string{"ab", "ac", "bd", "cd"} {
		sum += m.Segment(e).Length / 1000
	}
	p1, p2 := p.Probability(ab, hour(8)), p.Probability(ac, hour(8))
	l1, l2 := m.Segment("ab").Length/1000, m.Segment("ac").Length/1000
	for _, x := range []struct {
		name      string
		got, want float64
	}{
		{"serenazgo", j.Serenazgo.Km, l1}, {"pnp", j.PNP.Km, p1*l1 + p2*l2}, {"both", j.Both.Km, p1 * l1},
		{"joint", j.Joint.Km, l1 + p2*l2}, {"none", j.None.Km, sum - l1 - p2*l2},
		{"municipal alone", Joint(o, nil, hour(8)).Joint.Km, l1}, {"nobody", Joint(nil, nil, hour(8)).None.Km, 0},
		{"police alone", Joint(nil, p, hour(8)).Joint.Km, p1*l1 + p2*l2},
	} {
		if math.Abs(x.got-x.want) > 1e-9 {
			t.Errorf("%s: %v km, want %v km", x.name, x.got, x.want)
		}
	}
}
