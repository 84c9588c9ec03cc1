package compliance

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

var ten = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

func after(minutes float64) time.Time {
	return ten.Add(time.Duration(minutes * float64(time.Minute)))
}

// One unit is to drive ab at 0 and bc at 10 minutes, and to stop at 20; a second
// one is to drive cd at 0.
func TestCompare(t *testing.T) {
	m := routingtest.Draw("a---b---c---d")
	leg := func(seq int, ends string, minute float64) patrol.Leg {
		return patrol.Leg{Seq: seq, Kind: patrol.Service, Segment: m.Segment(ends).ID, Start: after(minute), End: after(minute + 1)}
	}
	plan := func(change func(*patrol.Plan)) patrol.Plan {
		p := patrol.Plan{ID: "p", Rounds: []patrol.Round{
			{Number: 1, Unit: "C1", Legs: []patrol.Leg{leg(1, "ab", 0), leg(2, "bc", 10), {Seq: 3, Kind: patrol.Stop, Start: after(20), End: after(32)}}},
			{Number: 2, Unit: "C2", Legs: []patrol.Leg{leg(1, "cd", 0)}},
		}}
		if change != nil {
			change(&p)
		}
		return p
	}
	drive := func(ends string, minute, share float64, transit bool) coverage.Drive {
		return coverage.Drive{Segment: m.Arc(ends).Segment(), Start: after(minute), End: after(minute + 1), Share: share, Transit: transit}
	}
	stood := func(minute, minutes float64) map[int]Stood {
		return map[int]Stood{3: {Arrived: after(minute), Left: after(minute + minutes), Dwell: time.Duration(minutes) * time.Minute, Enough: minutes >= 10}}
	}
	whole := drive("ab", 0, 1, false)
	for _, tt := range []struct {
		name   string
		now    float64
		change func(*patrol.Plan)
		one    Seen
		two    []coverage.Drive
		legs   [2]Status
		reason Reason // of bc
		stop   Status
		extra  int
		yes    bool
	}{
		{name: "at the beginning", now: 5, one: Seen{Drives: []coverage.Drive{whole}}, legs: [2]Status{Done, Pending}, stop: Pending},
		{name: "all done", now: 60, one: Seen{Drives: []coverage.Drive{whole, drive("bc", 12, 0.9, false)}, Planned: stood(21, 12)}, legs: [2]Status{Done, Done}, stop: Done, yes: true},
		{name: "late", now: 120, one: Seen{Drives: []coverage.Drive{whole, drive("bc", 26, 1, false)}, Planned: stood(40, 12)}, legs: [2]Status{Done, Late}, stop: Late, yes: true},
		{name: "before its hour", now: 120, one: Seen{Drives: []coverage.Drive{drive("bc", -3, 1, false), whole}, Planned: stood(20, 12)}, legs: [2]Status{Done, Done}, stop: Done, yes: true},
		{name: "nothing explains it", now: 120, one: Seen{Drives: []coverage.Drive{whole}, Planned: stood(20, 12)}, legs: [2]Status{Done, Skipped}, reason: NotDone, stop: Done},
		{name: "too fast", now: 120, one: Seen{Drives: []coverage.Drive{whole, drive("bc", 10, 0.3, false), drive("bc", 11, 1, true)}, Planned: stood(20, 12)}, legs: [2]Status{Done, Skipped}, reason: TooFast, stop: Done},
		{name: "half of it", now: 120, one: Seen{Drives: []coverage.Drive{whole, drive("bc", 10, 0.5, false)}, Planned: stood(20, 6)}, legs: [2]Status{Done, Skipped}, reason: InPart, stop: Skipped},
		{name: "silent", now: 120, one: Seen{Drives: []coverage.Drive{whole}, Silent: []coverage.Window{{Start: after(5), End: after(19)}}, Planned: stood(30, 12)}, legs: [2]Status{Done, Skipped}, reason: NoSignal, stop: Done},
		{name: "another unit was there", now: 120, one: Seen{Drives: []coverage.Drive{whole}, Planned: stood(20, 12)}, two: []coverage.Drive{drive("bc", 50, 1, false)}, legs: [2]Status{Done, Skipped}, reason: ByOther, stop: Done, yes: true},
		{name: "an alert took it", now: 120, change: func(p *patrol.Plan) {
			p.Events = []patrol.Event{{Kind: patrol.AlertTakes, Unit: "C1", At: after(8), Until: after(60)}}
		}, one: Seen{Drives: []coverage.Drive{whole}}, legs: [2]Status{Done, Skipped}, reason: Alert, stop: Skipped},
		{name: "it fell out", now: 120, change: func(p *patrol.Plan) { p.Rounds[0].Ended = after(8) }, one: Seen{Drives: []coverage.Drive{whole}}, legs: [2]Status{Done, Skipped}, reason: UnitLost, stop: Skipped},
		{name: "an alert took it, another unit was there", now: 120, change: func(p *patrol.Plan) {
			p.Events = []patrol.Event{{Kind: patrol.AlertTakes, Unit: "C1", At: after(8), Until: after(60)}}
		}, one: Seen{Drives: []coverage.Drive{whole}, Planned: stood(20, 12)}, two: []coverage.Drive{drive("bc", 50, 1, false)}, legs: [2]Status{Done, Skipped}, reason: Alert, stop: Done, yes: true},
		{name: "it fell out, another unit was there", now: 120, change: func(p *patrol.Plan) { p.Rounds[0].Ended = after(8) },
			one: Seen{Drives: []coverage.Drive{whole}, Planned: stood(20, 12)}, two: []coverage.Drive{drive("bc", 50, 1, false)}, legs: [2]Status{Done, Skipped}, reason: UnitLost, stop: Done, yes: true},
		{name: "silent, another unit was there", now: 120, one: Seen{Drives: []coverage.Drive{whole}, Silent: []coverage.Window{{Start: after(5), End: after(19)}}, Planned: stood(30, 12)},
			two: []coverage.Drive{drive("bc", 50, 1, false)}, legs: [2]Status{Done, Skipped}, reason: NoSignal, stop: Done, yes: true},
		{name: "another unit was there in transit", now: 120, one: Seen{Drives: []coverage.Drive{whole}, Planned: stood(20, 12)}, two: []coverage.Drive{drive("bc", 50, 1, true)}, legs: [2]Status{Done, Skipped}, reason: NotDone, stop: Done},
		{name: "the drive was the second visit's", now: 300, change: func(p *patrol.Plan) {
			again := leg(4, "bc", 200)
			again.Kind = patrol.Repeat
			p.Rounds[0].Legs = append(p.Rounds[0].Legs, again)
		}, one: Seen{Drives: []coverage.Drive{whole, drive("bc", 180, 1, false)}, Planned: stood(20, 12)}, legs: [2]Status{Done, Skipped}, reason: NotDone, stop: Done, yes: true},
		{name: "more than asked", now: 120, one: Seen{Drives: []coverage.Drive{whole, drive("ab", 5, 1, false), drive("bc", 10, 1, false), drive("cd", 12, 1, false)}, Planned: stood(20, 12)}, legs: [2]Status{Done, Done}, stop: Done, extra: 2, yes: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := Input{Graph: m.Graph, Plan: plan(tt.change), Shift: fleet.Shift{ID: "s", Start: ten, End: after(480)}, Now: after(tt.now), Drift: 2 * time.Minute,
				Seen: map[string]Seen{"C1": tt.one, "C2": {Drives: tt.two}}, Cell: func(patrol.Leg) string { return "market" }}
			r := Compare(in, DefaultConfig())
			u := r.Units[0]
			if got := [2]Status{u.Legs[0].Status, u.Legs[1].Status}; got != tt.legs || u.Legs[1].Reason != tt.reason {
				t.Errorf("streets %v, the second because %q; want %v, %q", got, u.Legs[1].Reason, tt.legs, tt.reason)
			}
			if u.Stops[0].Status != tt.stop || len(u.Extra) != tt.extra || u.Complied != tt.yes {
				t.Errorf("stop %s, %d drives unasked, complied %v; want %s, %d, %v", u.Stops[0].Status, len(u.Extra), u.Complied, tt.stop, tt.extra, tt.yes)
			}
			s := u.Tally
			if d := s.Planned - s.Done - s.Late - s.Skipped - s.Pending; d > 1e-9 || d < -1e-9 {
				t.Errorf("planned is not the sum of its parts: %+v", s)
			}
			missing := 0.0 // the first visits of streets that nobody patrolled
			for _, l := range u.Legs {
				made := func(d coverage.Drive) bool {
					return m.Graph.Segments[d.Segment].ID == l.Segment && !d.Transit && d.Share >= 0.8
				}
				if l.Kind == patrol.Service && !slices.ContainsFunc(tt.one.Drives, made) && !slices.ContainsFunc(tt.two, made) {
					missing += l.Km
				}
			}
			if d := u.Missing.Km - missing; d > 1e-9 || d < -1e-9 {
				t.Errorf("%.3f km missing, want %.3f", u.Missing.Km, missing)
			}
			if u.Complied && u.Missing.Km > 0.1*u.FirstKm {
				t.Errorf("complied with %.3f of %.3f km missing", u.Missing.Km, u.FirstKm)
			}
			for _, l := range r.Brief().Units[0].Legs {
				if l.Status == Done || l.Status == Pending {
					t.Errorf("the short form has a leg that is %s", l.Status)
				}
			}
		})
	}
}

// Pairing is checked against every pairing that keeps the order.
func TestAlign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := func(name string) (out []time.Time) {
			at := 0
			for _, gap := range rapid.SliceOfN(rapid.IntRange(0, 30), 0, 5).Draw(t, name) {
				at += gap
				out = append(out, after(float64(at)))
			}
			return out
		}
		legs, drives := times("legs"), times("drives")
		var try func(i, j int) (int, time.Duration)
		try = func(i, j int) (int, time.Duration) {
			if i == len(legs) {
				return 0, 0
			}
			n, off := try(i+1, j)
			for k := j; k < len(drives); k++ {
				m, o := try(i+1, k+1)
				m, o = m+1, o+drives[k].Sub(legs[i]).Abs()
				if m > n || m == n && o < off {
					n, off = m, o
				}
			}
			return n, off
		}
		pairs, off := 0, time.Duration(0)
		last := -1
		for i, j := range align(legs, drives) {
			if j < 0 {
				continue
			}
			if j <= last {
				t.Fatalf("pairs cross: %v", align(legs, drives))
			}
			last = j
			pairs++
			off += drives[j].Sub(legs[i]).Abs()
		}
		if n, least := try(0, 0); n != pairs || least != off {
			t.Fatalf("%d pairs off by %v; the best are %d, off by %v", pairs, off, n, least)
		}
	})
}
