package track_test

import (
	"bytes"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/track"
	"github.com/serenazgo/serenazgo/fleet/track/tracktest"
)

var begin = time.Date(2026, 11, 21, 11, 0, 0, 0, time.UTC)

// at gives where a trail says that the unit was at an instant.
func at(t testing.TB, trail []track.Point, when time.Time) orb.Point {
	i, exact := slices.BinarySearchFunc(trail, when, func(p track.Point, w time.Time) int { return p.Time.Compare(w) })
	if exact {
		return trail[i].Point
	}
	if i == 0 || i == len(trail) {
		t.Fatalf("%s is outside the trail", when)
	}
	a, b := trail[i-1], trail[i]
	part := float64(when.Sub(a.Time)) / float64(b.Time.Sub(a.Time))
	return orb.Point{a.Point[0] + (b.Point[0]-a.Point[0])*part, a.Point[1] + (b.Point[1]-a.Point[1])*part}
}

// TestThinKeepsTime: at the instant of every point, the thinned trail is within
// the tolerance; speeds and gaps are not lost.
func TestThinKeepsTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, tolerance := rapid.IntRange(1, 60).Draw(rt, "n"), rapid.Float64Range(1, 40).Draw(rt, "tolerance")
		var in []track.Point
		when, p := begin, orb.Point{-79, -8.08}
		gaps := 0
		for range n {
			step := rapid.IntRange(1, 60).Draw(rt, "seconds")
			if rapid.IntRange(0, 19).Draw(rt, "silent") == 0 {
				step = 400
				if len(in) > 0 {
					gaps++
				}
			}
			when = when.Add(time.Duration(step) * time.Second)
			p[0] += rapid.Float64Range(-1e-4, 3e-4).Draw(rt, "dx")
			p[1] += rapid.Float64Range(-1e-4, 1e-4).Draw(rt, "dy")
			in = append(in, track.Point{Time: when, Point: p, Speed: rapid.Float64Range(0, 30).Draw(rt, "v")})
		}
		out := track.Thin(in, tolerance)
		for _, x := range in {
			if d := geo.Distance(at(t, out, x.Time), x.Point); d > tolerance*1.001 {
				rt.Fatalf("at %s the thinned trail is %.2f m off, more than %.2f", x.Time, d, tolerance)
			}
		}
		top := func(ps []track.Point) (v float64) {
			for _, x := range ps {
				v = math.Max(v, x.Speed)
			}
			return v
		}
		if top(in) != top(out) {
			rt.Fatalf("the highest speed was %v and is %v", top(in), top(out))
		}
		for _, x := range out {
			if x.Gap {
				gaps--
			}
		}
		if gaps != 0 {
			rt.Fatalf("%d gaps too few", gaps)
		}
	})
}

func TestThinOfADrive(t *testing.T) {
	d := tracktest.Drive{Unit: "C01", Device: "gps", From: begin, Interval: 10 * time.Second, Fixes: 2880, Seed: 3, Noise: 4}
	p := track.Of("C01", begin, begin.Add(8*time.Hour), d.All())
	if p.Track.Fixes != 2880 || p.Track.Doubtful != 0 || len(p.Track.Points) > 2880*9/10 {
		t.Errorf("%d points of %d fixes, %d doubtful", len(p.Track.Points), p.Track.Fixes, p.Track.Doubtful)
	}
	if coarse := track.Thin(p.Track.Points, 20); len(coarse) > 2880/3 {
		t.Errorf("%d points within 20 m", len(coarse))
	}
}

func TestCompactForm(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var tracks []track.Track
		for range rapid.IntRange(0, 3).Draw(rt, "units") {
			tr := track.Track{Unit: rapid.String().Draw(rt, "unit"), Fixes: 9, Doubtful: 2, Tolerance: 3, Points: []track.Point{}}
			when := begin
			for range rapid.IntRange(0, 20).Draw(rt, "points") {
				when = when.Add(time.Duration(rapid.IntRange(0, 10000).Draw(rt, "ticks")) * 100 * time.Millisecond)
				tr.Points = append(tr.Points, track.Point{Time: when, Gap: rapid.Bool().Draw(rt, "gap"), Speed: float64(rapid.IntRange(0, 254).Draw(rt, "kmh")) / 3.6,
					Point: orb.Point{float64(rapid.IntRange(-180e6, 180e6).Draw(rt, "lon")) / 1e6, float64(rapid.IntRange(-90e6, 90e6).Draw(rt, "lat")) / 1e6}})
			}
			tracks = append(tracks, tr)
		}
		var b bytes.Buffer
		if err := track.Write(&b, begin, tracks); err != nil {
			rt.Fatal(err)
		}
		back, err := track.Decode(b.Bytes())
		if err != nil || len(back) != len(tracks) {
			rt.Fatal(len(back), err)
		}
		for i := range back {
			if len(back[i].Points) != len(tracks[i].Points) {
				rt.Fatalf("%d points, want %d", len(back[i].Points), len(tracks[i].Points))
			}
			for k, p := range back[i].Points {
				want := tracks[i].Points[k]
				if !p.Time.Equal(want.Time) || p.Gap != want.Gap || math.Abs(p.Speed-want.Speed) > 1e-9 || geo.Distance(p.Point, want.Point) > 0.01 {
					rt.Fatalf("point %d is %+v, want %+v", k, p, want)
				}
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	_ = track.Write(&b, begin, []track.Track{{Unit: "C01", Points: []track.Point{{Time: begin, Point: orb.Point{-79, -8}, Speed: math.NaN()}}}})
	f.Add(b.Bytes())
	f.Add([]byte("SZT1\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) { _, _ = track.Decode(b) })
}

// TestTwoDevicesAreOneUnit: a second device's fixes do not tear the trail.
func TestTwoDevicesAreOneUnit(t *testing.T) {
	var j track.Judge
	var picked []string
	take := func(device string, s int) {
		f := fleet.Fix{Device: device, Time: begin.Add(time.Duration(s) * time.Second), Received: begin, Point: orb.Point{-79, -8}, Seq: int64(s)}
		if j.Take(&f) {
			picked = append(picked, device)
		}
	}
	take("a", 0)
	take("b", 5)
	take("a", 10)
	take("b", 400) // a has been silent for more than the gap
	take("a", 405)
	if got := slices.Compact(picked); !slices.Equal(got, []string{"a", "b"}) || len(picked) != 3 {
		t.Errorf("picked %v", picked)
	}
}
