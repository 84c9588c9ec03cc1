package carp

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// TestBoundAgainstBruteForce holds the bound against the best of all solutions of
// small instances.
func TestBoundAgainstBruteForce(t *testing.T) {
	tight := 0
	rapid.Check(t, func(t *rapid.T) {
		in, vehicles := small(t)
		best, ok := cheapest(t, in, vehicles)
		if !ok {
			return
		}
		bound, err := Bound(in, vehicles)
		if err != nil {
			t.Fatal(err)
		}
		if bound > best {
			t.Fatalf("bound %d, but there is a solution of %d: %+v", bound, best, in)
		}
		if bound == best {
			tight++
		}
	})
	if tight == 0 {
		t.Error("the bound was never reached")
	}
}

// small draws an instance of up to six edges to serve.
func small(t *rapid.T) (in *Instance, vehicles int) {
	in = &Instance{Kind: rapid.SampledFrom([]Kind{CARP, MCARP, MinMax}).Draw(t, "kind"), Depot: 0, Capacity: 6}
	nodes := rapid.IntRange(3, 6).Draw(t, "nodes")
	for i := range rapid.IntRange(nodes, nodes+4).Draw(t, "edges") {
		e := Edge{U: rapid.IntRange(0, nodes-1).Draw(t, "u"), V: rapid.IntRange(0, nodes-1).Draw(t, "v"), Line: i + 1}
		if i < nodes-1 { // a tree first, so that everything hangs together
			e.U, e.V = i+1, rapid.IntRange(0, i).Draw(t, "up")
		}
		c := int64(rapid.IntRange(0, 20).Draw(t, "cost"))
		e.Cost, e.Serve = [2]int64{c, c}, [2]int64{c + 3, c + 3}
		switch {
		case e.U == e.V:
			e.Cost[1], e.Serve[1] = Forbidden, Forbidden
		case in.Kind == MinMax:
			e.Cost[1] += 4
			e.Serve[1] += 9
		case in.Kind == MCARP && i >= nodes-1 && rapid.Bool().Draw(t, "one-way"):
			e.Cost[1], e.Serve[1] = Forbidden, Forbidden
		}
		if in.Required() < 6 && rapid.IntRange(0, 3).Draw(t, "required") > 0 || i == 0 {
			e.Required, e.Demand = true, int64(rapid.IntRange(1, 6).Draw(t, "demand"))
		}
		in.Edges = append(in.Edges, e)
	}
	switch in.Kind {
	case MCARP:
		in.Dump = 7
	case MinMax:
		in.Capacity, vehicles = math.MaxInt64, rapid.IntRange(1, 3).Draw(t, "vehicles")
	}
	return in, vehicles
}

// cheapest gives the cost of the best solution, by dynamic programming over sets
// of edges served; false if there is none.
func cheapest(t *rapid.T, in *Instance, vehicles int) (int64, bool) {
	e, err := NewEngine(in, vehicles)
	if err != nil {
		t.Fatal(err)
	}
	p, never := e.Problem, int64(Forbidden)
	n := len(p.Tasks)
	base := p.Units[0].Start
	type state struct{ set, place int32 }
	cost := map[state]int64{{0, base}: 0}
	route := make([]int64, 1<<n)
	for set := range int32(1 << n) {
		route[set] = never
		for place := range int32(p.Distances.Places()) {
			c, ok := cost[state{set, place}]
			if !ok || c >= never {
				continue
			}
			route[set] = min(route[set], c+int64(p.Distances.At(place, base)))
			for i, task := range p.Tasks {
				if set>>i&1 != 0 {
					continue
				}
				for _, w := range task.Ways {
					to := state{set | 1<<i, w.To}
					x := c + int64(p.Distances.At(place, w.From)) + int64(w.Cost)
					if old, ok := cost[to]; !ok || x < old {
						cost[to] = x
					}
				}
			}
		}
	}
	routes := n
	if vehicles > 0 {
		routes = vehicles
	}
	best := make([]int64, 1<<n)
	for set := range best {
		best[set] = never
	}
	best[0] = 0
	for range routes {
		next := append([]int64(nil), best...)
		for set := 1; set < 1<<n; set++ {
			for sub := set; sub > 0; sub = (sub - 1) & set {
				load := int64(0)
				for i, task := range p.Tasks {
					load += task.Demand * int64(sub>>i&1)
				}
				if load > in.Capacity {
					continue
				}
				c := route[sub] + in.Dump + best[set&^sub]
				if in.Kind == MinMax {
					c = max(route[sub], best[set&^sub])
				}
				next[set] = min(next[set], c)
			}
		}
		best = next
	}
	return best[1<<n-1], best[1<<n-1] < never
}

// TestBoundOfPublicInstances: no bound is above a cost that was published.
func TestBoundOfPublicInstances(t *testing.T) {
	for name, most := range map[string]int64{"gdb/gdb1.dat": 316, "val/val1A.dat": 173, "val/val10D.dat": 525, "mval/mval4C.txt": 630} {
		f, err := os.Open(filepath.Join(dataFolder(t), name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		kind := CARP
		if filepath.Ext(name) == ".txt" {
			kind = MCARP
		}
		in, err := Read(name, f, kind)
		if err != nil {
			t.Fatal(err)
		}
		bound, err := Bound(in, 0)
		if err != nil {
			t.Fatal(err)
		}
		if bound > most || float64(bound) < 0.85*float64(most) {
			t.Errorf("%s: bound %d, best known cost %d", name, bound, most)
		}
	}
}
