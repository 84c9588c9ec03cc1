package carp

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/routing/arc"
)

const spanish = ` NOMBRE : small
 COMENTARIO : 99 (cota superior)
 ARISTAS_REQ : 7
 CAPACIDAD : 5
 COSTE_TOTAL_REQ : 1
 LISTA_ARISTAS_REQ :
 ( 1, 2)  coste 13 demanda 2
 ( 2, 3)  coste 17 demanda 3
 LISTA_ARISTAS_NOREQ :
 ( 1, 3)  coste 5
 DEPOSITO :   1
`

const mixed = `NAME : small
CAPACITY : 5
DUMPING_COST : 7
LIST_REQ_EDGES :
( 0, 1)  serv_cost 4  trav_cost 3  demand 2
LIST_REQ_ARCS :
( 1, 2)  serv_cost 6  trav_cost 5  demand 3
LIST_NOREQ_ARCS :
( 2, 0)  cost 9
DEPOT : 0
`

const windy = ` NOMBRE :small
 LISTA_ARISTAS_REQ :
 (  1,  2)   coste    4     5
 LISTA_ARISTAS_NOREQ :
 (  2,  3)   coste   12     999999999
 (  3,  1)   coste   2     8
`

func TestRead(t *testing.T) {
	no := [2]int64{Forbidden, Forbidden}
	for _, c := range []struct {
		name, text string
		kind       Kind
		want       Instance
	}{
		{"Spanish", spanish, CARP, Instance{Name: "small", Kind: CARP, Depot: 1, Capacity: 5, Edges: []Edge{
			{U: 1, V: 2, Cost: [2]int64{13, 13}, Serve: [2]int64{13, 13}, Demand: 2, Required: true, Line: 7},
			{U: 2, V: 3, Cost: [2]int64{17, 17}, Serve: [2]int64{17, 17}, Demand: 3, Required: true, Line: 8},
			{U: 1, V: 3, Cost: [2]int64{5, 5}, Serve: [2]int64{5, 5}, Line: 10},
		}}},
		{"mixed", mixed, MCARP, Instance{Name: "small", Kind: MCARP, Depot: 0, Capacity: 5, Dump: 7, Edges: []Edge{
			{U: 0, V: 1, Cost: [2]int64{3, 3}, Serve: [2]int64{4, 4}, Demand: 2, Required: true, Line: 5},
			{U: 1, V: 2, Cost: [2]int64{5, no[0]}, Serve: [2]int64{6, no[0]}, Demand: 3, Required: true, Line: 7},
			{U: 2, V: 0, Cost: [2]int64{9, no[0]}, Serve: [2]int64{9, no[0]}, Line: 9},
		}}},
		{"windy", windy, MinMax, Instance{Name: "small", Kind: MinMax, Depot: 1, Capacity: 1<<63 - 1, Edges: []Edge{
			{U: 1, V: 2, Cost: [2]int64{4, 5}, Serve: [2]int64{4, 5}, Required: true, Line: 3},
			{U: 2, V: 3, Cost: [2]int64{12, no[0]}, Serve: [2]int64{12, no[0]}, Line: 5},
			{U: 3, V: 1, Cost: [2]int64{2, 8}, Serve: [2]int64{2, 8}, Line: 6},
		}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in, err := Read("folder/small.dat", strings.NewReader(c.text), c.kind)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, *in); diff != "" {
				t.Errorf("instance (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       Kind
		want       string
	}{
		{"two costs", strings.Replace(spanish, "coste 5", "coste 5 6", 1), CARP, "f.dat:10: 2 costs"},
		{"one cost", spanish, MinMax, "f.dat:7: 1 costs"},
		{"no demand", strings.Replace(spanish, "demanda 2", "", 1), CARP, "f.dat:7: 0 demands"},
		{"too heavy", strings.Replace(spanish, "demanda 2", "demanda 6", 1), CARP, "f.dat:7: demand 6"},
		{"negative", strings.Replace(spanish, "coste 13", "coste -13", 1), CARP, "f.dat:7: -13 is out of range"},
		{"no capacity", strings.Replace(spanish, "CAPACIDAD", "X", 1), CARP, "f.dat: no capacity"},
		{"odd capacity", strings.Replace(spanish, "CAPACIDAD : 5", "CAPACIDAD : five", 1), CARP, `f.dat:4: CAPACIDAD is "five"`},
		{"no depot", strings.Replace(spanish, "DEPOSITO", "X", 1), CARP, "f.dat: no depot"},
		{"depot off the map", strings.Replace(spanish, "DEPOSITO :   1", "DEPOSITO : 8", 1), CARP, "f.dat: depot 8"},
		{"no list", strings.Replace(spanish, "LISTA_ARISTAS_REQ", "X", 1), CARP, "f.dat:7: an edge outside"},
		{"nothing", "", CARP, "f.dat: no required edges"},
		{"no way back", strings.Replace(mixed, "( 2, 0)", "( 2, 3)", 1), MCARP, "f.dat:7: no way"},
		{"unknown problem", spanish, "tsp", "unknown problem"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("f.dat", strings.NewReader(c.text), c.kind)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v; it should begin with %q", err, c.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	in, err := Read("small.dat", strings.NewReader(mixed), MCARP)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, walks string
		score       Score
		want        string
	}{
		{"one route", "0=1 1=2 2-0\n", Score{26, 19, 1}, ""},
		{"two routes", "0=1 1-2 2-0\n0-1 1=2 2-0\n", Score{18 + 18 + 14, 18, 2}, ""},
		{"not served", "0=1 1-2 2-0\n", Score{}, "edge 1-2 is not served"},
		{"twice", "0=1 1=2 2-0\n0=1 1-0\n", Score{}, "no edge from 0 to 1 that is open"},
		{"against the one-way", "0=1 1=2 2-1 1-0\n", Score{}, "no edge from 2 to 1"},
		{"gap", "0=1 2-0\n", Score{}, "the vehicle is at 1"},
		{"not home", "0=1 1=2\n", Score{}, "ends at 2"},
		{"empty", "\n0=1 1=2 2-0\n", Score{}, "route 1 is empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			walks, err := ReadWalks("small.sol", strings.NewReader(c.walks))
			if err != nil {
				t.Fatal(err)
			}
			score, err := Check(in, walks)
			if c.want == "" && (err != nil || score != c.score) {
				t.Errorf("%+v, %v; want %+v", score, err, c.score)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error %v; it should say %q", err, c.want)
			}
		})
	}
	in.Capacity = 4
	walks, _ := ReadWalks("small.sol", strings.NewReader("0=1 1=2 2-0"))
	if _, err := Check(in, walks); err == nil || !strings.Contains(err.Error(), "above the capacity") {
		t.Errorf("overload: %v", err)
	}
}

// TestPublicInstances solves small public instances for a few steps and has the
// walks, written and read again, added up independently.
func TestPublicInstances(t *testing.T) {
	for _, c := range []struct {
		pattern  string
		kind     Kind
		vehicles int
		most     int // files
	}{
		{"gdb/*.dat", CARP, 0, 23},
		{"val/*.dat", CARP, 0, 8},
		{"mval/*.txt", MCARP, 0, 8},
		{"mm-kwrpp/P*", MinMax, 3, 72},
	} {
		files, err := filepath.Glob(filepath.Join(dataFolder(t), c.pattern))
		if err != nil || len(files) < c.most {
			t.Fatalf("%s: %d files, %v", c.pattern, len(files), err)
		}
		for _, file := range files[:c.most] {
			t.Run(filepath.Base(file), func(t *testing.T) { solved(t, file, c.kind, c.vehicles) })
		}
	}
}

func solved(t *testing.T, file string, kind Kind, vehicles int) {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := Read(file, f, kind)
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(in, vehicles)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := arc.Improve(t.Context(), e.Problem, arc.Plan{}, arc.Config{Seed: 1, Iterations: 300})
	if err != nil {
		t.Fatal(err)
	}
	walks, err := e.Walks(plan)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteWalks(&b, walks); err != nil {
		t.Fatal(err)
	}
	again, err := ReadWalks(file, &b)
	if err != nil {
		t.Fatal(err)
	}
	score, err := Check(in, again)
	if err != nil {
		t.Fatal(err)
	}
	if score.Total != plan.Total || score.Longest+in.Dump != plan.Longest || vehicles > 0 && score.Routes > vehicles {
		t.Errorf("walks: %+v; plan: total %d, longest %d, %d routes", score, plan.Total, plan.Longest, len(plan.Routes))
	}
}

// dataFolder is where the public instances are, or skips the test.
func dataFolder(t *testing.T) string {
	t.Helper()
	root := os.Getenv("SERENAZGO_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	dir := filepath.Join(root, "arc")
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		t.Skipf("no folder %s: set SERENAZGO_DATA to the one that holds the public data", dir)
	}
	return dir
}

// FuzzRead: what can be read can be posed, solved and checked, and costs no less
// than the bound.
func FuzzRead(f *testing.F) {
	f.Add(spanish, 0)
	f.Add(mixed, 1)
	f.Add(windy, 2)
	f.Fuzz(func(t *testing.T, text string, kind int) {
		in, err := Read("f", strings.NewReader(text), []Kind{CARP, MCARP, MinMax}[uint(kind)%3])
		if err != nil || len(in.Edges) > 30 {
			return
		}
		vehicles := 0
		if in.Kind == MinMax {
			vehicles = 2
		}
		e, err := NewEngine(in, vehicles)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := arc.Improve(t.Context(), e.Problem, arc.Plan{}, arc.Config{Iterations: 20})
		if err != nil {
			t.Fatal(err)
		}
		walks, err := e.Walks(plan)
		if err != nil {
			t.Fatal(err)
		}
		score, err := Check(in, walks)
		if plan.Skipped != nil {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		bound, err := Bound(in, vehicles)
		if err != nil {
			t.Fatal(err)
		}
		cost := score.Total
		if in.Kind == MinMax {
			cost = score.Longest
		}
		if bound > cost {
			t.Fatalf("cost %d is below the bound %d", cost, bound)
		}
	})
}

// FuzzReadWalks: what is read is written the same.
func FuzzReadWalks(f *testing.F) {
	f.Add("0=1 1=2 2-0\n")
	f.Fuzz(func(t *testing.T, text string) {
		walks, err := ReadWalks("f", strings.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteWalks(&b, walks); err != nil {
			t.Fatal(err)
		}
		again, err := ReadWalks("f", &b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(walks, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
