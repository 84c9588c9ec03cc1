package fleet

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var qualityStart = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// driven makes a fix n seconds into the test, metres north of its start.
func driven(n, north float64, edit ...func(*Fix)) Fix {
	nan := math.NaN()
	t := qualityStart.Add(time.Duration(n * float64(time.Second)))
	f := Fix{Ubigeo: "130102", Device: "C01", Time: t, Seq: -1 - int64(n*10), Received: t.Add(time.Second),
		Point: orb.Point{-79, -8 + north/111_195}, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
	for _, e := range edit {
		e(&f)
	}
	return f
}

func TestAssess(t *testing.T) {
	seq := func(n int64) func(*Fix) { return func(f *Fix) { f.Seq = n } }
	heard := func(s float64) func(*Fix) {
		return func(f *Fix) { f.Received = qualityStart.Add(time.Duration(s) * time.Second) }
	}
	flagged := func(x FixFlag) func(*Fix) { return func(f *Fix) { f.Flags |= x } }
	accuracy := func(m float64) func(*Fix) { return func(f *Fix) { f.Accuracy = m } }
	for _, tt := range []struct {
		name  string
		fixes []Fix
		want  []string
	}{
		{"a quiet drive", []Fix{driven(0, 0), driven(10, 100), driven(20, 200)}, []string{"", "", ""}},
		{"one jump and back", []Fix{driven(0, 0), driven(10, 9000), driven(20, 100)}, []string{"", "jump", ""}},
		{"two jumps to different places", []Fix{driven(0, 0), driven(10, 9000), driven(20, -9000), driven(30, 100)}, []string{"", "jump", "jump", ""}},
		{"really elsewhere", []Fix{driven(0, 0), driven(10, 9000), driven(20, 9100), driven(30, 9200), driven(40, 9300)}, []string{"", "jump", "jump", "", ""}},
		{"far, and long silent", []Fix{driven(0, 0), driven(600, 9000)}, []string{"", ""}},
		{"both inaccurate", []Fix{driven(0, 0, accuracy(90)), driven(1, 280, accuracy(90))}, []string{"", ""}},
		{"the same place in the same second", []Fix{driven(0, 0, seq(1)), driven(0, 0, seq(2))}, []string{"", "duplicate"}},
		{"another place in the same second", []Fix{driven(0, 0, seq(1)), driven(0, 20, seq(2))}, []string{"", ""}},
		{"standing still is no duplicate", []Fix{driven(0, 0), driven(10, 0), driven(20, 0)}, []string{"", "", ""}},
		{"echo of another gateway", []Fix{driven(0, 0, seq(452664778)), driven(2, 0, seq(452664778))}, []string{"", "duplicate"}},
		{"a number that never changes", []Fix{driven(0, 0, seq(0)), driven(10, 0, seq(0))}, []string{"", ""}},
		{"the number comes again after its range", []Fix{driven(0, 0, seq(452664778)), driven(3600, 0, seq(452664778))}, []string{"", ""}},
		{"the last fix repeated", []Fix{driven(0, 0, seq(1)), driven(0, 30, seq(2), heard(61)), driven(0, 0, seq(3), heard(121))}, []string{"", "stale_clock", "duplicate,stale_clock"}},
		{"invalid ones are not neighbours", []Fix{driven(0, 0), driven(10, 9000, flagged(FlagInvalid)), driven(20, 9000)}, []string{"", "invalid", "jump"}},
		{"poor accuracy is no place to jump from", []Fix{driven(0, 0), driven(10, 9000, flagged(FlagAccuracy), accuracy(150)), driven(20, 100)}, []string{"", "accuracy", ""}},
		{"backlog counts", []Fix{driven(0, 0, flagged(FlagBacklog)), driven(10, 10)}, []string{"backlog", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range Assess(tt.fixes) {
				got = append(got, f.Flags.String())
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAssessJudgesEachDeviceByItself(t *testing.T) {
	other := driven(5, 9000, func(f *Fix) { f.Device = "C02" })
	for _, f := range Assess([]Fix{driven(0, 0), other, driven(10, 100)}) {
		if f.Flags != 0 {
			t.Errorf("%s: %s", f.Device, f.Flags)
		}
	}
}

// TestAssessKnowsNoArrival shuffles fixes: the verdicts stay.
func TestAssessKnowsNoArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var fixes []Fix
		for i := range rapid.IntRange(1, 40).Draw(t, "fixes") {
			f := driven(float64(rapid.IntRange(0, 300).Draw(t, "t")), float64(rapid.IntRange(0, 20).Draw(t, "place")*1000))
			f.Seq = int64(i)
			f.Received = f.Received.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "late")) * time.Second)
			fixes = append(fixes, f)
		}
		want := Assess(fixes)
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		rnd.Shuffle(len(fixes), func(i, j int) { fixes[i], fixes[j] = fixes[j], fixes[i] })
		got := Assess(fixes)
		for i := range want {
			if got[i].Seq != want[i].Seq || got[i].Flags != want[i].Flags {
				t.Fatalf("fix %d: %d %s, in another order %d %s", i, want[i].Seq, want[i].Flags, got[i].Seq, got[i].Flags)
			}
		}
	})
}

func TestClockOffset(t *testing.T) {
	series := func(offset, spread time.Duration, n int) (out []Fix) {
		for i := range n {
			f := driven(float64(10*i), 0)
			f.Received = f.Time.Add(-offset + time.Duration(i%5)*spread)
			out = append(out, f)
		}
		return out
	}
	for _, tt := range []struct {
		name string
		fs   []Fix
		want time.Duration
		ok   bool
	}{
		{"right", series(0, time.Second, 20), 0, false},
		{"Lima's time taken for UTC", series(-5*time.Hour, time.Second, 20), -5 * time.Hour, true},
		{"ahead by an hour", series(time.Hour, 0, 20), time.Hour, true},
		{"a backlog", series(-5*time.Hour, 10*time.Minute, 20), 0, false},
		{"late by seven minutes", series(-7*time.Minute, 0, 20), 0, false},
		{"too few", series(-5*time.Hour, 0, 9), 0, false},
	} {
		if got, ok := ClockOffset(tt.fs); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %s %v", tt.name, got, ok)
		}
	}
}

func TestEveryFlagHasAName(t *testing.T) {
	all := FixFlag(1<<len(flagNames)) - 1
	if FlagStaleClock != 1<<(len(flagNames)-1) || len(all.Reasons()) != len(flagNames) {
		t.Error(all.Reasons())
	}
}
