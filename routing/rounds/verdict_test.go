package rounds

import (
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"pgregory.net/rapid"
)

func TestJudge(t *testing.T) {
	car := Unit{Mode: routing.Car, Speed: 5, End: 3600}
	moto := Unit{Mode: routing.Motorcycle, Speed: 10, End: 3600}
	fleet := func(cars, motos int) (out []Unit) {
		for range cars {
			out = append(out, car)
		}
		for range motos {
			out = append(out, moto)
		}
		return out
	}
	tests := []struct {
		name    string
		bounds  Bounds
		units   []Unit
		stops   float64
		ceiling float64
		limit   Limit
		enough  []Enough
	}{
		{"one car does it", Bounds{Street: 15000, Floor: 3000}, fleet(1, 0), 0, 1, NoLimit, []Enough{{routing.Car, 1, 1, 2}}},
		{"two cars short", Bounds{Street: 45000, Floor: 9000}, fleet(1, 0), 0, 0.4, TimeLimit, []Enough{{routing.Car, 1, 3, 4}}},
		{"stops take time", Bounds{Street: 15000, Floor: 3000}, fleet(1, 0), 1800, 0.6, TimeLimit, []Enough{{routing.Car, 1, 2, 2}}},
		{"each mode alone", Bounds{Street: 60000, Floor: 12000}, fleet(1, 1), 0, 0.85, TimeLimit,
			[]Enough{{routing.Car, 1, 2, 3}, {routing.Motorcycle, 1, 2, 2}}},
		{"too far", Bounds{Street: 10000, TooFar: 1000}, fleet(1, 0), 0, 0.9, DistantLimit, []Enough{{routing.Car, 1, 1, 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := tt.bounds.Judge(tt.units, tt.stops, 0.05)
			if math.Abs(v.Ceiling-tt.ceiling) > 0.03 || v.Limit != tt.limit {
				t.Errorf("ceiling %.3f by %s, want %.3f by %s", v.Ceiling, v.Limit, tt.ceiling, tt.limit)
			}
			if len(v.Enough) != len(tt.enough) {
				t.Fatalf("got %v, want %v", v.Enough, tt.enough)
			}
			for i := range v.Enough {
				if v.Enough[i] != tt.enough[i] {
					t.Errorf("got %v, want %v", v.Enough[i], tt.enough[i])
				}
			}
		})
	}
}

// TestEnoughIsLeast counts units up until the bound says everything.
func TestEnoughIsLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Bounds{Street: rapid.Float64Range(1000, 500000).Draw(t, "street")}
		b.Floor = b.Street * rapid.Float64Range(0, 0.5).Draw(t, "floor")
		u := Unit{Mode: routing.Car, Speed: 5, End: 8 * 3600, Break: 2700}
		units := []Unit{u}
		for range rapid.IntRange(0, 3).Draw(t, "feet") {
			units = append(units, Unit{Mode: routing.Foot, Speed: 1.1, End: 4 * 3600})
		}
		stops := rapid.Float64Range(0, 20000).Draw(t, "stops")
		got := b.Judge(units, stops, 0).Enough[0].AtLeast
		for n := 0; ; n++ {
			var fleet []Unit
			for range n {
				fleet = append(fleet, u)
			}
			if fleet = append(fleet, units[1:]...); canDrive(fleet, stops) >= b.Street+b.Floor {
				if n != got {
					t.Fatalf("%d cars suffice, got %d", n, got)
				}
				return
			}
		}
	})
}

func TestGapBound(t *testing.T) {
	for _, tt := range []struct {
		shift, stood float64
		visits       int
		want         float64
	}{{28800, 0, 0, 28800}, {28800, 3800, 4, 5000}, {600, 900, 1, 0}} {
		if got := GapBound(tt.shift, tt.stood, tt.visits); got != tt.want {
			t.Errorf("%v: got %g", tt, got)
		}
	}
}
