package routing_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

func TestSnapFindsWhatMeasuringAllFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := city(t)
		p := orb.Point{routingtest.Origin[0] + rapid.Float64Range(-0.002, 0.006).Draw(t, "x"), routingtest.Origin[1] - rapid.Float64Range(-0.002, 0.006).Draw(t, "y")}
		radius := rapid.Float64Range(1, 400).Draw(t, "radius")
		got := map[routing.SegmentID]routing.Candidate{}
		last := 0.0
		for _, c := range g.Snap(p, radius) {
			if _, twice := got[c.Segment]; twice || c.Distance < last {
				t.Fatalf("segment %d twice, or out of order", c.Segment)
			}
			got[c.Segment], last = c, c.Distance
		}
		for i := range g.Segments {
			s := &g.Segments[i]
			c, ok := got[routing.SegmentID(i)]
			least := math.Inf(1)
			for d := 0.0; d <= s.Length; d += 0.5 {
				least = min(least, geo.Distance(p, routing.PointAlong(s.Line, d)))
			}
			switch {
			case least < radius-1 && !ok:
				t.Fatalf("segment %d, %.1f m away, is missing within %.1f m", i, least, radius)
			case ok && (c.Distance > least+0.5 || c.Distance < least-0.5):
				t.Fatalf("segment %d: %.2f m, want %.2f", i, c.Distance, least)
			case ok && geo.Distance(c.Point, routing.PointAlong(s.Line, c.Along)) > 0.01:
				t.Fatalf("segment %d: the point is not at %.2f m along", i, c.Along)
			case ok && !headed(g, c):
				t.Fatalf("segment %d: bearing %.0f at %.2f m along", i, c.Bearing(), c.Along)
			}
		}
	})
}

// headed tells whether a candidate has the bearing of its place; at a bend that
// is the bearing of either side.
func headed(g *routing.Graph, c routing.Candidate) bool {
	for _, side := range []float64{-0.01, 0, 0.01} {
		if math.Abs(math.Remainder(c.Bearing()-g.SegmentBearing(c.Segment, c.Along+side), 360)) < 0.1 {
			return true
		}
	}
	return false
}

func TestSnapBearing(t *testing.T) {
	m := routingtest.Draw("a-b\n  |\n  c")
	for _, tt := range []struct {
		ends string
		want float64
	}{{"ab", 90}, {"bc", 180}} {
		s := m.Arc(tt.ends).Segment()
		c := m.Snap(routing.PointAlong(m.Segments[s].Line, m.Segments[s].Length/2), 5)
		if len(c) != 1 || c[0].Segment != s || math.Abs(c[0].Bearing()-tt.want) > 0.1 || math.Abs(c[0].Along-m.Segments[s].Length/2) > 0.1 {
			t.Errorf("%s: %+v, want bearing %.0f", tt.ends, c, tt.want)
		}
	}
}

func TestCutKeepsTheLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l orb.LineString
		for range rapid.IntRange(2, 8).Draw(t, "n") {
			l = append(l, orb.Point{-79 + rapid.Float64Range(0, 0.01).Draw(t, "x"), -8 + rapid.Float64Range(0, 0.01).Draw(t, "y")})
		}
		total := geo.Length(l)
		at := rapid.Float64Range(0, 1).Draw(t, "at") * total
		if sum := geo.Length(routing.Cut(l, 0, at)) + geo.Length(routing.Cut(l, at, total)); math.Abs(sum-total) > 0.01 {
			t.Fatalf("%.3f m in pieces of a line of %.3f m", sum, total)
		}
	})
}

func BenchmarkSnap(b *testing.B) {
	g := routingtest.City(routingtest.Usual(1, 60, 60))
	g.Snap(routingtest.Origin, 1)
	var c []routing.Candidate
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c = g.AppendSnap(c[:0], orb.Point{routingtest.Origin[0] + float64(i%500)*1e-4, routingtest.Origin[1] - float64(i%400)*1e-4}, 40)
	}
}
