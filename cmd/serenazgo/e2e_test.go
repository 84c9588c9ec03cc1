package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/mqtt/device"
	"github.com/serenazgo/serenazgo/routing"
)

// The passwords of the end-to-end test's people.
const (
	adminPassword      = "una frase bastante larga"
	supervisorPassword = "otra frase bastante larga"
	liaisonPassword    = "una tercera frase larga"
)

// TestShiftEndToEnd is a whole shift on real streets: the set-up link, people,
// units and their devices, a plan, its rounds on the devices, the fleet driving
// them over MQTT, what the browsers are told, a restart half-way, and the
// coverage that is kept at the end.
//
// Streets are brought in by the program's own build: reading their XML takes
// minutes under the race detector, and they must get in through the command
// anyhow. Everything after that is in this process.
func TestShiftEndToEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("a whole shift; left out by -short")
	}
	const u = demoUbigeo
	data := t.TempDir()
	if r := runProgram(t, "import", "streets", andorra(t), "--relation", fmt.Sprint(demoRelation), "--ubigeo", u, "--time-zone", demoZone, "--no-paths", "--data", data, "--json"); r.status != 0 {
		t.Fatalf("import: status %d: %s", r.status, r.errors)
	}
	loc, err := time.LoadLocation(demoZone)
	must(t, err)
	clock := &handClock{now: time.Date(2026, 11, 21, 21, 50, 0, 0, loc)}
	s := runService(t, data, clock)
	// A short shift, so that it is driven whole, and some demand and police.
	must(t, s.store.SaveShifts(t.Context(), u, []fleet.ShiftDef{{Code: "tarde", Name: "Tarde", Start: "14:00", End: "22:00"},
		{Code: "noche", Name: "Noche", Start: "22:00", End: "23:20"}, {Code: "madrugada", Name: "Madrugada", Start: "23:20", End: "06:00"}}, fleet.AuditRow{Ubigeo: u, Action: "shifts.save"}))
	makeUp(t, s, u, loc)
	const night = fleet.ShiftID("2026-11-21/noche")
	shift := shiftOf(t, s.store, u, night)

	// People.
	link := regexp.MustCompile(`http://\S+/configurar\?token=(\S+)`).FindStringSubmatch(s.said)
	if link == nil {
		t.Fatalf("no set-up link in %q", s.said)
	}
	admin := newVisitor(t, s.URL())
	var session api.Session
	admin.call("POST", "/setup", api.SetUp{Token: link[1], Username: "rosa", Name: "Rosa Quispe", Password: adminPassword}, &session)
	admin.csrf = session.Csrf
	if status, _ := newVisitor(t, s.URL()).try("POST", "/setup", api.SetUp{Token: link[1], Username: "otra", Name: "Otra", Password: adminPassword}); status/100 != 4 {
		t.Errorf("the set-up link works twice: status %d", status)
	}
	admin.call("POST", inDistrict(u, "/users"), api.NewUser{Username: "julio", Name: "Julio Paz", Role: fleet.RoleSupervisor, Password: supervisorPassword}, nil)
	admin.call("POST", inDistrict(u, "/users"), api.NewUser{Username: "enlace", Name: "Enlace PNP", Role: fleet.RoleLiaison, Password: liaisonPassword}, nil)
	supervisor := newVisitor(t, s.URL()).logIn("julio", supervisorPassword)
	liaison := newVisitor(t, s.URL()).logIn("enlace", liaisonPassword)
	forged := *supervisor
	forged.csrf = "forged"
	if status, _ := forged.try("POST", inDistrict(u, "/plans"), api.PlanRequest{Shift: string(night)}); status != http.StatusForbidden {
		t.Errorf("a write with a wrong token: status %d, want 403", status)
	}

	// Units and devices.
	passwords := map[string]string{}
	for _, unit := range demoUnits(u, 5) {
		unit.Device = "gps-" + unit.ID
		admin.call("PUT", inDistrict(u, "/units/%s", unit.ID), api.UnitEdit{CallSign: unit.CallSign, Mode: unit.Mode, Active: ref(true), Device: &unit.Device}, nil)
		var c api.Credentials
		admin.call("POST", inDistrict(u, "/devices/%s/credentials", unit.Device), map[string]any{"unit": unit.ID, "interval_s": 5}, &c)
		passwords[unit.Device] = c.Password
	}

	// The supervisor's page is open while the plan is made.
	live := supervisor.listen(u)
	first := as[api.Snapshot](t, live.next("snapshot", "a snapshot with the units", func(e told) bool {
		return len(as[api.Snapshot](t, e).Units) == 5 // a unit just saved is live soon, not at once
	}))
	if first.Shift.Code != "tarde" || first.Bar == nil || first.Bar.StreetKm < 50 {
		t.Errorf("first snapshot: shift %s, bar %+v, %d units", first.Shift.Code, first.Bar, len(first.Units))
	}
	joint := liaison.listen(u)
	var job api.Job
	supervisor.call("POST", inDistrict(u, "/plans"), api.PlanRequest{Shift: string(night), Seconds: ref(3), Seed: ref(int64(7))}, &job)
	live.next("job", "the calculation running", func(e told) bool {
		j := as[api.Job](t, e)
		return j.Id == job.Id && j.State == api.Running && j.Best != nil
	})
	job = as[api.Job](t, live.next("job", "the end of the calculation", func(e told) bool {
		j := as[api.Job](t, e)
		return j.Id == job.Id && j.State != api.Running
	}))
	if job.State != api.Done || job.Plan == nil {
		t.Fatalf("calculation: %s %v", job.State, text(job.Message))
	}
	for _, step := range []string{"approve", "publish"} {
		supervisor.call("POST", inDistrict(u, "/plans/%s/%s", *job.Plan, step), nil, nil)
	}
	live.next("plan", "the plan handed out", func(e told) bool {
		p := as[struct {
			ID    string
			State patrol.State
		}](t, e)
		return p.ID == *job.Plan && p.State == patrol.Published
	})
	plan := planOf(t, s.store, u, *job.Plan)
	checkOnMap(t, s, plan, shift)
	round := retained(t, s, u, "gps-C01", passwords["gps-C01"])
	if round.Plan != plan.ID || round.Shift != night || round.Unit != "C01" || len(round.Legs) < 10 || round.Start.Before(shift.Start) {
		t.Errorf("C01 was given plan %s of %s, unit %s, %d legs", round.Plan, round.Shift, round.Unit, len(round.Legs))
	}

	// The shift begins; half of it is driven.
	clock.reach(shift.Start)
	live.next("shift", "the beginning of the shift", nil)
	cfg := sim.Config{Plan: plan, Seed: 3, Interval: 5 * time.Second, Devices: map[string]string{}}
	for _, r := range plan.Rounds {
		cfg.Devices[r.Unit] = "gps-" + r.Unit
	}
	f, err := sim.New(cfg)
	must(t, err)
	d := &driver{fleet: f, clock: clock, ubigeo: u, passwords: passwords}
	half := shift.Start.Add(shift.End.Sub(shift.Start) / 2)
	d.drive(t, s, half)
	settle(live, clock)
	checkUnits(t, live, slices.Collect(maps.Keys(passwords))...)
	checkRising(t, live)

	// A restart: what was stored is all that is needed.
	before := stateOf(t, supervisor, u, night)
	lastID := live.feed.seen()[len(live.feed.seen())-1].id
	s.end()
	live.stop()
	joint.stop()
	s = runService(t, data, clock)
	if s.said == "" || regexp.MustCompile(`configurar`).MatchString(s.said) {
		t.Errorf("after a restart the service says %q", s.said)
	}
	liaison, supervisor = liaison.moved(s.URL()), supervisor.moved(s.URL())
	after := stateOf(t, supervisor, u, night)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the restart changed the state (-before +after):\n%s", diff)
	}
	eventually(t, patience, "rounds handed out after the restart", func() bool {
		return reflect.DeepEqual(round, retained(t, s, u, "gps-C01", passwords["gps-C01"]))
	})
	live = supervisor.listen(u)
	if e := live.next("snapshot", "a snapshot after the restart", nil); e.id == lastID {
		t.Errorf("event %s means two things", e.id)
	}
	quiet := liaison.listen(u)

	// The other half, and the end of the shift.
	d.drive(t, s, shift.End)
	clock.reach(shift.End.Add(time.Second))
	live.next("shift", "the end of the shift", nil)
	quiet.next("shift", "the end of the shift", nil)
	checkKept(t, s, supervisor, u, shift)
	for _, l := range []*line{joint, quiet} {
		checkDiscreet(t, l)
	}
}

func ref[T any](v T) *T { return &v }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// makeUp gives the district incidents and police, as the demonstration has.
func makeUp(t *testing.T, s *service, ubigeo string, loc *time.Location) {
	t.Helper()
	ctx := t.Context()
	v, err := s.store.Streets(ctx, ubigeo)
	must(t, err)
	g, err := routing.Decode(v.Graph)
	must(t, err)
	now := s.now()
	incidents, err := sim.Incidents(sim.IncidentsConfig{Seed: 1, Graph: g, From: now.AddDate(0, 0, -60), To: now, Loc: loc})
	must(t, err)
	_, _, err = s.store.SaveIncidents(ctx, ubigeo, incidents)
	must(t, err)
	defs, err := s.store.Shifts(ctx, ubigeo)
	must(t, err)
	presence, err := sim.Police(1, g, defs)
	must(t, err)
	must(t, s.store.ReplacePresence(ctx, ubigeo, "police", presence))
}

// checkOnMap fails if the plan cannot be driven on the district's streets.
func checkOnMap(t *testing.T, s *service, plan patrol.Plan, shift fleet.Shift) {
	t.Helper()
	d, err := s.store.District(t.Context(), plan.Ubigeo)
	must(t, err)
	g, _, err := s.streets.get(t.Context(), d, [2]time.Time{shift.Start, shift.End})
	must(t, err)
	for _, v := range patrol.Check(plan, g, patrol.Span{Start: shift.Start, End: shift.End}) {
		t.Errorf("plan: %s leg %d: %s: %s", v.Unit, v.Seq, v.Code, v.Message)
	}
}

// retained gives the round that a device gets when it connects.
func retained(t *testing.T, s *service, ubigeo, id, password string) roundMessage {
	t.Helper()
	rounds := newFeed[[]byte]()
	c, err := device.Dial(t.Context(), device.Config{Broker: "tcp://" + s.broker.Addr(), Ubigeo: ubigeo, Device: id, Password: password,
		OnRound: rounds.add, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	defer c.Close()
	body, _, err := rounds.find(t.Context(), 0, func([]byte) bool { return true })
	must(t, err)
	var m roundMessage
	must(t, json.Unmarshal(body, &m))
	return m
}

// checkUnits fails unless the events tell, of each device, that it is online and
// in one street after the other.
func checkUnits(t *testing.T, l *line, devices ...string) {
	t.Helper()
	streets := map[string]map[string]bool{}
	for _, e := range l.feed.seen() {
		if e.kind != "units" {
			continue
		}
		for _, v := range as[api.UnitsEvent](t, e).Units {
			if v.Street != nil && v.Link == fleet.LinkOnline {
				if streets[v.Device] == nil {
					streets[v.Device] = map[string]bool{}
				}
				streets[v.Device][*v.Street] = true
			}
		}
	}
	for _, id := range devices {
		if len(streets[id]) < 5 {
			t.Errorf("device %s was told in %d streets", id, len(streets[id]))
		}
	}
}

// checkRising fails if coverage did not rise while the fleet drove.
func checkRising(t *testing.T, l *line) {
	t.Helper()
	var seen []float64
	for _, e := range l.feed.seen() {
		if e.kind == "coverage" {
			seen = append(seen, as[watch.CoverageEvent](t, e).Bar.Serenazgo.Km)
		}
	}
	if steps := slices.Compact(slices.Clone(seen)); len(steps) < 3 || !slices.IsSorted(seen) || seen[len(seen)-1] < 10 {
		t.Errorf("kilometres covered: %.1f; want them to rise, beyond 10 km", seen)
	}
}

// state is what must not change by a restart.
type state struct {
	Coverage api.Coverage
	Plans    []api.PlanHead
	Rounds   []api.Round
}

func stateOf(t *testing.T, v *visitor, ubigeo string, shift fleet.ShiftID) state {
	t.Helper()
	var out state
	v.call("GET", inDistrict(ubigeo, "/coverage?shift=%s", shift), nil, &out.Coverage)
	v.call("GET", inDistrict(ubigeo, "/plans?shift=%s", shift), nil, &out.Plans)
	for _, h := range out.Plans {
		var p api.Plan
		v.call("GET", inDistrict(ubigeo, "/plans/%s", h.Id), nil, &p)
		out.Rounds = append(out.Rounds, p.Rounds...)
	}
	if len(out.Rounds) == 0 || out.Coverage.Bar == nil {
		t.Fatalf("no plan or no coverage: %+v", out)
	}
	return out
}

// checkKept compares the coverage that was kept of a shift with one computed
// from its stored fixes, and with what its plan promised.
func checkKept(t *testing.T, s *service, v *visitor, ubigeo string, shift fleet.Shift) {
	t.Helper()
	var shown api.Coverage
	v.call("GET", inDistrict(ubigeo, "/coverage?shift=%s", shift.ID), nil, &shown)
	raw, err := s.store.Coverage(t.Context(), ubigeo, shift.ID)
	must(t, err)
	kept, err := watch.ReadFinal(raw["joint"])
	must(t, err)
	if !shown.Final || shown.Bar == nil || *shown.Bar != kept.Bar && !cmp.Equal(*shown.Bar, kept.Bar) {
		t.Errorf("the page shows %+v, kept is %+v", shown.Bar, kept.Bar)
	}
	again, fixes := recompute(t, s, ubigeo, shift, shift.End)
	if got, want := kept.Snapshot.Totals, again.Totals; got != want {
		t.Errorf("kept %+v, recomputed %+v", got, want)
	}
	if !slices.Equal(kept.Snapshot.States, again.States) {
		t.Error("kept and recomputed coverage differ street by street")
	}
	if p := kept.Bar.PlannedPct; p == nil || kept.Bar.Serenazgo.Pct < *p-15 || kept.Bar.Serenazgo.Pct < 30 {
		t.Errorf("covered %.1f %%, planned %v", kept.Bar.Serenazgo.Pct, p)
	}
	t.Logf("%d fixes; %.1f of %.1f km covered (%.1f %%), planned %.1f %%", fixes, kept.Bar.Serenazgo.Km, kept.Bar.StreetKm, kept.Bar.Serenazgo.Pct, *kept.Bar.PlannedPct)
}

// recompute computes the coverage of a shift from nothing but what is stored,
// and tells how many fixes there are.
func recompute(t testing.TB, s *service, ubigeo string, shift fleet.Shift, at time.Time) (coverage.Snapshot, int) {
	t.Helper()
	ctx := t.Context()
	d, err := s.store.District(ctx, ubigeo)
	must(t, err)
	g, _, err := s.streets.get(ctx, d, [2]time.Time{shift.Start, shift.End})
	must(t, err)
	units, err := s.store.Units(ctx, ubigeo)
	must(t, err)
	set := coverage.Setup{Graph: g, Reachable: make([]bool, len(g.Segments)), Shift: shift, Config: coverage.DefaultConfig()}
	starts, err := patrol.Starts(g, units)
	must(t, err)
	for _, start := range slices.CompactFunc(starts, func(a, b routing.Start) bool { return a == b }) {
		r := g.Reachable(start.Mode, start.Base)
		for i := range set.Reachable {
			set.Reachable[i] = set.Reachable[i] || r.Segment(routing.SegmentID(i))
		}
	}
	var fixes []fleet.Fix
	for _, u := range units {
		set.Units = append(set.Units, coverage.Unit{ID: u.ID, Force: coverage.Municipal, Mode: u.Mode, Duty: coverage.Window{Start: shift.Start, End: shift.End}})
		fs, err := s.store.FixesOfUnit(ctx, ubigeo, u.ID, shift.Start, shift.End)
		must(t, err)
		fixes = append(fixes, fs...)
	}
	c, _, err := coverage.Recompute(set, fixes)
	must(t, err)
	return c.Snapshot(at), len(fixes)
}

// checkDiscreet fails if somebody who may see only joint figures was told of a
// unit or a calculation.
func checkDiscreet(t *testing.T, l *line) {
	t.Helper()
	if n := l.count("units") + l.count("job"); n > 0 {
		t.Errorf("the liaison was told %d times of units or calculations", n)
	}
	if l.count("coverage") == 0 {
		t.Error("the liaison was told of no coverage")
	}
	for _, e := range l.feed.seen() {
		if e.kind == "snapshot" && len(as[api.Snapshot](t, e).Units) > 0 {
			t.Errorf("the liaison's snapshot has units: %s", e.data)
		}
	}
}
