package patrol

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// westHalf is the half of a graph's district with the smaller longitudes.
func westHalf(g *routing.Graph) orb.Bound {
	b := orb.MultiPoint{}
	for _, n := range g.Nodes {
		b = append(b, n.Point)
	}
	half := b.Bound()
	half.Max[0] = half.Center()[0]
	return half.Pad(1e-5)
}

// TestPriorityAreasAreNeededMore: the need of a street in a priority area is the
// multiple of what it would be, where areas overlap the larger, and outside all
// nothing changes.
func TestPriorityAreasAreNeededMore(t *testing.T) {
	in := town(t, 3, routing.Car)
	half := westHalf(in.Graph)
	whole := orb.MultiPoint{half.Min, {half.Max[0] + 1, half.Max[1]}}.Bound()
	plain, err := newScene(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Priority = []PriorityArea{{routing.NewRegion(orb.MultiPolygon{half.ToPolygon()}), 2}, {routing.NewRegion(orb.MultiPolygon{whole.ToPolygon()}), 1.25}}
	preferring, err := newScene(in)
	if err != nil {
		t.Fatal(err)
	}
	a, b := plain.need(), preferring.need()
	two, quarter := 0, 0
	for i := range a {
		if a[i] == 0 {
			continue
		}
		want := 1.25
		if half.Contains(middleOf(in.Graph.Segments[i].Line)) {
			want = 2
			two++
		} else {
			quarter++
		}
		if got := b[i] / a[i]; math.Abs(got-want) > 1e-9 {
			t.Fatalf("segment %d: %.3f times the need, want %g", i, got, want)
		}
	}
	if two == 0 || quarter == 0 {
		t.Fatalf("%d and %d segments: the map does not tell them apart", two, quarter)
	}
}

// TestDraftExplores: with a part for exploring, the best cells of the forecast
// keep the rest of the stops, the explored ones are those that waited longest,
// and the plan says why it stops there.
func TestDraftExplores(t *testing.T) {
	in := town(t, 2, routing.Car, routing.Car, routing.Car)
	half := westHalf(in.Graph)
	whole := orb.MultiPoint{half.Min, {2*half.Max[0] - half.Min[0], half.Max[1]}}.Bound()
	grid, err := hotspots.NewGrid(orb.MultiPolygon{whole.Pad(0.002).ToPolygon()}, 10)
	if err != nil {
		t.Fatal(err)
	}
	var ins []hotspots.Incident
	for i := range 60 {
		ins = append(ins, hotspots.Incident{Point: orb.Point{half.Min[0] + 0.001, half.Min[1] + 0.001}, At: in.Shift.Start.Add(-time.Duration(i+1) * 24 * time.Hour)})
	}
	if in.Surface, err = hotspots.Forecast(grid, ins, hotspots.Target{Start: in.Shift.Start, End: in.Shift.End, Loc: in.Loc}); err != nil {
		t.Fatal(err)
	}
	in.Ages = make([]int, len(in.Graph.Segments))
	late := 0
	for i := range in.Ages {
		if in.Graph.Segments[i].Line[0][0] > 2*half.Max[0]-half.Min[0]-0.002 { // the eastern edge
			in.Ages[i] = 5
			late++
		}
	}
	if late == 0 {
		t.Fatal("no street at the eastern edge")
	}
	in.Terms = DefaultTerms()
	in.Terms.Explore = 0
	forecast, err := newScene(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Terms = DefaultTerms()
	exploring, err := newScene(in)
	if err != nil {
		t.Fatal(err)
	}
	if len(forecast.hot) != 6 || len(exploring.hot) != 6 {
		t.Fatalf("%d and %d hot cells for three units", len(forecast.hot), len(exploring.hot))
	}
	waits := exploring.waits()
	most := 0
	for _, w := range waits {
		most = max(most, w)
	}
	for i, h := range exploring.hot {
		if i < 5 && (h.explored || h.Cell != forecast.hot[i].Cell) {
			t.Errorf("hot cell %d is %s (explored %v), by the forecast %s", i+1, h.Cell, h.explored, forecast.hot[i].Cell)
		}
		if k, _ := grid.Index(h.Cell); i == 5 && (!h.explored || waits[k] != most) {
			t.Errorf("the last one (explored %v) has waited %d shifts, the longest is %d", h.explored, waits[k], most)
		}
	}
	plan, _, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, r := range plan.Rounds {
		for _, l := range r.Legs {
			if l.Kind == Stop {
				why, _, _ := strings.Cut(l.Reason, ":")
				said[why]++
			}
		}
	}
	if said["explore"] == 0 || said["hot"] == 0 {
		t.Errorf("reasons of the stops: %v", said)
	}
}

// TestPolicePassesAreVisits: where police are expected, first visits are worth
// less, and their passes stand in the time line of visits; nothing else changes.
func TestPolicePassesAreVisits(t *testing.T) {
	in := town(t, 3, routing.Car)
	half := westHalf(in.Graph)
	plain, err := newScene(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Presence = []Presence{{Kind: PresenceSector, Name: "S", Start: "00:00", End: "00:00", Mode: "car", Units: 2, Trust: 0.5, Geometry: half.ToPolygon()}}
	beside, err := newScene(in)
	if err != nil {
		t.Fatal(err)
	}
	a, b := plain.problem(), beside.problem()
	passed := 0
	for i := range a.Value {
		if a.Again[i] != b.Again[i] {
			t.Fatalf("segment %d: a further visit is worth %g with police, %g without", i, b.Again[i], a.Again[i])
		}
		expected, least := 0.0, 1-DefaultTerms().PoliceShare
		for _, v := range b.Others[i] {
			expected += v.Expected
			if v.Trust != 0.5 || v.Start < 0 || v.End > in.Shift.End.Sub(in.Shift.Start).Seconds() {
				t.Fatalf("segment %d: police pass %+v", i, v)
			}
		}
		switch {
		case a.Value[i] == 0:
		case expected == 0 && a.Value[i] != b.Value[i], expected > 0 && !(b.Value[i] < a.Value[i] && b.Value[i] >= least*a.Value[i]):
			t.Fatalf("segment %d: worth %g with %g police passes, %g without", i, b.Value[i], expected, a.Value[i])
		case expected > 0:
			passed++
		}
	}
	if passed == 0 || a.Others != nil {
		t.Fatalf("%d segments with police passes; without police there are %d lists", passed, len(a.Others))
	}
}
