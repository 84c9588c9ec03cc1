package journal

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/fleet"
)

// A day ends what goes on, and the next one begins with it.
func TestOpenOverTheDay(t *testing.T) {
	const day = 24 * 3600 // the tests begin an hour after the day
	for _, tt := range []struct {
		name            string
		before, after   []fleet.Fix
		ended, nextDays string
	}{
		{"a cut told once", []fleet.Fix{fix(10, 0, event("power_cut"))}, []fleet.Fix{fix(day, 0), fix(day+10, 0, event("power_restored"))},
			"power_cut 10..82800", "power_cut 82800..86410"},
		{"a cut told with every fix", []fleet.Fix{fix(10, 0, event("power_cut")), fix(20, 0, event("power_cut"))}, []fleet.Fix{fix(day, 0)},
			"power_cut 10..82800", "power_cut 82800..86400"},
		{"a cut while the ignition was off", []fleet.Fix{fix(10, 0, event("power_cut"), ignition(false))}, []fleet.Fix{fix(day, 0, ignition(true))},
			"power_cut 10..82800", "power_cut 82800..86400"},
		{"a cut that was over", []fleet.Fix{fix(10, 0, event("power_cut")), fix(20, 0, event("power_restored"))}, []fleet.Fix{fix(day, 0)},
			"power_cut 10..20", ""},
		{"a low battery", []fleet.Fix{fix(10, 0, battery(0.1))}, []fleet.Fix{fix(day, 0), fix(day+10, 0, battery(0.15)), fix(day+20, 0, battery(0.9))},
			"low_battery 10..82800 at 0.10", "low_battery 82800..86420 at 0.15"},
		{"a low battery of another device", []fleet.Fix{fix(10, 0, battery(0.1))}, []fleet.Fix{fix(day, 0, battery(0.9), device("other"))},
			"low_battery 10..82800 at 0.10", "low_battery 82800"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := NewMachine("C01", testDay, DefaultConfig())
			for _, f := range tt.before {
				m.Step(f)
			}
			if diff := cmp.Diff(tt.ended, withoutSilence(m.Day(allNight))); diff != "" {
				t.Error(diff)
			}
			next := NewMachine("C01", WindowAt(allNight, lima), DefaultConfig())
			next.Begin(m.Open())
			for _, f := range tt.after {
				next.Step(f)
			}
			if diff := cmp.Diff(tt.nextDays, withoutSilence(next.Day(allNight.Add(2*time.Hour)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func withoutSilence(d Day) string {
	var es []Event
	for _, e := range d.Events {
		if e.Kind != Silence {
			es = append(es, e)
		}
	}
	d.Events = es
	return told(d)
}
