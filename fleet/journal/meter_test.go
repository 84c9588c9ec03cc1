package journal

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/serenazgo/serenazgo/fleet"
)

func reads(odometer, engine float64) func(*fleet.Fix) {
	return func(f *fleet.Fix) { f.Odometer, f.Engine = odometer, engine }
}

func TestMeter(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fixes []fleet.Fix
		want  *Meter
	}{
		{"nothing told", []fleet.Fix{fix(0, 0), fix(10, 100)}, nil},
		{"one reading", []fleet.Fix{fix(0, 0, reads(5000, 0))}, &Meter{Odometer: 5000}},
		{"readings with pauses", []fleet.Fix{fix(0, 0, reads(5000, 700)), fix(10, 100), fix(20, 200, reads(5210, 720)), fix(30, 300, reads(5310, 730))},
			&Meter{Metres: 310, Odometer: 5310, Engine: 30, Hours: 730}},
		{"an odometer that was set back goes on", []fleet.Fix{fix(0, 0, reads(5000, 0)), fix(10, 100, reads(5100, 0)), fix(20, 200, reads(40, 0)), fix(30, 300, reads(140, 0))},
			&Meter{Metres: 200, Odometer: 140}},
		{"an odometer that jumps", []fleet.Fix{fix(0, 0, reads(5000, 0)), fix(10, 100, reads(90_000_000, 0)), fix(20, 200, reads(90_000_100, 0))},
			&Meter{Metres: 100, Odometer: 90_000_100}},
		{"a clock that runs faster than time", []fleet.Fix{fix(0, 0, reads(0, 100)), fix(10, 100, reads(0, 100_000)), fix(20, 200, reads(0, 100_010))},
			&Meter{Engine: 10, Hours: 100_010}},
		{"a fix without a place tells its odometer", []fleet.Fix{fix(0, 0, reads(5000, 0)), fix(10, 0, reads(5050, 0), noPlace)}, &Meter{Metres: 50, Odometer: 5050}},
		{"two devices: the longer way", []fleet.Fix{fix(0, 0, reads(5000, 0)), fix(1, 0, device("other"), reads(70, 0)), fix(10, 0, reads(5050, 0)), fix(11, 0, device("other"), reads(80, 0))},
			&Meter{Metres: 50, Odometer: 5050}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Derive("C01", testDay, DefaultConfig(), tt.fixes, morning.Add(time.Minute))
			if d.Device != nil {
				if d.Device.Device != tt.fixes[0].Device {
					t.Errorf("told by %s", d.Device.Device)
				}
				d.Device.Device = ""
			}
			if diff := cmp.Diff(tt.want, d.Device, cmpopts.IgnoreUnexported(Meter{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A value of nothing is told, and none is left out.
func TestEventValues(t *testing.T) {
	for want, e := range map[string]Event{`"value":0,`: {Kind: LowBattery, Value: figure(0)}, `"device"`: {Kind: PowerCut}} {
		b, err := json.Marshal(e)
		if err != nil || !strings.Contains(string(b), want) || e.Value == nil && strings.Contains(string(b), "value") {
			t.Errorf("%s, %v", b, err)
		}
	}
}
