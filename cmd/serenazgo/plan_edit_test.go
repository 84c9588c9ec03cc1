package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// blocksOSM is an extract of n by n streets in both directions, 110 m apart, within
// townBoundary.
func blocksOSM(n int) string {
	var b strings.Builder
	b.WriteString("<osm>")
	for i := range n * n {
		fmt.Fprintf(&b, `<node id="%d" lon="%.3f" lat="%.3f"/>`, i+1, -79+0.001*float64(i/n), -8+0.001*float64(i%n))
	}
	for i := range n {
		for way, node := range []func(k int) int{func(k int) int { return i*n + k + 1 }, func(k int) int { return k*n + i + 1 }} {
			fmt.Fprintf(&b, `<way id="%d"><tag k="highway" v="residential"/><tag k="name" v="Calle %d"/>`, 100+2*i+way, 2*i+way)
			for k := range n {
				fmt.Fprintf(&b, `<nd ref="%d"/>`, node(k))
			}
			b.WriteString("</way>")
		}
	}
	return b.String() + "</osm>"
}

// Plans are edited, planned anew and compared on the command line: each change
// is the next version, refused ones and trials are none.
func TestPlanEditCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("starts PostgreSQL servers; left out by -short")
	}
	dir := t.TempDir()
	streets, outline, out := filepath.Join(dir, "town.osm"), filepath.Join(dir, "town.geojson"), filepath.Join(dir, "plan.geojson")
	must(t, os.WriteFile(streets, []byte(blocksOSM(5)), 0o600))
	must(t, os.WriteFile(outline, []byte(townBoundary), 0o600))
	const shift, hour = "2026-11-21/noche", "2026-11-22T01:00:00-05:00"
	run := func(args ...string) ran { return runProgram(t, append(args, "--data", filepath.Join(dir, "data"))...) }
	plan := func(args ...string) ran { return run(append(append([]string{"plan"}, args...), "--shift", shift)...) }
	good := func(r ran) {
		t.Helper()
		if r.status != 0 {
			t.Fatalf("status %d: %s", r.status, r.errors)
		}
	}
	good(run("import", "streets", streets, "--boundary", outline))
	good(run("unit", "add", "C01", "--mode", "car", "--base=-79,-8"))
	good(run("unit", "add", "C02", "--mode", "car", "--base=-78.996,-7.996"))
	isRefused(t, plan("edit", "lock", "--unit", "C01"), "no plan yet")
	good(plan("--seconds", "1", "--seed", "7", "--out", out))
	isRefused(t, plan("compare"), "single version")
	street := firstVisit(t, out, "C02")

	var change struct {
		Version    int
		Units      []string
		Violations []patrol.Violation
	}
	changed := func(version int, units []string, args ...string) {
		t.Helper()
		change.Version, change.Units, change.Violations = 0, nil, nil
		r := plan(append(args, "--json")...)
		good(r)
		if oneJSON(t, r, &change); change.Version != version || !slices.Equal(change.Units, units) || len(change.Violations) > 0 {
			t.Fatalf("%v: %+v; want version %d, rounds changed %v", args, change, version, units)
		}
	}
	both := []string{"C01", "C02"}
	changed(0, both, "edit", "move_street", "--to", "C01", "--segments", street, "--dry-run")
	changed(2, both, "edit", "move_street", "--to", "C01", "--segments", street)
	changed(3, []string{"C01"}, "edit", "add_stop", "--unit", "C01", "--point=-78.998,-7.998", "--minutes", "12", "--at", "2026-11-21T23:30:00-05:00")
	changed(4, nil, "edit", "lock", "--unit", "C01", "--segments", street)
	for name, c := range map[string]struct {
		want string
		args []string
	}{
		"no such operation":     {"move_street", []string{"edit", "fly"}},
		"a locked street":       {"locked", []string{"edit", "move_street", "--to", "C02", "--segments", street}},
		"an older version":      {"newest", []string{"edit", "lock", "--unit", "C02", "--plan-version", "1"}},
		"no such version":       {"up to 4", []string{"edit", "lock", "--unit", "C02", "--plan-version", "77"}},
		"no such unit":          {"C09", []string{"edit", "lock", "--unit", "C09"}},
		"no such street":        {"no such street", []string{"edit", "move_street", "--to", "C01", "--segments", "calle"}},
		"a place that is none":  {"LON,LAT", []string{"edit", "add_stop", "--unit", "C01", "--minutes", "12", "--point", "plaza"}},
		"a place far away":      {"150 m", []string{"edit", "add_stop", "--unit", "C01", "--minutes", "12", "--point=-70,-8"}},
		"a time that is none":   {"--at", []string{"edit", "retime_stop", "--unit", "C01", "--stop", "3", "--at", "later"}},
		"half an edit":          {"give the unit", []string{"edit", "drop_stop", "--unit", "C01"}},
		"no such event":         {"unit_lost", []string{"replan", "rain"}},
		"another day":           {"not on then", []string{"replan", "unit_lost", "--unit", "C02", "--now", "2026-11-23T01:00:00-05:00"}},
		"an alert that is over": {"later end", []string{"replan", "alert", "--unit", "C02", "--now", hour, "--until", hour}},
		"compared with none":    {"up to 4", []string{"compare", "--with", "9"}},
		"nowhere to write":      {"cannot write", []string{"compare", "--out", filepath.Join(dir, "none", "x.geojson")}},
	} {
		t.Run(name, func(t *testing.T) { isRefused(t, plan(c.args...), c.want) })
	}
	changed(5, []string{"C02"}, "replan", "unit_lost", "--unit", "C02", "--now", hour)

	var diff patrol.Comparison
	hands := filepath.Join(dir, "hands.geojson")
	r := plan("compare", "--with", "1", "--out", hands, "--json")
	good(r)
	oneJSON(t, r, &diff)
	if diff.HandedCount != 1 || diff.After.Stops != diff.Before.Stops+1 || len(diff.Units) != 2 {
		t.Errorf("versions 1 and 5: %+v", diff)
	}
	if b, err := os.ReadFile(hands); err != nil || !strings.Contains(string(b), street) {
		t.Errorf("the street that changed hands is not written: %v\n%s", err, b)
	}
	if r := plan("compare", "--with", "1"); r.status != 0 || !strings.Contains(r.out, "version 1 → 5: 1 streets") {
		t.Errorf("status %d: %s%s", r.status, r.out, r.errors)
	}
}

// firstVisit gives a street in the middle of those that a unit visits first.
func firstVisit(t *testing.T, file, unit string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	must(t, err)
	var plan struct {
		Features []struct {
			Properties struct{ Unit, Kind, Segment string }
		}
	}
	must(t, json.Unmarshal(b, &plan))
	var mine []string
	for _, f := range plan.Features {
		if p := f.Properties; p.Unit == unit && p.Kind == "service" {
			mine = append(mine, p.Segment)
		}
	}
	if len(mine) == 0 {
		t.Fatalf("unit %s visits no street first", unit)
	}
	return mine[len(mine)/2]
}
