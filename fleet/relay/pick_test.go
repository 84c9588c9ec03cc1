package relay

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestDailyCap: of a stuck button's alarms the platform gets what it takes in a
// day, and what it does not get is told. The next local day begins anew.
func TestDailyCap(t *testing.T) {
	s := Defaults()
	s.Vehicles["C01"] = Vehicle{IMEI: "356307042441013", Plate: "EGA-123"}
	begin := time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC) // 20:00 in Lima: the day ends after four hours
	on := true
	var fixes []fleet.Fix
	for i := range 5 * 3600 {
		at := begin.Add(time.Duration(i) * time.Second)
		fixes = append(fixes, fleet.Fix{Device: "gps", Time: at, Seq: int64(i), Received: at, Ignition: &on, Speed: 1, Event: "sos", Point: orb.Point{-79, -8.08 + float64(i)*1e-7}})
	}
	var c Cursor
	points, lost := 0, 0
	for len(fixes) > 0 { // in passes
		n := min(1000, len(fixes))
		var out []Queued
		var gaps []Gap
		news := map[Key]bool{}
		for _, f := range fixes[:n] {
			news[KeyOf(f)] = true
		}
		c, out, gaps = s.pick("130102", "C01", c, fixes[:n], news)
		fixes = fixes[n:]
		points += len(out)
		for _, g := range gaps {
			if g.Reason != Capped {
				t.Errorf("%+v", g)
			}
			lost += g.Points
		}
	}
	if want := PerDay + 3600; points != want || lost != 4*3600-PerDay {
		t.Errorf("%d points, %d lost; want %d and %d", points, lost, want, 4*3600-PerDay)
	}
}

// What the vehicle's odometer and its clock of the engine show goes before what
// was summed up, as long as the device is the same; a point that came late has
// its own reading.
func TestTotalsOfTheDevice(t *testing.T) {
	s := Defaults()
	s.Vehicles["C01"] = Vehicle{IMEI: "356307042441013", Plate: "EGA-123"}
	begin := time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC)
	at := func(i int, device string, odometer, engine float64) fleet.Fix {
		when := begin.Add(time.Duration(i) * time.Minute)
		return fleet.Fix{Device: device, Time: when, Seq: int64(i), Received: when, Ignition: new(true), Speed: 10, Point: orb.Point{-79, -8 - float64(i)*1e-3}, Odometer: odometer, Engine: engine}
	}
	var c Cursor
	take := func(f fleet.Fix) Point {
		t.Helper()
		var out []Queued
		if c, out, _ = s.pick("130102", "C01", c, []fleet.Fix{f}, map[Key]bool{KeyOf(f): true}); len(out) != 1 {
			t.Fatalf("%d points", len(out))
		}
		return out[0].Point
	}
	for _, tt := range []struct {
		name          string
		fix           fleet.Fix
		metres, hours float64
	}{
		{"nothing told", at(0, "gps", 0, 0), 0, 0},
		{"its odometer", at(2, "gps", 184_467_500, 0), 184_467_500, 0.033},
		{"told before", at(3, "gps", 0, 0), 184_467_500, 0.05},
		{"late, its own", at(1, "gps", 184_467_000, 3600), 184_467_000, 1},
		{"and its engine", at(4, "gps", 184_467_800, 7200), 184_467_800, 2},
		{"of another device", at(5, "other", 0, 36_000), 555.9, 10},
	} {
		p := take(tt.fix)
		if math.Abs(p.TotalDistance-tt.metres) > 1 || math.Abs(p.TotalEngineHours-tt.hours) > 1e-9 {
			t.Errorf("%s: %g m, %g h; want %g, %g", tt.name, p.TotalDistance, p.TotalEngineHours, tt.metres, tt.hours)
		}
	}
}
