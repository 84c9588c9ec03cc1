package arc

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// bruteTJoin tries every subset of links.
func bruteTJoin(g *Network, terminals []int32) (best int64, ok bool) {
	want := make([]int, g.Nodes)
	for _, n := range terminals {
		want[n] = 1
	}
	best = math.MaxInt64
	for s := 0; s < 1<<len(g.Links); s++ {
		deg := make([]int, g.Nodes)
		var cost int64
		for i, l := range g.Links {
			if s>>i&1 == 1 {
				deg[l.U]++
				deg[l.V]++
				cost += l.Cost
			}
		}
		fits := true
		for n := range deg {
			fits = fits && deg[n]%2 == want[n]
		}
		if fits && cost < best {
			best, ok = cost, true
		}
	}
	return best, ok
}

func TestMinTJoinAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "nodes")
		var links []Link
		for i := rapid.IntRange(0, 11).Draw(t, "links"); i > 0; i-- {
			links = append(links, Link{
				int32(rapid.IntRange(0, n-1).Draw(t, "u")), int32(rapid.IntRange(0, n-1).Draw(t, "v")),
				int64(rapid.IntRange(0, 9).Draw(t, "cost"))})
		}
		g, err := NewNetwork(n, links)
		if err != nil {
			t.Fatal(err)
		}
		var terminals []int32
		for v := 0; v < n; v++ {
			if rapid.Bool().Draw(t, "terminal") {
				terminals = append(terminals, int32(v))
			}
		}
		want, ok := bruteTJoin(g, terminals)
		got, err := MinTJoin(g, terminals)
		if ok != (err == nil) {
			t.Fatalf("T-join exists: %v, got error %v", ok, err)
		}
		if ok && got.Cost != want {
			t.Fatalf("cost %d, want %d", got.Cost, want)
		}
	})
}

// dataFile finds a file of the shared data or skips the test.
func dataFile(t testing.TB, name string) string {
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	p := filepath.Join(dir, name)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("no data file %s: set SERENAZGO_DATA to the folder of the shared data", name)
	}
	return p
}

// readEdges reads lines "( u, v) coste c demanda d"; costs are decimetres.
func readEdges(t testing.TB, file string) (*Network, []int32) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var links []Link
	var most int32
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line := strings.NewReplacer("(", " ", ")", " ", ",", " ").Replace(sc.Text())
		var u, v int32
		var c, d int64
		if n, _ := fmt.Sscanf(line, "%d %d coste %d demanda %d", &u, &v, &c, &d); n == 4 {
			links = append(links, Link{u, v, c})
			most = max(most, u, v)
		}
	}
	g, err := NewNetwork(int(most)+1, links)
	if err != nil {
		t.Fatal(err)
	}
	var odd []int32
	for n := int32(0); n <= most; n++ {
		if len(g.around(n))%2 == 1 {
			odd = append(odd, n)
		}
	}
	return g, odd
}

func TestMinTJoinOfElPorvenir(t *testing.T) {
	g, odd := readEdges(t, dataFile(t, "arc/elporvenir-arc.dat"))
	j, err := MinTJoin(g, odd)
	if err != nil {
		t.Fatal(err)
	}
	// The file cuts lengths off to decimetres: half of one is missing a link.
	km := (float64(j.Cost) + 0.5*float64(len(j.Links))) / 10_000
	t.Logf("%d links, %d odd junctions, T-join %.3f km after %d rounds of pricing", len(g.Links), len(odd), km, j.Rounds)
	if math.Abs(km-137.5) > 0.1 {
		t.Errorf("T-join %.3f km, want 137.5 within 0.1", km)
	}
}

func BenchmarkMinTJoinElPorvenir(b *testing.B) {
	g, odd := readEdges(b, dataFile(b, "arc/elporvenir-arc.dat"))
	for b.Loop() {
		if _, err := MinTJoin(g, odd); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMinTJoinGrid is a town of 170 × 170 crossings of which 10,000 are
// made odd: about the size of a metropolitan area.
func BenchmarkMinTJoinGrid(b *testing.B) {
	const side = 170
	r := rand.New(rand.NewPCG(1, 2))
	var links []Link
	for i := int32(0); i < side*side; i++ {
		if i%side+1 < side {
			links = append(links, Link{i, i + 1, 500 + r.Int64N(1000)})
		}
		if i+side < side*side {
			links = append(links, Link{i, i + side, 500 + r.Int64N(1000)})
		}
	}
	g, err := NewNetwork(side*side, links)
	if err != nil {
		b.Fatal(err)
	}
	perm := r.Perm(side * side)
	odd := make([]int32, 10000)
	for i := range odd {
		odd[i] = int32(perm[i])
	}
	for b.Loop() {
		if _, err := MinTJoin(g, odd); err != nil {
			b.Fatal(err)
		}
	}
}
