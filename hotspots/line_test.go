package hotspots

import (
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Every cell that a fine walk along the line meets must be among those given,
// and every cell given must be met by a much finer one or at least be crossed.
func TestCellsOnLineAgainstFineWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coord := rapid.Float64Range(-0.01, 0.01)
		line := make(orb.LineString, rapid.IntRange(1, 5).Draw(t, "positions"))
		for i := range line {
			line[i] = orb.Point{-79 + coord.Draw(t, "lon"), -8 + coord.Draw(t, "lat")}
		}
		got, err := CellsOnLine(line, 10)
		if err != nil {
			t.Fatal(err)
		}
		given := map[Cell]bool{}
		for _, c := range got {
			given[c] = true
		}
		met := map[Cell]bool{}
		walk := func(p orb.Point) {
			c, err := CellOf(p, 10)
			if err != nil {
				t.Fatal(err)
			}
			met[c] = true
		}
		walk(line[0])
		for i := 1; i < len(line); i++ {
			for k := range 4001 {
				f := float64(k) / 4000
				walk(orb.Point{line[i-1][0] + f*(line[i][0]-line[i-1][0]), line[i-1][1] + f*(line[i][1]-line[i-1][1])})
			}
		}
		for c := range met {
			if !given[c] {
				t.Fatalf("cell %s is on the line and was not given", c)
			}
		}
		if len(given) > len(met)+2 { // slivers under a metre may escape the walk
			t.Fatalf("%d cells given, %d met", len(given), len(met))
		}
	})
}

func TestCellsOnLineRefusesBadPlaces(t *testing.T) {
	if _, err := CellsOnLine(orb.LineString{{-79, -8}, {-79, 512}}, 10); err == nil {
		t.Fatal("latitude 512 accepted")
	}
	if _, err := CellsOnLine(orb.LineString{{-79, -8}, {79, 8}}, 12); err == nil {
		t.Fatal("a line around the world accepted")
	}
}
