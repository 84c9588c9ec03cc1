package fleet

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb/geo"
)

// Fixes are judged, never thrown away. What one fix shows by itself (invalid,
// zero, future, past, poor accuracy) is flagged at reception, by Normalise, and
// stored. What only its neighbours show (jump, duplicate, stale clock) is
// flagged when fixes are read, by a Sieve over a device's fixes in the order of
// their times: so it depends on the set of fixes alone, not on the order in
// which they arrived, and a late fix never leaves a wrong flag behind.
const (
	// FastestJump in m/s: no patrol unit is faster (216 km/h).
	FastestJump = 60.0
	// jumpSlack in metres is forgiven on top of both accuracies.
	jumpSlack = 50.0
	// settled is how many fixes in a row must agree with each other before a
	// place that was jumped to is believed.
	settled = 3
	// repeatedFor is how far apart two receptions of one fix time must be for
	// the clock to be called stale: the receiver repeats its last fix.
	repeatedFor = 30 * time.Second
	// echoFor is how long after a numbered fix the same number at the same
	// place is its echo, repeated by another gateway. Small numbers come round
	// too soon, or never change.
	echoFor = 10 * time.Minute
	echoMin = 1 << 16
)

// Doubtful flags keep a fix out of maps, tracks and coverage. FlagReceiveTime
// and FlagBacklog do not: such a fix is right where it says.
const Doubtful = FlagInvalid | FlagZero | FlagFuture | FlagPast | FlagJump | FlagAccuracy | FlagDuplicate | FlagStaleClock

// Clean tells whether a judged fix counts.
func (f Fix) Clean() bool { return f.Flags&Doubtful == 0 && f.Usable() }

// flagNames are the reasons as the API gives them, in the order of the flags.
var flagNames = [...]string{"invalid", "zero", "future", "past", "jump", "accuracy", "receive_time", "backlog", "duplicate", "stale_clock"}

// Reasons names the flags.
func (f FixFlag) Reasons() []string {
	var out []string
	for i, n := range flagNames {
		if f&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// String joins the names with commas.
func (f FixFlag) String() string { return strings.Join(f.Reasons(), ",") }

// Sieve judges the fixes of one device as they come in the order of their
// times. Its verdict on a fix looks at earlier ones only; the zero value is
// ready.
type Sieve struct {
	good  Fix   // the last one believed
	begun bool  // good is set
	doubt []Fix // the run of fixes that agree with each other and not with good
	same  []Fix // those of the present instant
	echo  map[int64]Fix
}

// Judge gives the flags to add to the next fix.
func (s *Sieve) Judge(f Fix) (flags FixFlag) {
	if !f.Usable() {
		return 0
	}
	if len(s.same) > 0 && !s.same[0].Time.Equal(f.Time) {
		s.same = s.same[:0]
	}
	for _, o := range s.same {
		if f.Received.Sub(o.Received) >= repeatedFor {
			flags |= FlagStaleClock
		}
		if o.Point == f.Point {
			flags |= FlagDuplicate
		}
	}
	if f.Seq >= echoMin {
		if o, ok := s.echo[f.Seq]; ok && o.Point == f.Point && f.Time.Sub(o.Time) < echoFor {
			flags |= FlagDuplicate
		}
		if s.echo == nil || len(s.echo) >= 1024 {
			s.echo = map[int64]Fix{}
		}
		s.echo[f.Seq] = f
	}
	if len(s.same) < 16 {
		s.same = append(s.same, f)
	}
	if flags != 0 || f.Flags&FlagAccuracy != 0 {
		return flags
	}
	return s.jump(f)
}

// begunAt lets the oldest fix go. It tells whether a sieve that had begun with
// head, the one after it, would be where this one is; only if it certainly would.
func (s *Sieve) begunAt(gone, head Fix) bool {
	if head.Flags&Doubtful != 0 || head.Time.Equal(gone.Time) || len(s.echo) > 1000 {
		return false
	}
	if gone.Seq < echoMin {
		return true
	}
	if o, ok := s.echo[gone.Seq]; !ok || !o.Time.Equal(gone.Time) || !o.Received.Equal(gone.Received) {
		return false // another fix may have been called its echo
	}
	delete(s.echo, gone.Seq)
	return true
}

// jump tells whether the way from the last believed fix is impossible. A place
// that several fixes in a row agree on is believed all the same: a unit may have
// been silent on a lorry, or the fix before may have been the wrong one.
func (s *Sieve) jump(f Fix) FixFlag {
	if !s.begun || possible(s.good, f) {
		s.good, s.begun, s.doubt = f, true, s.doubt[:0]
		return 0
	}
	if n := len(s.doubt); n > 0 && !possible(s.doubt[n-1], f) {
		s.doubt = s.doubt[:0]
	}
	if s.doubt = append(s.doubt, f); len(s.doubt) >= settled {
		s.good, s.doubt = f, s.doubt[:0]
		return 0
	}
	return FlagJump
}

// possible tells whether a unit can get from a to b in the time between.
func possible(a, b Fix) bool {
	slack := jumpSlack
	for _, f := range []Fix{a, b} {
		if f.Accuracy > 0 {
			slack += f.Accuracy
		}
	}
	dt := math.Max(b.Time.Sub(a.Time).Seconds(), 1)
	return geo.Distance(a.Point, b.Point)-slack <= FastestJump*dt
}

// Assess judges fixes of any devices: it gives them in the order of their times
// (then of their receptions and numbers), each device by itself judged.
func Assess(fixes []Fix) []Fix {
	out := slices.Clone(fixes)
	slices.SortStableFunc(out, func(a, b Fix) int {
		return cmp.Or(a.Time.Compare(b.Time), a.Received.Compare(b.Received), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Device, b.Device))
	})
	sieves := map[deviceKey]*Sieve{}
	for i := range out {
		k := deviceKey{out[i].Ubigeo, out[i].Device}
		s := sieves[k]
		if s == nil {
			s = &Sieve{}
			sieves[k] = s
		}
		out[i].Flags |= s.Judge(out[i])
	}
	return out
}

// Clean gives those fixes that count, in the order of their times.
func Clean(fixes []Fix) []Fix {
	return slices.DeleteFunc(Assess(fixes), func(f Fix) bool { return !f.Clean() })
}

// ClockOffset tells by how much a device's clock seems to be wrong: positive is
// ahead. It wants ten fixes that arrive with almost the same difference between
// their own time and that of their reception, a difference no backlog has, near
// a whole quarter of an hour: then a time zone is set wrong in the device.
func ClockOffset(fixes []Fix) (time.Duration, bool) {
	var diffs []time.Duration
	for _, f := range fixes {
		if f.Flags&(FlagReceiveTime|FlagPast) == 0 {
			diffs = append(diffs, f.Time.Sub(f.Received))
		}
	}
	if len(diffs) < 10 {
		return 0, false
	}
	slices.Sort(diffs)
	n := len(diffs)
	median := diffs[n/2]
	if diffs[n*9/10]-diffs[n/10] > 2*time.Minute {
		return 0, false
	}
	near := median.Round(15 * time.Minute)
	if near == 0 || near.Abs() > maxClockFix || (median-near).Abs() > 2*time.Minute {
		return 0, false
	}
	return near, true
}
