package fleet

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// fixAt is a plain good fix of device C01.
func fixAt(t time.Time) Fix {
	nan := math.NaN()
	return Fix{Ubigeo: "130102", Device: "C01", Time: t, Seq: 1, Received: noon, Point: orb.Point{-79.0, -8.1},
		Speed: 5, Course: 90, Accuracy: 8, Altitude: nan, Battery: nan}
}

// diffFixes compares fixes, or slices of them, with unknown equal to unknown.
func diffFixes(want, got any) string {
	return cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(),
		cmp.Transformer("lonlat", func(p orb.Point) [2]float64 { return p }))
}

func TestNormaliseFlags(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(*Fix)
		want FixFlag
	}{
		{"good", func(f *Fix) {}, 0},
		{"no device time", func(f *Fix) { f.Time = time.Time{} }, FlagReceiveTime},
		{"24 h ahead is allowed", func(f *Fix) { f.Time = noon.Add(FutureLimit) }, 0},
		{"more than 24 h ahead", func(f *Fix) { f.Time = noon.Add(FutureLimit + time.Second) }, FlagFuture},
		{"last moment of 2009", func(f *Fix) { f.Time = time.Date(2009, 12, 31, 23, 59, 59, 0, time.UTC) }, FlagPast},
		{"first moment of 2010", func(f *Fix) { f.Time = pastLimit }, FlagBacklog},
		{"five minutes old is live", func(f *Fix) { f.Time = noon.Add(-BacklogAfter) }, 0},
		{"older is backlog", func(f *Fix) { f.Time = noon.Add(-BacklogAfter - time.Second) }, FlagBacklog},
		{"zero island", func(f *Fix) { f.Point = orb.Point{0, 0} }, FlagZero},
		{"on the equator", func(f *Fix) { f.Point = orb.Point{-79, 0} }, 0},
		{"no position", func(f *Fix) { f.Point = orb.Point{-79, math.NaN()} }, FlagInvalid},
		{"100 m", func(f *Fix) { f.Accuracy = 100 }, 0},
		{"101 m", func(f *Fix) { f.Accuracy = 101 }, FlagAccuracy},
		{"a decoder's flag stays", func(f *Fix) { f.Flags = FlagInvalid; f.Accuracy = 900 }, FlagInvalid | FlagAccuracy},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fixAt(noon)
			tt.edit(&f)
			if err := Normalise(&f); err != nil {
				t.Fatal(err)
			}
			if f.Flags != tt.want {
				t.Errorf("flags %b, want %b", f.Flags, tt.want)
			}
		})
	}
}

func TestNormaliseValues(t *testing.T) {
	f := fixAt(noon.Add(1234567 * time.Nanosecond))
	f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery, f.Event = -1, 360, -1, math.Inf(1), 88, "SOS Botón/\x00"+strings.Repeat("x", 90)
	if err := Normalise(&f); err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	want := fixAt(noon.Add(1234 * time.Microsecond))
	want.Speed, want.Course, want.Accuracy, want.Altitude, want.Battery = nan, 0, nan, nan, nan
	want.Event = ("sos_bot_n__" + strings.Repeat("x", 90))[:40]
	if d := diffFixes(want, f); d != "" {
		t.Error(d)
	}
}

func TestNormaliseRejects(t *testing.T) {
	for name, edit := range map[string]func(*Fix){
		"latitude 90.1":      func(f *Fix) { f.Point[1] = 90.1 },
		"longitude -181":     func(f *Fix) { f.Point[0] = -181 },
		"infinite latitude":  func(f *Fix) { f.Point[1] = math.Inf(-1) },
		"no district":        func(f *Fix) { f.Ubigeo = "" },
		"no device":          func(f *Fix) { f.Device = "" },
		"a topic as device":  func(f *Fix) { f.Device = "a/b" },
		"no reception":       func(f *Fix) { f.Received = time.Time{} },
		"the year 33658":     func(f *Fix) { f.Time = time.Unix(1e12, 0) },
		"five-digit ubigeo ": func(f *Fix) { f.Ubigeo = "10101" },
	} {
		f := fixAt(noon)
		edit(&f)
		if err := Normalise(&f); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNormaliseTwiceChangesNothing(t *testing.T) {
	any64 := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-1, 400), rapid.Just(math.NaN()))
	rapid.Check(t, func(t *rapid.T) {
		f := fixAt(noon.Add(time.Duration(rapid.Int64Range(-1e18, 1e18).Draw(t, "age"))))
		f.Point = orb.Point{any64.Draw(t, "lon"), any64.Draw(t, "lat")}
		f.Speed, f.Course, f.Accuracy = any64.Draw(t, "speed"), any64.Draw(t, "course"), any64.Draw(t, "acc")
		f.Altitude, f.Battery = any64.Draw(t, "alt"), any64.Draw(t, "batt")
		f.Event = rapid.String().Draw(t, "event")
		if Normalise(&f) != nil {
			return
		}
		again := f
		if err := Normalise(&again); err != nil {
			t.Fatal(err)
		}
		if d := diffFixes(f, again); d != "" {
			t.Fatal(d)
		}
	})
}

func TestDeriveSeq(t *testing.T) {
	a, b := DeriveSeq([]byte(`{"lat":1}`)), DeriveSeq([]byte(`{"lat":2}`))
	if a == b || a >= 0 || b >= 0 || a != DeriveSeq([]byte(`{"lat":1}`)) {
		t.Errorf("%d, %d", a, b)
	}
}
