package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// On public files the command reaches what a reference implementation of the
// protocol reaches; docs/benchmarks.md has the larger runs.
func TestHotspotsEval(t *testing.T) {
	dir := filepath.Join(sharedData(t), "incidents")
	chicago := func(res string) []string {
		return []string{"--incidents", filepath.Join(dir, "chicago_aggravated_assaults_2010_2018.csv.gz"), "--boundary", filepath.Join(dir, "chicago_police_districts.kml"),
			"--polygon", "11", "--res", res, "--fit", "2017-01-01..2018-01-01", "--test", "2018-01-01..2018-12-31"}
	}
	vancouver := []string{"--incidents", filepath.Join(dir, "vancouver_2020_all.csv.gz"), "--boundary", filepath.Join(dir, "vancouver_boundary.kml"),
		"--res", "9", "--fit", "2020-05-01..2020-09-01", "--test", "2020-09-01..2020-12-30"}
	type figures struct {
		hr5, hr10, hr20, gain float64 // 0: not known
	}
	for _, tc := range []struct {
		name          string
		args          []string
		cells, events int
		want          map[string]figures
	}{
		{"district, res 9", chicago("9"), 148, 1480, map[string]figures{
			"count365": {.1068, .2115, .4014, .238}, "etas1095": {.1162, .2108, .4000, .275}, "mix_shift": {.1291, .2243, .4061, .276}}},
		{"district, res 10", chicago("10"), 1041, 1460, map[string]figures{
			"count1095": {.2171, .3411, .5705, .481}, "etas1095": {.2171, .3459, .5616, .453}, "mix_shift": {.2247, .3747, .5644, .548}}},
		{"Vancouver", vancouver, 1329, 10498, map[string]figures{
			"count365": {.4199, 0, 0, .930}, "mix_shift": {.426, .556, 0, .946}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			args := append([]string{"hotspots", "eval", "--json"}, tc.args...)
			for m := range tc.want {
				args = append(args, "--models", m)
			}
			r := runProgram(t, args...)
			if r.status != 0 {
				t.Fatalf("exit %d: %s", r.status, r.errors)
			}
			var rep evalReport
			if err := json.Unmarshal([]byte(r.out), &rep); err != nil {
				t.Fatal(err)
			}
			if rep.Cells != tc.cells || rep.EventsTest != tc.events || rep.Chosen != "mix_shift" {
				t.Errorf("%d cells, %d incidents, chosen %s", rep.Cells, rep.EventsTest, rep.Chosen)
			}
			if c := rep.Calibration; c == nil || c.PIT < 0.76 || c.PIT > 0.84 || c.Inside < 0.8 {
				t.Errorf("intervals: %+v", c)
			}
			seen := 0
			for _, m := range rep.Models {
				w, ok := tc.want[m.Model]
				if !ok || m.Horizon != "shift" {
					continue
				}
				seen++
				near := 0.003
				if m.Model == "mix_shift" {
					near = 0.001
				}
				for _, p := range [][2]float64{{m.HR5, w.hr5}, {m.HR10, w.hr10}, {m.HR20, w.hr20}, {*m.Gain, w.gain}} {
					if p[1] > 0 && math.Abs(p[0]-p[1]) > near {
						t.Errorf("%s: %.4f, want %.4f", m.Model, p[0], p[1])
					}
				}
			}
			if seen != len(tc.want) {
				t.Errorf("%d of %d models", seen, len(tc.want))
			}
		})
	}
	for says, more := range map[string][]string{
		"--zone":          {"--zone", "Lima"},
		"two dates":       {"--test", "2018-01-01"},
		"oracle":          {"--models", "oracle"},
		"resolution":      {"--res", "16"},
		"no polygon":      {"--polygon", "99"},
		"must not know":   {"--fit", "2017-01-01..2018-06-01"},
		"no such file":    {"--incidents", filepath.Join(dir, "none.csv")},
		"neither GeoJSON": {"--boundary", filepath.Join(dir, "medellin_homicides.csv")},
	} {
		if r := runProgram(t, append(append([]string{"hotspots", "eval"}, chicago("9")...), more...)...); r.status != 2 || !strings.Contains(r.errors, says) {
			t.Errorf("%v: exit %d, %s", more, r.status, r.errors)
		}
	}
}
