package match

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

func TestCollapse(t *testing.T) {
	begun := time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)
	const degree = math.Pi / 180 * orb.EarthRadius
	// at is a fix some seconds after the start, metres east of a place.
	at := func(seconds, metres float64) Fix {
		return Fix{Time: begun.Add(time.Duration(seconds * float64(time.Second))), Point: orb.Point{-79 + metres/degree, 0}, Speed: 3}
	}
	// wander stays for so long around a place, 10 m to either side.
	wander := func(from, to, metres float64) (out []Fix) {
		for s := from; s <= to; s += 10 {
			out = append(out, at(s, metres+10*math.Sin(s)))
		}
		return out
	}
	for _, tt := range []struct {
		name string
		in   []Fix
		want int // fixes that are put into one place
	}{
		{"nothing", nil, 0},
		{"a stop between drives", append(append([]Fix{at(0, 0), at(10, 60)}, wander(20, 260, 200)...), at(270, 300), at(280, 400)), 25},
		{"too short", wander(0, 170, 0), 0},
		{"slow, not standing", func() (out []Fix) {
			for s := 0.0; s < 600; s += 10 {
				out = append(out, at(s, s))
			}
			return out
		}(), 0},
		{"silent for longer than anybody stands unheard", []Fix{at(0, 0), at(400, 1)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := DefaultConfig(routing.Car)
			if got := collapse(tt.in, &cfg); len(got) > 0 && &got[0] != &tt.in[0] {
				t.Error("collapsed as fixes come, when nobody knows who will stay")
			}
			cfg = cfg.OffLine()
			was := append([]Fix(nil), tt.in...)
			got := collapse(tt.in, &cfg)
			stood := 0
			for i, f := range got {
				if !f.Time.Equal(was[i].Time) || tt.in[i] != was[i] {
					t.Fatalf("fix %d: %v of %v; times must stay, and the fixes given", i, f, was[i])
				}
				if f.Speed == 0 {
					stood++
					if d := distance(f.Point, was[i].Point); d > cfg.StopRadius {
						t.Errorf("fix %d was moved by %.0f m", i, d)
					}
				}
			}
			if stood != tt.want {
				t.Errorf("%d fixes put into one place, want %d", stood, tt.want)
			}
		})
	}
}
