package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/store"
)

// demoPassword is the password of every demonstration login. It is printed and
// shown on the login page; no other installation has it.
const demoPassword = "ronda-de-noche"

var demoLogins = []api.DemoLogin{
	{Username: "supervisor", Password: demoPassword, Role: fleet.RoleSupervisor},
	{Username: "operador", Password: demoPassword, Role: fleet.RoleOperator},
	{Username: "pnp", Password: demoPassword, Role: fleet.RoleLiaison},
	{Username: "auditor", Password: demoPassword, Role: fleet.RoleAuditor},
	{Username: "admin", Password: demoPassword, Role: fleet.RoleAdmin},
}

// demoCmd runs the whole service on a district of real streets with simulated
// incidents, police and fleet.
type demoCmd struct {
	Data        string  `help:"Folder of the demonstration's data (default: demo below ${default_data})." type:"path" placeholder:"DIR" env:"SERENAZGO_DEMO_HOME"`
	OSM         string  `name:"osm" help:"OpenStreetMap extract of another district." type:"path" placeholder:"FILE"`
	Boundary    string  `help:"Its boundary as GeoJSON." type:"path" placeholder:"GEOJSON"`
	Ubigeo      string  `help:"Its code, where the boundary has none." placeholder:"CODE"`
	Units       int     `help:"Patrol units: two cars for each motorcycle." default:"6"`
	Speedup     float64 `help:"How much faster than real time the demonstration runs." default:"20"`
	Seed        int64   `help:"Seed of everything that is simulated." default:"1"`
	PlanSeconds float64 `help:"Time to calculate a shift's plan." default:"8"`
	Listen      string  `help:"Address of the page and the API." default:"127.0.0.1:8080"`
	MQTTListen  string  `name:"mqtt-listen" help:"Address of the MQTT broker." default:"127.0.0.1:1883"`
	Verbose     bool    `short:"v" help:"Log more."`
}

// demo is a running demonstration.
type demo struct {
	cmd demoCmd
	app *App
	log *slog.Logger
	d   fleet.District

	mu    sync.Mutex
	clock sim.Clock
	next  chan patrol.Plan // a plan was published: drive it
}

// Run runs the demonstration until it is told to stop.
func (c demoCmd) Run(ctx context.Context) error {
	if c.Speedup <= 0 || c.Speedup > 600 {
		return badInputf("--speedup %v: give a number from above 0 to 600", c.Speedup)
	}
	if c.Units < 1 || c.Units > 200 {
		return badInputf("--units %d: give a number from 1 to 200", c.Units)
	}
	if c.Boundary != "" && c.OSM == "" {
		return badInputf("--boundary is for --osm FILE: give the extract too")
	}
	for _, given := range [...][2]string{{"--osm (make demo OSM=)", c.OSM}, {"--boundary (make demo BOUNDARY=)", c.Boundary}} {
		if fi, err := os.Stat(given[1]); given[1] != "" && (err != nil || fi.IsDir()) {
			return badInputf("%s: there is no file %s", given[0], given[1])
		}
	}
	if c.OSM != "" && c.Boundary == "" && c.Ubigeo == "" {
		return badInputf("--osm needs the district's boundary as well: --boundary GEOJSON (make demo BOUNDARY=), or --ubigeo CODE if the extract holds the boundary with that code")
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelInfo
	}
	now := time.Now()
	m := &demo{cmd: c, log: logger(level), clock: sim.Clock{Start: now, Began: now, Speedup: 1}, next: make(chan patrol.Plan, 1)}
	a, err := newApp(ctx, appConfig{Store: store.Config{Data: c.folder()}, Listen: c.Listen, MQTTListen: c.MQTTListen,
		Now: m.now, ClockRate: c.Speedup, DemoLogins: demoLogins, Logger: m.log})
	if err != nil {
		return interrupted(ctx, err)
	}
	defer a.Close()
	m.app = a
	a.onPublished = m.published
	if err := m.prepare(ctx); err != nil {
		return interrupted(ctx, err)
	}
	if err := m.setClock(ctx); err != nil {
		return interrupted(ctx, err)
	}
	m.print()
	defer context.AfterFunc(ctx, func() { fmt.Println("\n  Stopping; the next start goes on from here.") })()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.Run(ctx) })
	g.Go(func() error { return m.plan(ctx) })
	g.Go(func() error { return m.drive(ctx) })
	return g.Wait()
}

// folder keeps the demonstrations of different districts apart.
func (c demoCmd) folder() string {
	if c.Data != "" {
		return c.Data
	}
	name := "demo"
	if c.OSM != "" || c.Ubigeo != "" {
		h := fnv.New32a()
		fmt.Fprintln(h, c.OSM, c.Boundary, c.Ubigeo)
		name = fmt.Sprintf("demo-%08x", h.Sum32())
	}
	return filepath.Join(defaultData(), name)
}

func (m *demo) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.clock.Now(time.Now())
}

// setClock lets the demonstration begin with tonight's night shift, or go on
// where the last one was stopped.
func (m *demo) setClock(ctx context.Context) error {
	loc, err := m.d.Location()
	if err != nil {
		return err
	}
	real := time.Now()
	start := real
	defs, err := m.app.store.Shifts(ctx, m.d.Ubigeo)
	if err != nil {
		return err
	}
	for _, def := range defs {
		if def.Code == "noche" {
			night, err := def.On(real.In(loc).Format(time.DateOnly), loc)
			if err != nil {
				return err
			}
			start = night.Start
		}
	}
	last, err := m.app.store.LastFixes(ctx, m.d.Ubigeo)
	if err != nil {
		return err
	}
	for _, f := range last {
		if f.Time.After(start) {
			start = f.Time.Add(time.Second)
		}
	}
	m.mu.Lock()
	m.clock = sim.Clock{Start: start, Began: real, Speedup: m.cmd.Speedup}
	m.mu.Unlock()
	return nil
}

// print says where everything is.
func (m *demo) print() {
	fmt.Printf("\n  Serenazgo — demonstration on the real streets of %s\n  Incidents, police and vehicles are simulated; time runs %g times faster.\n\n", m.d.Name, m.cmd.Speedup)
	fmt.Printf("  Page   %s\n  MQTT   %s\n\n  Logins (password %s):\n", m.app.URL(), m.app.broker.Addr(), demoPassword)
	for _, l := range demoLogins {
		fmt.Printf("    %-11s %s\n", l.Username, l.Role)
	}
	fmt.Print("\n  Ctrl-C stops everything.\n\n")
}

// published has the fleet drive a plan that was handed out for the present shift.
func (m *demo) published(p patrol.Plan) {
	shift, ok := m.app.watch.Shift(p.Ubigeo)
	if !ok || p.Ubigeo != m.d.Ubigeo || p.Shift != shift.ID {
		return
	}
	for {
		select {
		case m.next <- p:
			return
		default:
		}
		select {
		case <-m.next: // an older one that nobody drives yet
		default:
		}
	}
}

// plan sees to it that every shift has a plan, as a supervisor would.
func (m *demo) plan(ctx context.Context) error {
	var have fleet.ShiftID
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if shift, ok := m.app.watch.Shift(m.d.Ubigeo); ok && shift.ID != have && shift.Contains(m.now()) {
			err := m.planShift(ctx, shift.ID)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				return fmt.Errorf("plan of %s: %w", shift.ID, err)
			}
			have = shift.ID
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// planShift takes the shift's published plan, or makes, approves and hands out
// one.
func (m *demo) planShift(ctx context.Context, id fleet.ShiftID) error {
	st := m.app.store
	plans, err := st.PlansOfShift(ctx, m.d.Ubigeo, id)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if p.State == patrol.Published {
			full, err := st.Plan(ctx, m.d.Ubigeo, p.ID)
			if err == nil {
				m.published(full)
			}
			return err
		}
	}
	p, err := draftPlan(ctx, st, m.d, id, planOptions{Seconds: m.cmd.PlanSeconds, Seed: m.cmd.Seed, By: "demo", At: m.now(), Terms: m.app.terms}, nil)
	if err != nil {
		return err
	}
	return m.app.putInForce(ctx, p, "demo")
}

// drive lets the simulated fleet drive the newest plan.
func (m *demo) drive(ctx context.Context) error {
	var running sync.WaitGroup
	driven := ""
	stop := func() {}
	defer func() {
		stop()
		running.Wait()
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-m.next:
			if p.ID == driven { // handed out once more
				continue
			}
			driven = p.ID
			stop()
			running.Wait()
			driving, cancel := context.WithCancel(ctx)
			stop = cancel
			running.Go(func() {
				if err := m.driveOne(driving, p); err != nil && !errors.Is(err, context.Canceled) && driving.Err() == nil {
					fmt.Fprintln(os.Stderr, "serenazgo: simulated fleet:", err)
				}
			})
		}
	}
}
