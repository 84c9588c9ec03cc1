package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/mqtt/device"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// The demonstration district: Andorra la Vella, whose streets come with a module
// that the program is built from. It is no Peruvian district, so its code is one
// that INEI does not use.
const (
	demoRelation = 2804753
	demoUbigeo   = "990001"
	demoName     = "Andorra la Vella"
	demoZone     = "Europe/Andorra"
	demoModule   = "github.com/paulmach/osm"
	demoExtract  = "testdata/andorra-latest.osm.bz2"
	demoDays     = 400 // of simulated incidents
)

// extractOf finds the extract of the demonstration district in the module cache.
func extractOf(ctx context.Context) (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", badInputf("this build does not say what it was built from; give an extract with --osm FILE")
	}
	for _, m := range info.Deps {
		if m.Path != demoModule {
			continue
		}
		out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", m.Path+"@"+m.Version).Output()
		if err == nil {
			if _, dir, ok := strings.Cut(string(out), `"Dir": "`); ok {
				dir, _, _ = strings.Cut(dir, `"`)
				return filepath.Join(dir, filepath.FromSlash(demoExtract)), nil
			}
		}
		return "", badInputf("the demonstration's streets come with %s %s, which go did not find (%v); give an extract with --osm FILE", m.Path, m.Version, err)
	}
	return "", badInputf("this build lacks the demonstration's streets; give an extract with --osm FILE")
}

// prepare brings the district, its simulated data, the units and the logins into
// the store, where they are not there yet.
func (m *demo) prepare(ctx context.Context) error {
	st := m.app.store
	ds, err := st.Districts(ctx)
	if err != nil {
		return err
	}
	if len(ds) > 0 {
		m.d = ds[0]
	} else if err := m.firstTime(ctx); err != nil {
		return err
	}
	for _, l := range demoLogins {
		if _, err := st.UserByName(ctx, l.Username); err == nil {
			continue
		} else if !errors.Is(err, fleet.ErrNotFound) {
			return err
		}
		hash, err := auth.HashPassword(l.Password)
		if err != nil {
			return err
		}
		u := fleet.User{Ubigeo: m.d.Ubigeo, Username: l.Username, Name: demoNames[l.Role], PasswordHash: hash, Districts: map[string]fleet.Role{m.d.Ubigeo: l.Role}}
		if err := st.CreateUser(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

var demoNames = map[fleet.Role]string{
	fleet.RoleSupervisor: "Supervisor de turno", fleet.RoleOperator: "Operador CECOM", fleet.RoleLiaison: "Enlace PNP",
	fleet.RoleAuditor: "Auditor", fleet.RoleAdmin: "Administrador",
}

// firstTime imports the streets and makes everything up that is simulated.
func (m *demo) firstTime(ctx context.Context) error {
	src := osm.Source{File: m.cmd.OSM, BoundaryFile: m.cmd.Boundary, Ubigeo: m.cmd.Ubigeo}
	more := newDistrict{Demo: true}
	if src.File == "" {
		file, err := extractOf(ctx)
		if err != nil {
			return err
		}
		src = osm.Source{File: file, Relation: demoRelation, Ubigeo: demoUbigeo}
		more.Name, more.TimeZone = demoName, demoZone
	}
	p := newProgress("demo: streets")
	src.Progress = func(done float64, note string) { p.Set(done, 1, note) }
	imp, err := osm.Load(ctx, src)
	p.Done()
	if err != nil {
		return badInput(err)
	}
	if err := imp.CheckUbigeo(); err != nil {
		return badInput(err)
	}
	st := m.app.store
	// The district comes last: a start that was broken off begins anew.
	g := imp.Graph
	loc, err := fleet.District{TimeZone: more.TimeZone}.Location()
	if err != nil {
		return err
	}
	now := time.Now()
	incidents, err := sim.Incidents(sim.IncidentsConfig{Seed: m.cmd.Seed, Graph: g, From: now.AddDate(0, 0, -demoDays), To: now, Loc: loc})
	if err != nil {
		return err
	}
	if _, _, err := st.SaveIncidents(ctx, imp.Ubigeo, incidents); err != nil {
		return err
	}
	presence, err := sim.Police(m.cmd.Seed, g, fleet.DefaultShifts())
	if err != nil {
		return err
	}
	if err := st.ReplacePresence(ctx, imp.Ubigeo, "police", presence); err != nil {
		return err
	}
	for _, u := range demoUnits(imp.Ubigeo, m.cmd.Units) {
		if err := st.SaveUnit(ctx, u); err != nil {
			return err
		}
	}
	var rep streetsReport
	if err := saveStreets(ctx, st, imp, more, filepath.Base(src.File), "demo", now, &rep); err != nil {
		return err
	}
	d, err := st.District(ctx, imp.Ubigeo)
	if err != nil {
		return err
	}
	d.Simulated, d.Demo = true, true
	m.d = d
	return st.SaveDistrict(ctx, d)
}

// demoUnits makes n units, two cars for each motorcycle.
func demoUnits(ubigeo string, n int) []fleet.Unit {
	var out []fleet.Unit
	cars, bikes := 0, 0
	for i := range n {
		u := fleet.Unit{Ubigeo: ubigeo, Active: true, Mode: routing.Car}
		if i%3 == 2 {
			bikes++
			u.Mode = routing.Motorcycle
			u.ID, u.CallSign = fmt.Sprintf("M%02d", bikes), fmt.Sprintf("Cazador %d", bikes)
		} else {
			cars++
			u.ID, u.CallSign = fmt.Sprintf("C%02d", cars), fmt.Sprintf("Halcón %d", cars)
		}
		u.Device = sim.DeviceOf(u.ID)
		out = append(out, u)
	}
	return out
}

// driveOne lets the fleet drive one plan through the broker, as real devices do.
func (m *demo) driveOne(ctx context.Context, p patrol.Plan) error {
	const interval = 5 * time.Second
	passwords := map[string]string{}
	for _, r := range p.Rounds {
		id := sim.DeviceOf(r.Unit)
		password, hash, err := fleet.NewDeviceSecret()
		if err != nil {
			return err
		}
		if err := m.app.store.SaveDevice(ctx, fleet.Device{Ubigeo: p.Ubigeo, ID: id, Unit: r.Unit, Interval: interval, Known: true}, hash); err != nil {
			return err
		}
		m.app.broker.Kick(p.Ubigeo, id)
		passwords[id] = password
	}
	f, err := sim.New(sim.Config{Plan: p, Seed: m.cmd.Seed, Interval: interval})
	if err != nil {
		return err
	}
	door, err := device.DialFleet(ctx, device.Config{Broker: "tcp://" + m.app.broker.Addr(), Ubigeo: p.Ubigeo, Logger: logger(slog.LevelWarn)}, passwords)
	if err != nil {
		return err
	}
	defer door.Close()
	m.mu.Lock()
	clock := m.clock
	m.mu.Unlock()
	clock.Start, clock.Began = m.now(), time.Now()
	return f.Run(ctx, clock, door.Publish)
}

// putInForce approves and hands out a plan, and has everybody told.
func (a *App) putInForce(ctx context.Context, p patrol.Plan, by string) error {
	for _, step := range [][2]patrol.State{{patrol.Draft, patrol.Approved}, {patrol.Approved, patrol.Published}} {
		if err := a.store.SetPlanState(ctx, p.Ubigeo, p.ID, step[0], step[1], by, a.now().UTC()); err != nil {
			return err
		}
	}
	p, err := a.store.Plan(ctx, p.Ubigeo, p.ID)
	if err != nil {
		return err
	}
	a.changed(ctx, p.Ubigeo)
	a.published(ctx, p)
	return a.hub.Publish(p.Ubigeo, "plan", api.PlanEventOf(p))
}
