package journal

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
)

// noisy draws fixes every ten seconds at places in metres east and north of a
// corner, with a receiver's error.
func noisy(seed uint64, error float64, places []orb.Point) []fleet.Fix {
	r := rand.New(rand.NewPCG(seed, 7))
	nan := math.NaN()
	out := make([]fleet.Fix, len(places))
	for i, p := range places {
		x, y := p[0]+error*r.NormFloat64(), p[1]+error*r.NormFloat64()
		out[i] = fleet.Fix{Unit: "C01", Device: "gps", Time: testDay.Start.Add(time.Duration(i) * 10 * time.Second), Seq: int64(i),
			Point: orb.Point{-79 + x/(metresPerDegree*math.Cos(8*math.Pi/180)), -8 + y/metresPerDegree},
			Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
		out[i].Received = out[i].Time
	}
	return out
}

// square is a fence of so many metres beside the corner, to the north-east.
func square(side float64) Fence {
	w, h := side/(metresPerDegree*math.Cos(8*math.Pi/180)), side/metresPerDegree
	return Fence{ID: "z", Name: "z", Kind: Sector, Geometry: orb.MultiPolygon{{{{-79, -8}, {-79 + w, -8}, {-79 + w, -8 + h}, {-79, -8 + h}, {-79, -8}}}}}
}

func still(n int, p orb.Point) []orb.Point {
	out := make([]orb.Point, n)
	for i := range out {
		out[i] = p
	}
	return out
}

// TestNoFlapping: a receiver's error of some metres makes no visits of standing
// at an edge and no trips of standing; going in, through and out is told once.
func TestNoFlapping(t *testing.T) {
	line := func(from, to orb.Point, n int) (out []orb.Point) {
		for i := range n {
			k := float64(i) / float64(n-1)
			out = append(out, orb.Point{from[0] + (to[0]-from[0])*k, from[1] + (to[1]-from[1])*k})
		}
		return out
	}
	for _, tt := range []struct {
		name   string
		side   float64 // of the fence
		error  float64
		places []orb.Point
		most   int // events of the fence
		visits int // exactly; -1: one at most
		stops  int // exactly; -1: any
	}{
		{"standing at the edge for hours", 400, 4, still(1000, orb.Point{0, 200}), 3, -1, 1},
		{"standing outside", 400, 4, still(1000, orb.Point{-30, 200}), 0, 0, 1},
		{"driving along the edge", 2000, 4, line(orb.Point{0, 0}, orb.Point{0, 2000}, 40), 3, -1, -1},
		{"driving through between two fixes", 60, 0, line(orb.Point{-200, 30}, orb.Point{260, 30}, 5), 2, 1, -1},
		{"a corner cut by a metre", 400, 0, []orb.Point{{-100, 101}, {101, -100}}, 0, 0, -1},
		{"a narrow gate", 20, 0, line(orb.Point{-100, 10}, orb.Point{120, 10}, 5), 2, 1, -1},
		{"parked just inside", 400, 0, append(still(3, orb.Point{-50, 200}), still(30, orb.Point{3, 200})...), 1, 1, 1},
		{"parked in a small base", 12, 1, append(still(3, orb.Point{-50, 6}), still(100, orb.Point{6, 6})...), 1, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := DefaultConfig()
			cfg.Fences = []Fence{square(tt.side)}
			for seed := range uint64(20) {
				d := Derive("C01", testDay, cfg, noisy(seed, tt.error, tt.places), testDay.End)
				n := 0
				for _, e := range d.Events {
					if e.Kind == FenceEnter || e.Kind == FenceExit {
						n++
					}
				}
				if n > tt.most || tt.visits >= 0 && len(d.Visits) != tt.visits || len(d.Visits) > 2 || tt.stops >= 0 && len(d.Stops) != tt.stops || len(d.Trips) > 1 {
					t.Errorf("seed %d: %d events, %d visits, %d stops, %d trips: %s", seed, n, len(d.Visits), len(d.Stops), len(d.Trips), fmt.Sprint(d.Stops))
				}
			}
		})
	}
}

// TestTurnAtTheEdge: a unit went over the edge when it did, not when that was sure.
func TestTurnAtTheEdge(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Fences = []Fence{square(400)}
	d := Derive("C01", testDay, cfg, noisy(1, 0, []orb.Point{{-6, 200}, {4, 200}, {9, 200}, {60, 200}}), testDay.Start.Add(31*time.Second))
	if want := testDay.Start.Add(6 * time.Second); len(d.Visits) != 1 || d.Visits[0].Start.Sub(want).Abs() > 50*time.Millisecond || !d.Visits[0].Began {
		t.Errorf("%+v", d.Visits)
	}
}
