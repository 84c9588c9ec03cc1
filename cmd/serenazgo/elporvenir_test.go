package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// sharedData gives the folder of real data beside the project.
func sharedData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "streets")); err != nil {
		t.Skipf("no real data: set SERENAZGO_DATA to the folder that has streets/el-porvenir.osm.pbf (%v)", err)
	}
	return dir
}

// TestElPorvenir is the night of a Peruvian district on its real streets, with
// ten cars and four motorcycles: import, plan, check, and an hour's drive.
func TestElPorvenir(t *testing.T) {
	if testing.Short() {
		t.Skip("plans a whole district; left out by -short")
	}
	const (
		u     = "130102"
		night = fleet.ShiftID("2026-11-21/noche")
		hour  = time.Hour
	)
	real := sharedData(t)
	extract, boundary := filepath.Join(real, "streets/el-porvenir.osm.pbf"), filepath.Join(real, "boundaries/el-porvenir-130102-osm.geojson")
	dir := t.TempDir()
	data, planFile := filepath.Join(dir, "data"), filepath.Join(dir, "plan.geojson")
	begun := time.Now()
	lap := func(what string) {
		t.Logf("%-22s %6.1f s", what, time.Since(begun).Seconds())
		begun = time.Now()
	}
	ok := func(out any, args ...string) {
		t.Helper()
		r := runProgram(t, append(args, "--json", "--data", data)...)
		if r.status != 0 {
			t.Fatalf("%v: status %d: %s", args, r.status, r.errors)
		}
		oneJSON(t, r, out)
	}
	program(t)
	lap("build")

	var streets struct {
		BelongingKm float64 `json:"belonging_km"`
		Seconds     float64
	}
	ok(&streets, "import", "streets", extract, "--boundary", boundary)
	if streets.BelongingKm < 480 || streets.BelongingKm > 540 {
		t.Errorf("%.1f km of streets", streets.BelongingKm)
	}
	lap(fmt.Sprintf("streets (%.1f s)", streets.Seconds))
	var incidents incidentReport
	ok(&incidents, "import", "incidents", filepath.Join(real, "simulated/el-porvenir-incidents-simulated.csv"), "--simulated")
	if incidents.Inserted < 6000 {
		t.Errorf("%d incidents", incidents.Inserted)
	}
	var police policeReport
	ok(&police, "import", "police", filepath.Join(real, "simulated/el-porvenir-police-simulated.geojson"), "--simulated")
	if police.Rounds != 3 || police.Sectors != 2 || police.Posts != 3 {
		t.Errorf("police %+v", police)
	}
	lap("incidents and police")
	passwords := registerFleet(t, data, u, 10, 4)
	var made struct {
		ID      string
		Figures map[string]any
	}
	ok(&made, "plan", "--shift", string(night), "--seconds", "10", "--seed", "1", "--out", planFile)
	lap("plan")
	var report patrol.CheckReport
	r := runProgram(t, "plan", "check", planFile, "--osm", extract, "--boundary", boundary, "--json")
	if r.status != 0 {
		t.Fatalf("plan check: status %d: %s", r.status, r.errors)
	}
	oneJSON(t, r, &report)
	if !report.Contiguous || report.CoveragePct < 99.5 || report.Rounds != 14 {
		t.Errorf("contiguous %v, coverage %.2f %%, %d rounds", report.Contiguous, report.CoveragePct, report.Rounds)
	}
	for _, v := range report.Violations {
		t.Errorf("%s leg %d: %s: %s", v.Unit, v.Seq, v.Code, v.Message)
	}
	lap("check")

	loc, err := time.LoadLocation("America/Lima")
	must(t, err)
	clock := &handClock{now: time.Date(2026, 11, 21, 21, 59, 0, 0, loc)}
	s := runService(t, data, clock)
	shift := shiftOf(t, s.store, u, night)
	plan := planOf(t, s.store, u, made.ID)
	must(t, s.putInForce(t.Context(), plan, "test"))
	supervisor := newVisitor(t, s.URL()).logIn("rosa", adminPassword)
	live := supervisor.listen(u)
	clock.reach(shift.Start)
	live.next("snapshot", "the night shift", func(e told) bool {
		snap := as[api.Snapshot](t, e)
		return snap.Shift.Id == string(night) && snap.PlanId != nil && *snap.PlanId == plan.ID
	})
	lap("service")
	f, err := sim.New(sim.Config{Plan: plan, Seed: 5})
	must(t, err)
	d := &driver{fleet: f, clock: clock, ubigeo: u, passwords: passwords}
	d.drive(t, s, shift.Start.Add(hour))
	lap("an hour's drive")
	settle(live, clock)
	var c api.Coverage
	supervisor.call("GET", inDistrict(u, "/coverage?shift=%s", night), nil, &c)
	checkStretch(t, s, u, shift, c.Bar)
	checkUnits(t, live, slices.Collect(maps.Keys(passwords))...)
	lap("coverage")
}

// registerFleet adds units, each with a device of its own, and an administrator
// to a data folder, and gives the devices' passwords.
func registerFleet(t testing.TB, data, ubigeo string, cars, motorcycles int) map[string]string {
	t.Helper()
	ctx := t.Context()
	st, err := store.Open(ctx, store.Config{Data: data})
	must(t, err)
	defer st.Close()
	addAdmin(t, st, "rosa")
	passwords := map[string]string{}
	for i := range cars + motorcycles {
		u := fleet.Unit{Ubigeo: ubigeo, ID: fmt.Sprintf("C%02d", i+1), Mode: routing.Car, Active: true}
		if i >= cars {
			u.ID, u.Mode = fmt.Sprintf("M%02d", i-cars+1), routing.Motorcycle
		}
		u.CallSign, u.Device = u.ID, sim.DeviceOf(u.ID)
		must(t, st.SaveUnit(ctx, u))
		password, hash, err := fleet.NewDeviceSecret()
		must(t, err)
		must(t, st.SaveDevice(ctx, fleet.Device{Ubigeo: ubigeo, ID: u.Device, Unit: u.ID, Interval: 5 * time.Second, Known: true}, hash))
		passwords[u.Device] = password
	}
	return passwords
}

// checkStretch compares the coverage shown with one computed from the stored
// fixes, and with what the plan promised by then.
func checkStretch(t *testing.T, s *service, ubigeo string, shift fleet.Shift, bar *watch.Bar) {
	t.Helper()
	if bar == nil || bar.ExpectedPct == nil {
		t.Fatalf("no coverage: %+v", bar)
	}
	snap, fixes := recompute(t, s, ubigeo, shift, s.now())
	t.Logf("%d fixes; covered %.1f km (%.1f %%), planned by then %.1f %%, recomputed %.1f %%", fixes, bar.Serenazgo.Km, bar.Serenazgo.Pct, *bar.ExpectedPct, snap.Totals.Serenazgo.Pct)
	if bar.Serenazgo.Pct < 0.85**bar.ExpectedPct || bar.Serenazgo.Pct > *bar.ExpectedPct+2 {
		t.Errorf("covered %.1f %%, planned by then %.1f %%", bar.Serenazgo.Pct, *bar.ExpectedPct)
	}
	// Live, the last fixes of each unit wait for those that decide between streets.
	if d := snap.Totals.Serenazgo.Km - bar.Serenazgo.Km; d < -0.1 || d > 3 {
		t.Errorf("recomputed %.2f km, live %.2f km", snap.Totals.Serenazgo.Km, bar.Serenazgo.Km)
	}
}
