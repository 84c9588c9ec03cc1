package hotspots

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// someTown has incidents of two kinds at their own places over some years.
func someTown(t testing.TB, n int) (*Grid, []Incident, Target) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8, .012)}, 10)
	r := rand.New(rand.NewPCG(7, 7))
	start := time.Date(2026, 6, 1, 22, 0, 0, 0, time.UTC)
	var ins []Incident
	for range n {
		kind, cell := "Hurto", r.IntN(g.Len()/8)
		switch r.IntN(5) {
		case 0:
			kind, cell = "Robo agravado a mano armada", g.Len()-1-r.IntN(g.Len()/20)
		case 1:
			cell = r.IntN(g.Len())
		}
		ins = append(ins, Incident{Type: [3]string{"", "", kind}, At: start.Add(-time.Duration(r.IntN(800*24*60)) * time.Minute), Point: g.Centre(cell)})
	}
	return g, ins, Target{Start: start, End: start.Add(8 * time.Hour), Loc: time.UTC}
}

// TestAdd: an incident that is added gives the forecast that it would have given
// from the beginning; one of before the window's day is left to a new fit.
func TestAdd(t *testing.T) {
	for _, model := range []string{"", mixType, mixContext} {
		t.Run(model, func(t *testing.T) { testAdd(t, model) })
	}
}

func testAdd(t *testing.T, model string) {
	g, ins, target := someTown(t, 1200)
	target.Model = model
	target.Known = target.Start.Add(3 * time.Hour)
	late := []Incident{
		{Type: [3]string{"Robo"}, At: target.Start.Add(time.Hour), Point: g.Centre(3)},
		{Type: [3]string{"Hurto"}, At: target.Start.Add(-10 * time.Hour), Until: target.Start.Add(-2 * time.Hour), Point: g.Centre(40)},
		{Type: [3]string{"Hurto"}, At: target.Start.Add(-10 * time.Hour), Point: orb.Point{0, 0}},
	}
	f, err := NewFit(g, ins, target)
	if err != nil {
		t.Fatal(err)
	}
	before := f.Surface()
	before.Harm(nil) // the groups learn too
	for i, in := range late {
		if !f.Add(in) {
			t.Fatalf("incident %d wants a new fit", i)
		}
	}
	if f.Add(Incident{At: target.Start.Add(-40 * time.Hour), Point: g.Centre(0)}) {
		t.Error("an incident of two days before was added to weights that do not know it")
	}
	whole, err := Forecast(g, append(ins, late...), target)
	if err != nil {
		t.Fatal(err)
	}
	got := f.Surface()
	if got.Sample != whole.Sample || math.Abs(got.Total-whole.Total) > 1e-9 {
		t.Errorf("%d incidents, %v expected; from the beginning %d and %v", got.Sample, got.Total, whole.Sample, whole.Total)
	}
	a, b := got.Harm(nil), whole.Harm(nil)
	for i := range got.Share {
		if math.Abs(got.Share[i]-whole.Share[i]) > 1e-12 || math.Abs(a.Expected[i]-b.Expected[i]) > 1e-9 || got.Count90[i] != whole.Count90[i] {
			t.Fatalf("cell %d: %v and %v, harm %v and %v", i, got.Share[i], whole.Share[i], a.Expected[i], b.Expected[i])
		}
	}
	if got.Share[3] <= before.Share[3] {
		t.Error("an incident of the last hour did not raise its cell")
	}
}

// TestHarm: the groups' forecasts add up to that of all in number, go their own
// way in place, and the weight decides what comes first.
func TestHarm(t *testing.T) {
	g, ins, target := someTown(t, 3000)
	s, err := Forecast(g, ins, target)
	if err != nil {
		t.Fatal(err)
	}
	h := s.Harm(nil)
	sum, weighed := 0.0, 0.0
	for _, v := range h.Groups {
		sum += v.Total
		own := 0.0
		for _, x := range v.Expected {
			own += x
			weighed += v.Harm * x
		}
		if math.Abs(own-v.Total) > 1e-9 {
			t.Errorf("%s: cells add up to %v of %v", v.Name, own, v.Total)
		}
	}
	if math.Abs(sum-s.Total) > 1e-9 || math.Abs(weighed-h.Total) > 1e-6 {
		t.Errorf("groups add up to %v of %v, harm %v of %v", sum, s.Total, weighed, h.Total)
	}
	first := func(x []float64) int {
		best := 0
		for i := range x {
			if x[i] > x[best] {
				best = i
			}
		}
		return best
	}
	thief, robber := first(s.Expected), first(h.Expected)
	if thief >= g.Len()/8 && robber < g.Len()-g.Len()/20 {
		t.Errorf("most incidents in cell %d, most harm in %d", thief, robber)
	}
	alike := HarmTable{}
	for _, k := range Catalogue() {
		alike[k.Code] = 1
	}
	one := s.Harm(alike)
	if math.Abs(one.Total-s.Total) > 1e-9 {
		t.Errorf("with every weight 1 the harm is %v, the incidents are %v", one.Total, s.Total)
	}
}

// TestHarmHidesVictims: sexual and family violence has the place of all
// incidents, so that its weight leads to no cell.
func TestHarmHidesVictims(t *testing.T) {
	g, ins, target := someTown(t, 1000)
	s, err := Forecast(g, ins, target)
	if err != nil {
		t.Fatal(err)
	}
	home := g.Len() / 2
	for d := range 30 {
		ins = append(ins, Incident{Type: [3]string{"Violencia sexual"}, At: target.Start.AddDate(0, 0, -1-d), Point: g.Centre(home)})
	}
	with, err := Forecast(g, ins, target)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range with.Harm(nil).Groups {
		if v.Name == "sexual" {
			for i, x := range v.Expected {
				if math.Abs(x-v.Total*with.Share[i]) > 1e-12 {
					t.Fatalf("cell %d: %v", i, x)
				}
			}
			return
		}
	}
	t.Errorf("the group is missing; %d incidents before", s.Sample)
}

// TestModels: each model that a backtest can choose forecasts.
func TestModels(t *testing.T) {
	g, ins, target := someTown(t, 600)
	for _, model := range Densities() {
		target.Model = model
		s, err := Forecast(g, ins, target)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, v := range s.Share {
			sum += v
		}
		if s.Model != model || math.Abs(sum-1) > 1e-9 || len(s.Why(0)) == 0 || s.Spread() == nil {
			t.Errorf("%s: model %s, shares add up to %v", model, s.Model, sum)
		}
		if h := s.Harm(nil); math.Abs(h.Total) < s.Total {
			t.Errorf("%s: harm %v of %v incidents", model, h.Total, s.Total)
		}
	}
	target.Model = "gistar"
	if _, err := Forecast(g, ins, target); err == nil {
		t.Error("a label was taken for a forecast")
	}
}

// BenchmarkLive is one incident as it happens, and BenchmarkSurface the forecast
// that shows it.
func BenchmarkLive(b *testing.B) {
	g, ins, target := someTown(b, 5000)
	f, err := NewFit(g, ins, target)
	if err != nil {
		b.Fatal(err)
	}
	in := Incident{Type: [3]string{"Robo"}, At: target.Start.Add(-time.Hour), Point: g.Centre(5)}
	for b.Loop() {
		if !f.Add(in) {
			b.Fatal("not added")
		}
	}
}

func BenchmarkSurface(b *testing.B) {
	g, ins, target := someTown(b, 5000)
	f, err := NewFit(g, ins, target)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f.Surface()
	}
}

// TestCellsAt holds the cells of many points against those of each.
func TestCellsAt(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8, 0.02)}, 10)
	rng := rand.New(rand.NewPCG(1, 2))
	points := make([]orb.Point, 3001)
	for i := range points {
		points[i] = orb.Point{-79 + 0.05*(rng.Float64()-0.5), -8 + 0.05*(rng.Float64()-0.5)}
	}
	at := func(i int) orb.Point { return points[i] }
	in, near := g.CellsAt(len(points), at), g.NearestTo(len(points), at)
	for i, p := range points {
		if c, ok := g.CellAt(p); ok != (in[i] >= 0) || ok && int(in[i]) != c {
			t.Fatalf("%v is in cell %d, alone in %d (%v)", p, in[i], c, ok)
		}
		if c, ok := g.Nearest(p); ok != (near[i] >= 0) || ok && int(near[i]) != c {
			t.Fatalf("%v counts for cell %d, alone for %d (%v)", p, near[i], c, ok)
		}
	}
}

// BenchmarkFitCity fits a forecast to the incidents of eight years in a city of
// many cells.
func BenchmarkFitCity(b *testing.B) {
	g := mustGrid(b, orb.MultiPolygon{box(-79, -8, .135)}, 10)
	r := rand.New(rand.NewPCG(3, 4))
	start := time.Date(2026, 6, 1, 22, 0, 0, 0, time.UTC)
	ins := make([]Incident, 150_000)
	for i := range ins {
		cell := int(float64(g.Len()) * math.Pow(r.Float64(), 3))
		ins[i] = Incident{Type: [3]string{"Robo"}, At: start.Add(-time.Duration(r.Int64N(int64(8 * 365 * 24 * time.Hour)))), Point: g.Centre(cell)}
	}
	for b.Loop() {
		f, err := NewFit(g, ins, Target{Start: start, End: start.Add(8 * time.Hour)})
		if err != nil {
			b.Fatal(err)
		}
		f.Surface()
	}
	b.ReportMetric(float64(g.Len()), "cells")
}
