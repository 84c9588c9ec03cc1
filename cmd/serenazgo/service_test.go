package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/mqtt/device"
	"github.com/serenazgo/serenazgo/store"
)

// handClock is a clock that goes on when the test says so, never back. Fleet
// and service share it.
type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) reach(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.now) {
		c.now = t
	}
}

// complaints is a log handler: what the service calls an error fails the test.
type complaints struct {
	t    testing.TB
	mu   *sync.Mutex
	over *bool
}

func (c complaints) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }
func (c complaints) WithAttrs([]slog.Attr) slog.Handler           { return c }
func (c complaints) WithGroup(string) slog.Handler                { return c }
func (c complaints) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += fmt.Sprintf(" %s=%v", a.Key, a.Value); return true })
	c.mu.Lock()
	defer c.mu.Unlock()
	if !*c.over {
		c.t.Errorf("the service complains: %s", text)
	}
	return nil
}

// service is an App that runs.
type service struct {
	*App
	t    testing.TB
	said string // when it began
	end  func()
}

// runService opens and runs an App with an embedded PostgreSQL in data, a page
// and a broker on free ports, and the clock.
func runService(t testing.TB, data string, clock *handClock) *service {
	t.Helper()
	c := complaints{t, &sync.Mutex{}, new(bool)}
	// Of a fast clock the service only needs to know that it is fast.
	a, err := newApp(t.Context(), appConfig{Store: store.Config{Data: data}, Listen: "127.0.0.1:0", MQTTListen: "127.0.0.1:0",
		Now: clock.Now, ClockRate: 60, Logger: slog.New(c)})
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if err := a.welcome(t.Context(), &said); err != nil {
		a.Close()
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	s := &service{App: a, t: t, said: said.String()}
	var once sync.Once
	s.end = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("the service ended with %v", err)
			}
			a.Close()
			c.mu.Lock()
			*c.over = true
			c.mu.Unlock()
		})
	}
	t.Cleanup(s.end)
	return s
}

// driver drives a plan with the simulated fleet through the real broker.
type driver struct {
	fleet     *sim.Fleet
	clock     *handClock
	ubigeo    string
	passwords map[string]string // by device
}

// step is how far the fleet goes before the clock follows it: the service is
// never told of fixes older than that, as if the shift were driven in real time.
const step = 20 * time.Second

// drive sends what the fleet sends until the clock reaches an instant, as fast
// as the service acknowledges it, and returns when all of it is stored. Devices
// drive side by side, step by step; the clock goes with them.
func (d *driver) drive(t testing.TB, s *service, until time.Time) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	clients := map[string]*device.Client{}
	for id, password := range d.passwords {
		c, err := device.Dial(ctx, device.Config{Broker: "tcp://" + s.broker.Addr(), Ubigeo: d.ubigeo, Device: id, Password: password, Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		defer c.Close()
		clients[id] = c
	}
	all := d.fleet.Messages()
	next := sort.Search(len(all), func(i int) bool { return !all[i].At.Before(d.clock.Now()) })
	for at := d.clock.Now(); at.Before(until); {
		at = at.Add(step)
		if at.After(until) {
			at = until
		}
		due := map[string][][]byte{}
		for ; next < len(all) && all[next].At.Before(at); next++ {
			due[all[next].Device] = append(due[all[next].Device], all[next].Payload)
		}
		var g errgroup.Group
		for id, payloads := range due {
			g.Go(func() error {
				for _, p := range payloads {
					if err := clients[id].Publish(ctx, p); err != nil {
						return fmt.Errorf("device %s: %w", id, err)
					}
				}
				return nil
			})
		}
		must(t, g.Wait())
		d.clock.reach(at)
	}
}

// settle returns when the service has counted all that it has stored, which it
// does in the background: before its second event of coverage from now on it
// has been through everything.
func settle(l *line, clock *handClock) {
	l.t.Helper()
	l.at = len(l.feed.seen())
	for range 2 {
		clock.reach(clock.Now().Add(30 * time.Second))
		l.next("coverage", "coverage that has settled", nil)
	}
}

// andorra is the extract of real streets that the program's own modules bring.
func andorra(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", demoModule).Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), filepath.FromSlash(demoExtract))
}

// planOf gives a plan as the store has it.
func planOf(t testing.TB, st *store.Store, ubigeo, id string) patrol.Plan {
	t.Helper()
	p, err := st.Plan(t.Context(), ubigeo, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// must ends the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// shiftOf gives a shift of a district.
func shiftOf(t testing.TB, st *store.Store, ubigeo string, id fleet.ShiftID) fleet.Shift {
	t.Helper()
	d, err := st.District(t.Context(), ubigeo)
	must(t, err)
	loc, err := d.Location()
	must(t, err)
	defs, err := st.Shifts(t.Context(), ubigeo)
	must(t, err)
	s, err := fleet.ResolveShift(id, defs, loc)
	must(t, err)
	return s
}

// addAdmin makes an administrator of every district of a store.
func addAdmin(t testing.TB, st *store.Store, name string) {
	t.Helper()
	ds, err := st.Districts(t.Context())
	must(t, err)
	hash, err := auth.HashPassword(adminPassword)
	must(t, err)
	u := fleet.User{Ubigeo: ds[0].Ubigeo, Username: name, Name: name, PasswordHash: hash, Districts: map[string]fleet.Role{}}
	for _, d := range ds {
		u.Districts[d.Ubigeo] = fleet.RoleAdmin
	}
	must(t, st.CreateUser(t.Context(), u))
}
