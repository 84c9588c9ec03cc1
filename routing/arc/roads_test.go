package arc

import (
	"testing"

	"pgregory.net/rapid"
)

// drawnRoads makes a network; one-way roads and parts that cannot be reached
// occur where uneven.
func drawnRoads(t *rapid.T, uneven bool) *Roads {
	n := rapid.IntRange(1, 40).Draw(t, "nodes")
	var roads []Road
	for range rapid.IntRange(0, 80).Draw(t, "roads") {
		a, b := int32(rapid.IntRange(0, n-1).Draw(t, "from")), int32(rapid.IntRange(0, n-1).Draw(t, "to"))
		c := int32(rapid.IntRange(0, 20).Draw(t, "cost"))
		roads = append(roads, Road{a, b, c})
		if !uneven {
			roads = append(roads, Road{b, a, c})
		} else if rapid.Bool().Draw(t, "both") {
			roads = append(roads, Road{b, a, c + 3})
		}
	}
	g, err := NewRoads(n, roads)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// floyd gives all distances the plain way.
func floyd(g *Roads) [][]int32 {
	d := make([][]int32, g.Nodes)
	for a := range d {
		d[a] = make([]int32, g.Nodes)
		for b := range d[a] {
			if a != b {
				d[a][b] = Never
			}
		}
		for _, r := range g.From(int32(a)) {
			d[a][r.To] = min(d[a][r.To], r.Cost)
		}
	}
	for k := range d {
		for a := range d {
			for b := range d {
				d[a][b] = min(d[a][b], d[a][k]+d[k][b])
			}
		}
	}
	return d
}

// TestDistances holds matrix and labels against all distances computed plainly,
// and a way against its distance.
func TestDistances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawnRoads(t, rapid.Bool().Draw(t, "uneven"))
		want := floyd(g)
		places := make([]int32, g.Nodes)
		for i := range places {
			places[i] = int32(g.Nodes - 1 - i)
		}
		matrix, err := g.Matrix(places)
		if err != nil {
			t.Fatal(err)
		}
		near, labels := newSparse(g, places), newLabels(g)
		trip := NewTrip(g)
		for a := range places {
			trip.Run(places[a], func(int32, int64) bool { return true })
			for b := range places {
				w := want[places[a]][places[b]]
				x, y, z := matrix.At(int32(a), int32(b)), near.At(int32(a), int32(b)), labels.at(places[a], places[b])
				if x != w || y != w || z != w {
					t.Fatalf("from %d to %d: matrix %d, sparse %d, labels %d; it is %d", places[a], places[b], x, y, z, w)
				}
				way := trip.Way(places[b])
				if (way == nil) != (w == Never) {
					t.Fatalf("way from %d to %d: %v at cost %d", places[a], places[b], way, w)
				}
				for i := 1; i < len(way); i++ {
					w -= want[way[i-1]][way[i]]
				}
				if way != nil && w != 0 {
					t.Fatalf("way from %d to %d is %d off", places[a], places[b], w)
				}
			}
		}
	})
}
