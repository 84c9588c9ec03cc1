package relay

import (
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
