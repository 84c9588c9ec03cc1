package routing_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

var sameGraph = cmp.Options{cmpopts.IgnoreUnexported(routing.Graph{}), cmpopts.EquateEmpty()}

func TestEncodeDecodeGivesTheSameGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := routingtest.City(routingtest.Usual(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 9).Draw(t, "cols"), rapid.IntRange(2, 9).Draw(t, "rows")))
		if rapid.Bool().Draw(t, "off the grid") {
			g.Segments[0].Line[0][0] += 1e-9
		}
		g.Excluded = []routing.Excluded{{WayID: 7, Name: "Óvalo", Class: routing.Service, Line: g.Segments[0].Line, Length: g.Segments[0].Length, Inside: 3, Modes: routing.AllModes}}
		if g.Segments[0].Line[0][0] != g.Nodes[g.Segments[0].From].Point[0] {
			g.Excluded[0].Length = 0 // lengths are computed anew
			g.Excluded = nil
			g.Segments[0].Length = lengthOf(g.Segments[0].Line)
		}
		b, err := routing.Encode(g)
		if err != nil {
			t.Fatal(err)
		}
		back, err := routing.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(g, back, sameGraph); d != "" {
			t.Fatal(d)
		}
	})
}

func FuzzDecode(f *testing.F) {
	g := routingtest.City(routingtest.Usual(1, 3, 3))
	b, err := routing.Encode(g)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Add([]byte("SZG1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if g, err := routing.Decode(b); err == nil && g == nil {
			t.Fatal("neither a graph nor an error")
		}
	})
}
