package match

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"pgregory.net/rapid"
)

// normal is the density of a normal number of the deviation, in nats.
func normal(x, deviation float64) float64 {
	return -0.5*(x/deviation)*(x/deviation) - math.Log(deviation*math.Sqrt(2*math.Pi))
}

// TestLastingIsConditional sets lasting beside the density of two numbers of
// which each is a share of two errors, less the densities of both alone.
func TestLastingIsConditional(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		toward := func(name string) (east, north float64) {
			return math.Sincos(rapid.Float64Range(0, 2*math.Pi).Draw(t, name))
		}
		var a, b state
		a.east, a.north = toward("from")
		b.east, b.north = toward("to")
		a.side = rapid.Float64Range(-40, 40).Draw(t, "side before")
		b.side = rapid.Float64Range(-40, 40).Draw(t, "side")
		memory, sigma := rapid.Float64Range(0, 0.95).Draw(t, "memory"), rapid.Float64Range(3, 20).Draw(t, "sigma")
		// The error (e, n) lies e·north − n·east to the right, and the later one is
		// memory times the earlier one and something of its own.
		covariance := sigma * sigma * memory * (a.north*b.north + a.east*b.east)
		given := covariance / (sigma * sigma) * a.side
		left := math.Sqrt(sigma*sigma - covariance*covariance/(sigma*sigma))
		want := normal(b.side-given, left) - normal(b.side, sigma)
		if got := lasting(&a, &b, memory, sigma); math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
			t.Fatalf("%v nats, want %v", got, want)
		}
	})
}

func TestMemoryFades(t *testing.T) {
	c := Config{Memory: 10 * time.Second}
	at := func(s float64) Fix { return Fix{Time: time.Unix(1e9, 0).Add(time.Duration(s * float64(time.Second)))} }
	for _, tt := range []struct{ seconds, want float64 }{{0, 0}, {5, math.Exp(-0.5)}, {10, 1 / math.E}, {1000, 0}} {
		if got := c.memory(at(0), at(tt.seconds)); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("after %v s: %v, want %v", tt.seconds, got, tt.want)
		}
	}
	c.Memory = 0
	if got := c.memory(at(0), at(5)); got != 0 {
		t.Errorf("without a memory: %v", got)
	}
}

// lanes makes a street to the east and its side lane, 14 m north of it, which
// cross over to each other every 100 m.
func lanes(t *testing.T) *routing.Graph {
	t.Helper()
	g := &routing.Graph{}
	place := func(east, north float64) orb.Point { return orb.Point{-79 + east/110000, -8 + north/111195} }
	const n = 9
	for lane := range 2 {
		for i := range n {
			g.Nodes = append(g.Nodes, routing.Node{OSM: int64(len(g.Nodes) + 1), Point: place(100*float64(i), 14*float64(lane))})
		}
	}
	add := func(from, to int, name string, both bool) {
		l := orb.LineString{g.Nodes[from].Point, g.Nodes[to].Point}
		s := routing.Segment{
			ID: fmt.Sprint(from, "-", to), From: routing.NodeID(from), To: routing.NodeID(to), Line: l, Length: geo.Length(l),
			Name: name, Class: routing.Residential, Forward: routing.AllModes, Belongs: true,
		}
		if both {
			s.Backward = routing.AllModes
		}
		g.Segments = append(g.Segments, s)
	}
	for i := range n - 1 {
		add(i, i+1, "Avenida", false)
		add(n+i, n+i+1, "Auxiliar", false)
	}
	for i := range n - 1 { // slip roads both ways
		add(i, n+i+1, "", false)
		add(n+i, i+1, "", false)
	}
	if err := g.Build(); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestErrorsThatLast drives the street while the receiver's error wanders to the
// side lane and back. Taken one by one, the fixes of the middle lie on the lane.
func TestErrorsThatLast(t *testing.T) {
	g := lanes(t)
	off := []float64{0, 0, 1, 2, 4, 6, 8, 9, 10, 10, 10, 9, 8, 6, 4, 2, 1, 0, 0, -1, 0, 0}
	var fixes []Fix
	for i, north := range off {
		nan := math.NaN()
		fixes = append(fixes, Fix{
			Time: time.Unix(1e9+int64(5*i), 0), Point: orb.Point{-79 + (10+35*float64(i))/110000, -8 + north/111195},
			Speed: nan, Course: nan, Accuracy: nan,
		})
	}
	onLane := func(memory time.Duration, aside float64) float64 {
		c := DefaultConfig(routing.Car).OffLine()
		c.Memory, c.Aside, c.Sigma = memory, aside, 6
		ts, err := Match(g, c, fixes)
		if err != nil {
			t.Fatal(err)
		}
		metres := 0.0
		for _, e := range Edges(g, ts, 0) {
			if g.Segment(e.Arc).Name != "Avenida" {
				metres += e.To - e.From
			}
		}
		return metres
	}
	c := DefaultConfig(routing.Car)
	if got := onLane(c.Memory, c.Aside); got != 0 {
		t.Errorf("%.0f m beside the street, want none", got)
	}
	if got := onLane(0, 0); got == 0 {
		t.Error("fixes taken one by one stay on the street: this track asks nothing")
	}
}

func TestAside(t *testing.T) {
	g := lanes(t)
	m, err := New(g, DefaultConfig(routing.Car))
	if err != nil {
		t.Fatal(err)
	}
	on := func(east, north float64, name string) *state {
		for _, s := range m.appendStates(nil, Fix{Time: time.Unix(1e9, 0), Point: orb.Point{-79 + east/110000, -8 + north/111195}, Speed: math.NaN(), Course: math.NaN(), Accuracy: math.NaN()}) {
			if g.Segment(s.arc).Name == name {
				return &s
			}
		}
		t.Fatalf("no %s at %v, %v", name, east, north)
		return nil
	}
	here := on(50, 0, "Avenida")
	for name, tt := range map[string]struct {
		to   *state
		want float64
	}{
		"on along it":      {on(90, 0, "Avenida"), 0},
		"further along it": {on(150, 0, "Avenida"), 0},
		"to the side lane": {on(150, 14, "Auxiliar"), 1},
	} {
		if got := m.aside(here, tt.to); got != tt.want {
			t.Errorf("%s: %v nats, want %v", name, got, tt.want)
		}
	}
	turned := *on(150, 14, "Auxiliar")
	turned.east, turned.north = turned.north, turned.east
	if got := m.aside(here, &turned); got != 0 {
		t.Errorf("round a corner: %v nats, want 0", got)
	}
}
