package rounds

import (
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// TestRepeatsFallWhereTheyAreWanted: of two ways of the same length the one is
// driven twice that wants it, and no way is taken for it that is much longer.
func TestRepeatsFallWhereTheyAreWanted(t *testing.T) {
	const ladder = `
		a-b-c
		| | |
		d-e-f`
	m := routingtest.Draw(ladder)
	for _, favoured := range []string{"be", "bc", "de"} {
		p := &Problem{Graph: m.Graph, Units: []Unit{{Mode: routing.Car, Base: m.Node("a"), Speed: 5, End: 3600}}, Again: make([]float64, len(m.Graph.Segments))}
		for i := range p.Again {
			p.Again[i] = 0.5
		}
		p.Again[m.Arc(favoured).Segment()] = 3
		wanted, _ := Reached(p.Graph, p.Units)
		copies, err := even(p.Graph, classes(p, wanted)[0])
		if err != nil {
			t.Fatal(err)
		}
		again, metres := map[routing.SegmentID]bool{}, 0.0
		for _, c := range copies {
			metres += p.Graph.Segment(c.arc).Length
			if !c.wanted {
				again[c.arc.Segment()] = true
			}
		}
		if favoured == "be" && (!again[m.Arc("be").Segment()] || len(again) != 1) {
			t.Errorf("%s is the way between the odd junctions and is not repeated: %v", favoured, again)
		}
		if metres > 810 {
			t.Errorf("favouring %s drives %.0f m, 800 are enough", favoured, metres)
		}
	}
}

// TestRepeatsStayNearTheFloor: steered repeats are at most so much longer than
// the floor as the share they are steered by allows, and their price is least.
func TestRepeatsStayNearTheFloor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := routingtest.City(routingtest.Usual(rapid.Uint64Range(0, 1<<20).Draw(t, "seed"), rapid.IntRange(3, 9).Draw(t, "cols"), rapid.IntRange(3, 9).Draw(t, "rows")))
		base, ok := g.DefaultBase(routing.Foot)
		if !ok {
			t.Skip("nothing to walk")
		}
		units := []Unit{{Mode: routing.Foot, Base: base, Speed: 1, End: 3600}} // no one-ways
		p := &Problem{Graph: g, Units: units, Again: make([]float64, len(g.Segments))}
		for i := range p.Again {
			p.Again[i] = rapid.Float64Range(0, 6).Draw(t, "again")
		}
		wanted, _ := Reached(g, units)
		b, err := LowerBounds(g, units)
		if err != nil || b.Segments == 0 {
			t.Skip("nothing to walk")
		}
		copies, err := even(g, classes(p, wanted)[0])
		if err != nil {
			t.Fatal(err)
		}
		repeats := -b.Street
		for _, c := range copies {
			repeats += g.Segment(c.arc).Length
		}
		if repeats < b.Floor-0.1 || repeats > b.Floor/(1-secondVisit)+0.1 {
			t.Fatalf("%.1f m of repeats, floor %.1f", repeats, b.Floor)
		}
	})
}

// TestSteeredRepeatsOfElPorvenir: on a real district the steered repeats are a
// little longer than the floor, and fall on streets that want them more.
func TestSteeredRepeatsOfElPorvenir(t *testing.T) {
	p := elPorvenir(t, 1)
	p.Again = make([]float64, len(p.Graph.Segments))
	for i := range p.Again { // a few streets in ten want much more, as risk has it
		x := uint64(i)*0x9e3779b97f4a7c15 + 1
		x ^= x >> 29
		p.Again[i] = 0.5 + 5*math.Pow(float64(x>>11)/(1<<53), 6)
	}
	wanted, _ := Reached(p.Graph, p.Units)
	measure := func(again []float64) (metres, want float64) {
		q := *p
		q.Again = again
		for _, c := range classes(&q, wanted) {
			copies, err := evenFirst(p.Graph, c)
			if err != nil {
				t.Fatal(err)
			}
			for _, cp := range copies {
				if !cp.wanted {
					m := p.Graph.Segment(cp.arc).Length
					metres += m
					want += m * p.Again[cp.arc.Segment()]
				}
			}
		}
		return metres, want / metres
	}
	plain, before := measure(nil)
	steered, after := measure(p.Again)
	street := 0.0
	for i, w := range wanted {
		if w {
			street += p.Graph.Segments[i].Length
		}
	}
	points := 100 * (steered - plain) / street
	t.Logf("repeats %.1f km plain, %.1f km steered (%.2f points of street length); want of a repeated metre %.2f, then %.2f", plain/1000, steered/1000, points, before, after)
	if points > 0.5 || after <= before {
		t.Errorf("steering costs %.2f points and brings want from %.2f to %.2f", points, before, after)
	}
}
