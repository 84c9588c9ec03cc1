package store_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// noon is an instant that the tests work around.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// alike compares values with unknown numbers in them.
var alike = cmp.Options{cmpopts.EquateNaNs(), cmp.Transformer("numbers", func(p orb.Point) [2]float64 { return p })}

// fix makes a fix received two seconds after its time.
func fix(ubigeo, device string, at time.Time, seq int64) fleet.Fix {
	return fleet.Fix{Ubigeo: ubigeo, Device: device, Unit: "C01", Time: at, Seq: seq, Received: at.Add(2 * time.Second),
		Point: orb.Point{-79.0, -8.05}, Speed: 5, Course: 90, Accuracy: math.NaN(), Altitude: 30.25, Battery: math.NaN()}
}

func TestFixRoundTrip(t *testing.T) {
	s := storetest.New(t)
	ctx := context.Background()
	on := true
	whole := fix("010203", "d1", noon.Add(123456789*time.Nanosecond), 7)
	whole.Ignition, whole.Event, whole.Battery, whole.Accuracy = &on, "sos", 0.5, 8
	none := fix("010203", "d1", noon.Add(time.Second), 8)
	none.Point = orb.Point{math.NaN(), math.NaN()}
	none.Speed, none.Course, none.Flags = math.NaN(), math.NaN(), fleet.FlagInvalid
	fresh, err := s.StoreFixes(ctx, []fleet.Fix{none, whole})
	if err != nil {
		t.Fatal(err)
	}
	want := []fleet.Fix{whole, none}
	want[0].Time = want[0].Time.Truncate(time.Microsecond)
	want[0].Received = want[0].Received.Truncate(time.Microsecond)
	if d := cmp.Diff(want, fresh, alike); d != "" {
		t.Error("fresh:", d)
	}
	got, err := s.Fixes(ctx, "010203", "d1", noon, noon.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got, alike); d != "" {
		t.Error("stored:", d)
	}
	last, err := s.LastFixes(ctx, "010203")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want[:1], last, alike); d != "" {
		t.Error("last:", d)
	}
}
