package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const here = "010203" // begins with a zero

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

func TestDistricts(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	d := fleet.District{Ubigeo: here, Name: "La Peca", Province: "Bagua", TimeZone: "America/Lima", Simulated: true,
		Boundary: orb.MultiPolygon{{{{-78, -5}, {-77, -5}, {-77, -4}, {-78, -5}}}}}
	check(t, s.SaveDistrict(ctx, d))
	same(t, "district", d, must(s.District(ctx, here))(t))
	d.Simulated, d.Boundary, d.Name = false, nil, "La Peca Nueva"
	check(t, s.SaveDistrict(ctx, d))
	same(t, "all", []fleet.District{d}, must(s.Districts(ctx))(t))
	_, err := s.District(ctx, "010101")
	wantKind(t, "no such district", err, fleet.ErrNotFound)
	wantKind(t, "lost zero", s.SaveDistrict(ctx, fleet.District{Ubigeo: "10203", Name: "x"}), fleet.ErrInvalid)
	wantKind(t, "no such zone", s.SaveDistrict(ctx, fleet.District{Ubigeo: here, Name: "x", TimeZone: "America/Limón"}), fleet.ErrInvalid)
	wantKind(t, "no name", s.SaveDistrict(ctx, fleet.District{Ubigeo: here}), fleet.ErrInvalid)
}

func TestStreets(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	_, err := s.Streets(ctx, here)
	wantKind(t, "no streets yet", err, fleet.ErrNotFound)
	v1 := store.StreetVersion{Version: "2026-11-20", Source: "a.osm.pbf", ImportedAt: noon, ImportedBy: "ana", Report: json.RawMessage(`{"km": 12}`), Graph: []byte{1, 0, 255}}
	v2 := v1
	v2.Version, v2.ImportedAt, v2.Graph = "2026-11-21", noon.Add(time.Hour), []byte{2}
	check(t, s.SaveStreets(ctx, here, v1))
	check(t, s.SaveStreets(ctx, here, v2))
	v2.Current = true
	same(t, "current", v2, must(s.Streets(ctx, here))(t))
	v1.Graph, v2.Graph = nil, nil
	same(t, "versions", []store.StreetVersion{v2, v1}, must(s.StreetVersions(ctx, here))(t))
	v1.Graph = []byte{9}
	check(t, s.SaveStreets(ctx, here, v1)) // again: current, with the new graph
	v1.Current = true
	same(t, "current again", v1, must(s.Streets(ctx, here))(t))
	wantKind(t, "no graph", s.SaveStreets(ctx, here, store.StreetVersion{Version: "x"}), fleet.ErrInvalid)
}

func TestCorrections(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	c := routing.Correction{ID: "c1", Kind: routing.CorrectStreet, Line: orb.LineString{{-79, -8}, {-79.1, -8}}, Name: "Jr. Áncash", Modes: []routing.Mode{routing.Foot}, CreatedAt: noon}
	check(t, s.SaveCorrection(ctx, here, c))
	same(t, "saved", []routing.Correction{c}, must(s.Corrections(ctx, here))(t))
	renamed := c
	renamed.Name = "Jirón Áncash"
	check(t, s.SaveCorrection(ctx, here, renamed))
	same(t, "revised", []routing.Correction{renamed}, must(s.Corrections(ctx, here))(t))
	check(t, s.DeleteCorrection(ctx, here, "c1"))
	same(t, "deleted", []routing.Correction(nil), must(s.Corrections(ctx, here))(t))
	wantKind(t, "deleted twice", s.DeleteCorrection(ctx, here, "c1"), fleet.ErrNotFound)
	wantKind(t, "of another district", s.DeleteCorrection(ctx, "130102", "c1"), fleet.ErrNotFound)
	wantKind(t, "without an id", s.SaveCorrection(ctx, here, routing.Correction{}), fleet.ErrInvalid)
	h := must(s.CorrectionHistory(ctx, here, "c1"))(t)
	if len(h) != 3 || h[0].Correction.Name != c.Name || !h[2].Deleted || h[1].Deleted {
		t.Errorf("history: %+v", h)
	}
}

func TestIncidents(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	in := make([]hotspots.Incident, 4500)
	for i := range in {
		in[i] = hotspots.Incident{Key: fmt.Sprint("k", i), Type: [3]string{"Robo", "a persona"}, At: noon.Add(time.Duration(i) * time.Second), Point: orb.Point{-79, -8}, Origin: hotspots.OriginCall, Source: "f.csv", Row: i + 2, Simulated: i%2 == 0}
	}
	in[1].Known, in[1].Note = noon.Add(time.Hour), "zero\x00 and \xff"
	n, dup, err := s.SaveIncidents(ctx, here, append(in, in[7]))
	if err != nil || n != 4500 || dup != 1 {
		t.Fatalf("%d inserted, %d duplicates, %v", n, dup, err)
	}
	if n, dup, err = s.SaveIncidents(ctx, here, in[:10]); err != nil || n != 0 || dup != 10 {
		t.Errorf("again: %d inserted, %d duplicates, %v", n, dup, err)
	}
	in[1].Note = "zero\uFFFD and \uFFFD"
	same(t, "range", in[1:3], must(s.Incidents(ctx, here, noon.Add(time.Second), noon.Add(3*time.Second)))(t))
	same(t, "recent", in[4499:], must(s.RecentIncidents(ctx, here, 1))(t))
	same(t, "elsewhere", []hotspots.Incident(nil), must(s.Incidents(ctx, "130102", noon, noon.Add(time.Hour)))(t))
	for _, bad := range []hotspots.Incident{
		{At: noon}, {Key: "k"}, {Key: "k", At: noon, Point: orb.Point{0, 512}}, {Key: "k", At: noon, Point: orb.Point{math.NaN(), 0}},
	} {
		_, _, err := s.SaveIncidents(ctx, here, []hotspots.Incident{bad})
		wantKind(t, fmt.Sprint(bad), err, fleet.ErrInvalid)
	}
	check(t, s.ReplacePresence(ctx, here, "pnp", []patrol.Presence{{Kind: patrol.PresencePost, Geometry: orb.Point{1, 2}, Simulated: true}}))
	check(t, s.SaveDistrict(ctx, fleet.District{Ubigeo: here, Name: "x", Simulated: true}))
	same(t, "both kinds", []fleet.Simulated{fleet.SimulatedIncidents, fleet.SimulatedPolice}, must(s.SimulatedKinds(ctx, here))(t))
	if n := must(s.DeleteSimulated(ctx, here, fleet.SimulatedIncidents))(t); n != 2250 {
		t.Errorf("%d simulated incidents deleted", n)
	}
	if left := must(s.RecentIncidents(ctx, here, 9999))(t); len(left) != 2250 || left[0].Simulated {
		t.Errorf("%d incidents left after the simulated ones were deleted", len(left))
	}
	if d := must(s.District(ctx, here))(t); !d.Simulated || len(must(s.Presence(ctx, here))(t)) != 1 {
		t.Error("the simulated presence went with the incidents, or the label did")
	}
	same(t, "one kind", []fleet.Simulated{fleet.SimulatedPolice}, must(s.SimulatedKinds(ctx, here))(t))
	if n := must(s.DeleteSimulated(ctx, here, fleet.SimulatedPolice))(t); n != 1 {
		t.Errorf("%d features of simulated presence deleted", n)
	}
	same(t, "none", []fleet.Simulated(nil), must(s.SimulatedKinds(ctx, here))(t))
	_, err = s.DeleteSimulated(ctx, here, "weather")
	wantKind(t, "no such kind", err, fleet.ErrInvalid)
	if d := must(s.District(ctx, here))(t); d.Simulated || len(must(s.Presence(ctx, here))(t)) != 0 {
		t.Error("simulated presence or its label is left")
	}
}

func TestPresence(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	ps := []patrol.Presence{
		{Kind: patrol.PresenceRound, Name: "Móvil 1", Shift: "noche", Start: "22:00", End: "06:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: orb.LineString{{-79, -8}, {-79.1, -8.1}}},
		{Kind: patrol.PresenceSector, Name: "S1", Geometry: orb.MultiPolygon{{{{-79, -8}, {-78, -8}, {-78, -7}, {-79, -8}}}}, Simulated: true},
		{Kind: patrol.PresencePost, Name: "P1", Geometry: orb.Point{-79, -8}},
	}
	check(t, s.ReplacePresence(ctx, here, "a", ps[:2]))
	check(t, s.ReplacePresence(ctx, here, "b", ps[2:]))
	same(t, "all", ps, must(s.Presence(ctx, here))(t))
	check(t, s.ReplacePresence(ctx, here, "a", ps[1:2]))
	same(t, "replaced", ps[1:], must(s.Presence(ctx, here))(t))
	wantKind(t, "unknown kind", s.ReplacePresence(ctx, here, "a", []patrol.Presence{{Kind: "tank", Geometry: orb.Point{}}}), fleet.ErrInvalid)
	wantKind(t, "no geometry", s.ReplacePresence(ctx, here, "a", []patrol.Presence{{Kind: patrol.PresencePost}}), fleet.ErrInvalid)
	same(t, "after errors", ps[1:], must(s.Presence(ctx, here))(t))
}

func TestUnitsAndDevices(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	u := fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "Cazador 1", Mode: routing.Motorcycle, Plate: "EAB-123", Base: orb.Point{-79, -8}, Shifts: []string{"noche"}, Active: true, Device: "gps1"}
	v := fleet.Unit{Ubigeo: here, ID: "C02", CallSign: "Cazador 2"}
	check(t, s.SaveUnit(ctx, v))
	check(t, s.SaveUnit(ctx, u))
	same(t, "units", []fleet.Unit{u, v}, must(s.Units(ctx, here))(t))
	_, hash, err := s.DeviceLogin(ctx, here, "gps1")
	if err != nil || hash != "" {
		t.Errorf("login of a device without a password: %q, %v", hash, err)
	}
	d := fleet.Device{Ubigeo: here, ID: "gps1", Unit: "C02", Interval: 10 * time.Second, Known: true}
	check(t, s.SaveDevice(ctx, d, "hash"))
	check(t, s.SaveDevice(ctx, d, "")) // keeps the password
	got, hash, err := s.DeviceLogin(ctx, here, "gps1")
	if err != nil || hash != "hash" {
		t.Errorf("login: %q, %v", hash, err)
	}
	same(t, "device", d, got)
	u.Device, v.Device = "", "gps1"
	same(t, "device moved", []fleet.Unit{u, v}, must(s.Units(ctx, here))(t))
	must(s.StoreFixes(ctx, []fleet.Fix{fix(here, "stranger", noon, 1), fix(here, "gps1", noon, 1)}))(t)
	same(t, "devices", []fleet.Device{d, {Ubigeo: here, ID: "stranger"}}, must(s.Devices(ctx, here))(t))
	_, _, err = s.DeviceLogin(ctx, here, "stranger")
	wantKind(t, "login of an unregistered device", err, fleet.ErrNotFound)
	_, _, err = s.DeviceLogin(ctx, "130102", "gps1")
	wantKind(t, "login in another district", err, fleet.ErrNotFound)
	wantKind(t, "unit without id", s.SaveUnit(ctx, fleet.Unit{Ubigeo: here}), fleet.ErrInvalid)
}

func TestShifts(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	did := fleet.AuditRow{Ubigeo: here, Username: "ana", Action: "shifts.save", Detail: "noche 23:00-06:00"}
	same(t, "usual", fleet.DefaultShifts(), must(s.Shifts(ctx, here))(t))
	want := fleet.DefaultShifts()
	want[1].End, want[2].Start, want[2].Name = "23:00", "23:00", "Noche larga"
	check(t, s.SaveShifts(ctx, here, want, did))
	same(t, "changed", want, must(s.Shifts(ctx, here))(t))
	same(t, "elsewhere", fleet.DefaultShifts(), must(s.Shifts(ctx, "130102"))(t))
	check(t, s.SaveUnit(ctx, fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Shifts: []string{"manana", "noche"}, Active: true}))
	two := []fleet.ShiftDef{{Code: "dia", Name: "Día", Start: "06:00", End: "18:00"}, {Code: "noche", Name: "Noche", Start: "18:00", End: "06:00"}}
	err := s.SaveShifts(ctx, here, two, did)
	wantKind(t, "a shift that a unit works in goes", err, fleet.ErrConflict)
	var used fleet.ShiftInUse
	if !errors.As(err, &used) || used != (fleet.ShiftInUse{Code: "manana", Unit: "Cazador 1"}) {
		t.Errorf("it says %v", err)
	}
	wantKind(t, "overlap", s.SaveShifts(ctx, here, append(two, fleet.ShiftDef{Code: "x", Name: "X", Start: "01:00", End: "02:00"}), did), fleet.ErrInvalid)
	wantKind(t, "none", s.SaveShifts(ctx, here, nil, did), fleet.ErrInvalid)
	same(t, "refused changes", want, must(s.Shifts(ctx, here))(t))
	if rows := must(s.AuditRows(ctx, here, 9))(t); len(rows) != 1 || rows[0].Username != "ana" {
		t.Errorf("%d rows in the audit, want the one of the change that was made", len(rows))
	}
	check(t, s.SaveUnit(ctx, fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Shifts: []string{"noche"}, Active: true}))
	check(t, s.SaveShifts(ctx, here, two, did))
	same(t, "two", two, must(s.Shifts(ctx, here))(t))
}

// A shift that is planned goes only when the last planned one is over.
func TestPlannedShiftStays(t *testing.T) {
	now := noon
	s, ctx := storetest.Open(t, store.Config{Now: func() time.Time { return now }}), t.Context()
	save := func(ubigeo string, defs []fleet.ShiftDef) error {
		return s.SaveShifts(ctx, ubigeo, defs, fleet.AuditRow{Ubigeo: ubigeo, Action: "shifts.save"})
	}
	day := []fleet.ShiftDef{{Code: "dia", Name: "Día", Start: "06:00", End: "18:00"}}
	plan := must(s.SavePlan(ctx, samplePlan()))(t) // of the night of the 21st, 22:00 to 06:00 in Lima
	for _, at := range []string{"2026-11-21T12:00:00Z", "2026-11-22T03:30:00Z", "2026-11-22T10:59:00Z"} {
		now = must(time.Parse(time.RFC3339, at))(t)
		err := save(here, day)
		if used, ok := errors.AsType[fleet.ShiftInUse](err); !ok || used != (fleet.ShiftInUse{Code: "noche", Plan: tonight}) {
			t.Errorf("at %s: %v", at, err)
		}
	}
	check(t, save("130102", day))
	longer := fleet.DefaultShifts()
	longer[2].Name = "Noche larga"
	check(t, save(here, longer))
	now = time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC)
	check(t, save(here, day))
	if got := must(s.Plan(ctx, here, plan.ID))(t); got.ID != plan.ID {
		t.Errorf("the plan of the shift that went is %q", got.ID)
	}
}

func TestCoverage(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	check(t, s.SaveCoverage(ctx, here, "2026-11-21/noche", "municipal", json.RawMessage(`{"km":1}`)))
	check(t, s.SaveCoverage(ctx, here, "2026-11-21/noche", "municipal", json.RawMessage(`{"km": 2}`)))
	check(t, s.SaveCoverage(ctx, here, "2026-11-21/noche", "police", json.RawMessage(`[]`)))
	same(t, "coverage", map[string]json.RawMessage{"municipal": json.RawMessage(`{"km": 2}`), "police": json.RawMessage(`[]`)}, must(s.Coverage(ctx, here, "2026-11-21/noche"))(t))
	wantKind(t, "no JSON", s.SaveCoverage(ctx, here, "x", "y", json.RawMessage(`{`)), fleet.ErrInvalid)
}

func TestUsers(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	ana := fleet.User{Ubigeo: here, Username: "ana", Name: "Ana", PasswordHash: "h", Districts: map[string]fleet.Role{here: fleet.RoleAdmin, "130102": fleet.RoleAuditor}, CreatedAt: noon}
	check(t, s.CreateUser(ctx, ana))
	wantKind(t, "created twice", s.CreateUser(ctx, ana), fleet.ErrConflict)
	thief := ana
	thief.Ubigeo, thief.PasswordHash = "130102", "mine"
	wantKind(t, "taken over by another district", s.SaveUser(ctx, thief), fleet.ErrConflict)
	same(t, "by name", ana, must(s.UserByName(ctx, "ana"))(t))
	same(t, "seen from the other district", []fleet.User{ana}, must(s.Users(ctx, "130102"))(t))
	delete(ana.Districts, "130102")
	ana.Disabled = true
	check(t, s.SaveUser(ctx, ana))
	same(t, "changed", ana, must(s.UserByName(ctx, "ana"))(t))
	same(t, "no longer seen", []fleet.User(nil), must(s.Users(ctx, "130102"))(t))
	if n := must(s.CountUsers(ctx))(t); n != 1 {
		t.Errorf("%d users", n)
	}
	_, err := s.UserByName(ctx, "nobody\x00")
	wantKind(t, "no such user", err, fleet.ErrNotFound)
	bad := ana
	bad.Username = "Eva"
	wantKind(t, "upper case", s.SaveUser(ctx, bad), fleet.ErrInvalid)
	bad.Username, bad.Districts = "eva", map[string]fleet.Role{here: "king"}
	wantKind(t, "unknown role", s.SaveUser(ctx, bad), fleet.ErrInvalid)
	_, err = s.UserByName(ctx, "eva")
	wantKind(t, "half a user", err, fleet.ErrNotFound)
}

func TestSessions(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	v := fleet.Session{Ubigeo: here, TokenHash: [32]byte{1}, Username: "ana", CSRF: "c", CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), Remote: "::1"}
	w := v
	w.TokenHash, w.ExpiresAt = [32]byte{2}, noon.Add(2*time.Hour)
	check(t, s.SaveSession(ctx, v))
	check(t, s.SaveSession(ctx, w))
	same(t, "session", v, must(s.Session(ctx, v.TokenHash))(t))
	if n := must(s.DeleteExpiredSessions(ctx, noon.Add(time.Hour)))(t); n != 1 {
		t.Errorf("%d expired", n)
	}
	_, err := s.Session(ctx, v.TokenHash)
	wantKind(t, "expired", err, fleet.ErrNotFound)
	w.ExpiresAt = noon.Add(3 * time.Hour)
	check(t, s.ProlongSession(ctx, w.TokenHash, w.ExpiresAt))
	same(t, "prolonged", w, must(s.Session(ctx, w.TokenHash))(t))
	check(t, s.DeleteSession(ctx, w.TokenHash))
	check(t, s.DeleteSession(ctx, w.TokenHash))
	check(t, s.ProlongSession(ctx, w.TokenHash, w.ExpiresAt))
	_, err = s.Session(ctx, w.TokenHash)
	wantKind(t, "ended and prolonged", err, fleet.ErrNotFound)
	check(t, s.SaveSession(ctx, w))
	check(t, s.DeleteSessionsOf(ctx, "ana"))
	_, err = s.Session(ctx, w.TokenHash)
	wantKind(t, "all ended", err, fleet.ErrNotFound)
}

func TestLoginFailures(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	for i := range 3 {
		check(t, s.LoginFailed(ctx, "user ana", noon.Add(time.Duration(i)*time.Minute)))
	}
	n, last, err := s.LoginFailures(ctx, "user ana", noon)
	if err != nil || n != 2 || !last.Equal(noon.Add(2*time.Minute)) {
		t.Errorf("%d failures, last %v, %v", n, last, err)
	}
	if n, last, err := s.LoginFailures(ctx, "user eva", noon); err != nil || n != 0 || !last.IsZero() {
		t.Errorf("somebody else's: %d, %v, %v", n, last, err)
	}
	check(t, s.PruneLoginFailures(ctx, noon.Add(time.Minute)))
	check(t, s.ClearLoginFailures(ctx, "user ana"))
	if n, _, _ := s.LoginFailures(ctx, "user ana", time.Time{}); n != 0 {
		t.Errorf("%d failures after a good login", n)
	}
}

func TestSetupToken(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	token, wrong := [32]byte{7}, [32]byte{8}
	root := fleet.User{Ubigeo: "000000", Username: "root", PasswordHash: "h", Districts: map[string]fleet.Role{here: fleet.RoleAdmin}}
	check(t, s.SaveSetupToken(ctx, [32]byte{9}, noon.Add(time.Hour)))
	check(t, s.SaveSetupToken(ctx, token, noon.Add(time.Hour)))
	wantKind(t, "replaced", s.ConsumeSetupToken(ctx, [32]byte{9}, noon), fleet.ErrNotFound)
	wantKind(t, "wrong", s.CreateFirstUser(ctx, wrong, noon, root), fleet.ErrNotFound)
	wantKind(t, "expired", s.CreateFirstUser(ctx, token, noon.Add(time.Hour), root), fleet.ErrNotFound)
	bad := root
	bad.Username = "ROOT"
	wantKind(t, "bad account", s.CreateFirstUser(ctx, token, noon, bad), fleet.ErrInvalid)
	var won, lost int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			u := root
			u.Username = fmt.Sprint("root", i)
			err := s.CreateFirstUser(ctx, token, noon, u)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.Is(err, fleet.ErrNotFound):
				lost++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 || lost != 7 {
		t.Errorf("%d won and %d lost the race for one token", won, lost)
	}
	check(t, s.SaveSetupToken(ctx, token, noon.Add(time.Hour)))
	wantKind(t, "accounts exist", s.CreateFirstUser(ctx, token, noon, root), fleet.ErrConflict)
}

func TestAuditAndDeadLetters(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	rows := []fleet.AuditRow{
		{Ubigeo: here, At: noon, Username: "ana", Action: "login", Remote: "::1"},
		{Ubigeo: here, At: noon, Action: "login_failed", Subject: "x\x00", Detail: "\xff"},
	}
	for _, r := range rows {
		check(t, s.Audit(ctx, r))
	}
	check(t, s.Audit(ctx, fleet.AuditRow{At: noon, Action: "setup"}))
	rows[1].Subject, rows[1].Detail = "x\uFFFD", "\uFFFD"
	same(t, "audit", []fleet.AuditRow{rows[1], rows[0]}, must(s.AuditRows(ctx, here, 10))(t))
	if n := len(must(s.AuditRows(ctx, "000000", 10))(t)); n != 1 {
		t.Errorf("%d rows of no district", n)
	}
	d := fleet.DeadLetter{Ubigeo: "??", Received: noon, Topic: "a/\xff", Reason: "no JSON", Payload: []byte{0, 255}}
	check(t, s.SaveDeadLetter(ctx, d))
	d.Ubigeo, d.Topic = "000000", "a/\uFFFD"
	kept := must(s.DeadLetters(ctx, "000000", 10))(t)
	if len(kept) != 1 || kept[0].ID == 0 {
		t.Fatalf("kept %+v", kept)
	}
	d.ID = kept[0].ID
	same(t, "dead letters", []fleet.DeadLetter{d}, kept)
	check(t, s.DropDeadLetter(ctx, kept[0]))
	same(t, "after it was dropped", 0, len(must(s.DeadLetters(ctx, "000000", 10))(t)))
}
