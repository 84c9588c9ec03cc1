package watch

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"go.uber.org/goleak"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ubigeo = "130102"

// block is a town of seven streets, 450 m each.
const block = `
a--------b--------c
|        |        |
|        |        |
|        |        |
|        |        |
|        |        |
|        |        |
|        |        |
|        |        |
d--------e--------f`

// world is a district followed by a Watch on a real store, with a clock of its
// own.
type world struct {
	t  testing.TB
	st *store.Store
	w  *Watch
	m  *routingtest.Map // nil: no streets

	mu     sync.Mutex
	now    time.Time
	events []Event

	broken error // of reading the streets
}

func lima(t testing.TB) *time.Location {
	loc, err := fleet.District{}.Location()
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// clock gives an instant of the local day 2026-11-21, or of one later.
func clock(t testing.TB, day, hour, minute int) time.Time {
	return time.Date(2026, 11, 21+day, hour, minute, 0, 0, lima(t)).UTC()
}

// newWorld makes a district with one car, C1, that carries the tracker g1.
func newWorld(t testing.TB, m *routingtest.Map, now time.Time) *world {
	wo := &world{t: t, m: m, now: now}
	wo.st = storetest.Open(t, store.Config{Now: wo.Now})
	wo.must(wo.st.SaveDistrict(t.Context(), fleet.District{Ubigeo: ubigeo, Name: "El Porvenir"}))
	wo.unit("C1", "g1")
	wo.restart()
	return wo
}

func (wo *world) must(err error) {
	wo.t.Helper()
	if err != nil {
		wo.t.Fatal(err)
	}
}

func (wo *world) unit(id, device string) {
	wo.t.Helper()
	wo.must(wo.st.SaveUnit(wo.t.Context(), fleet.Unit{Ubigeo: ubigeo, ID: id, CallSign: "Cazador " + id, Mode: routing.Car, Active: true, Device: device}))
}

// restart forgets everything that is not stored.
func (wo *world) restart() {
	wo.t.Helper()
	wo.w = New(Config{Source: wo.st, Tracker: fleet.NewTracker(fleet.TrackerConfig{}), Now: wo.Now, Emit: wo.emit, Logger: slog.New(complaints{wo}),
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			if wo.broken != nil {
				return nil, "", wo.broken
			}
			if wo.m == nil {
				return nil, "", fleet.ErrNotFound
			}
			return wo.m.Graph, "v1", nil
		}})
	wo.must(wo.w.ReloadAll(wo.t.Context()))
}

func (wo *world) Now() time.Time {
	wo.mu.Lock()
	defer wo.mu.Unlock()
	return wo.now
}

func (wo *world) set(now time.Time) {
	wo.mu.Lock()
	defer wo.mu.Unlock()
	wo.now = now
}

func (wo *world) emit(e Event) {
	wo.mu.Lock()
	defer wo.mu.Unlock()
	wo.events = append(wo.events, e)
}

// told gives the events of a kind since the last call, and forgets all.
func (wo *world) told(kind string) []Event {
	wo.mu.Lock()
	defer wo.mu.Unlock()
	var out []Event
	for _, e := range wo.events {
		if e.Type == kind {
			out = append(out, e)
		}
	}
	wo.events = nil
	return out
}

func (wo *world) snapshot() Snapshot {
	wo.t.Helper()
	s, err := wo.w.Snapshot(ubigeo)
	wo.must(err)
	return s
}

// complaints is a log handler: what the Watch calls an error fails the test.
type complaints struct{ wo *world }

func (c complaints) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (c complaints) WithAttrs([]slog.Attr) slog.Handler           { return c }
func (c complaints) WithGroup(string) slog.Handler                { return c }
func (c complaints) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool { text += fmt.Sprintf(" %s=%v", a.Key, a.Value); return true })
	c.wo.t.Errorf("the watch complains: %s", text)
	return nil
}

// send stores fixes as they come in and passes on the new ones; the clock goes
// with them.
func (wo *world) send(fixes ...fleet.Fix) {
	wo.t.Helper()
	fresh, err := wo.st.StoreFixes(wo.t.Context(), fixes)
	wo.must(err)
	wo.w.OnFresh(fresh)
}

// at is a fix of a unit.
func at(unit, device string, t time.Time, p orb.Point) fleet.Fix {
	nan := math.NaN()
	return fleet.Fix{Ubigeo: ubigeo, Device: device, Unit: unit, Time: t, Seq: t.UnixMilli(), Received: t, Point: p,
		Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
}

// drive goes along junctions at 5 m/s with a fix every 5 s.
func (wo *world) drive(letters string, start time.Time) []fleet.Fix {
	wo.t.Helper()
	line := orb.LineString{}
	for i := range len(letters) - 1 {
		l := wo.m.Line(wo.m.Arc(letters[i : i+2]))
		line = append(line, l[min(i, 1):]...)
	}
	var out []fleet.Fix
	for metres := 0.0; metres <= geo.Length(line); metres += 25 {
		out = append(out, at("C1", "g1", start.Add(time.Duration(metres/5)*time.Second), along(line, metres)))
	}
	return out
}

func along(line orb.LineString, metres float64) orb.Point {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		l := geo.Distance(a, b)
		if metres <= l {
			f := metres / l
			return orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
		}
		metres -= l
	}
	return line[len(line)-1]
}

// plan publishes a plan for C1: the streets, an hour each from the start of the
// shift, then a stop of 15 minutes at a junction.
func (wo *world) plan(shift fleet.Shift, stop string, streets ...string) patrol.Plan {
	wo.t.Helper()
	ctx := wo.t.Context()
	r := patrol.Round{Number: 1, Unit: "C1", CallSign: "Cazador C1", Mode: routing.Car, Base: wo.m.Nodes[wo.m.Node("a")].Point}
	t := shift.Start
	for _, s := range streets {
		sg := wo.m.Segment(s)
		r.Legs = append(r.Legs, patrol.Leg{Seq: len(r.Legs) + 1, Kind: patrol.Service, Start: t, End: t.Add(time.Hour), Segment: sg.ID, Name: s, Line: wo.m.Line(wo.m.Arc(s))})
		t = t.Add(time.Hour)
	}
	r.Legs = append(r.Legs, patrol.Leg{Seq: len(r.Legs) + 1, Kind: patrol.Stop, Start: t, End: t.Add(15 * time.Minute), Name: "Mercado", Point: wo.m.Nodes[wo.m.Node(stop)].Point})
	p, err := wo.st.SavePlan(ctx, patrol.Plan{Ubigeo: ubigeo, Shift: shift.ID, State: patrol.Draft, Streets: "v1", Figures: []byte("{}"), Rounds: []patrol.Round{r}})
	wo.must(err)
	wo.must(wo.st.SetPlanState(ctx, ubigeo, p.ID, patrol.Draft, patrol.Approved, "ana", shift.Start))
	wo.must(wo.st.SetPlanState(ctx, ubigeo, p.ID, patrol.Approved, patrol.Published, "ana", shift.Start))
	wo.must(wo.w.Reload(ctx, ubigeo))
	return p
}

// kept gives the coverage kept of a shift; nil: none.
func (wo *world) kept(shift fleet.ShiftID) *Final {
	wo.t.Helper()
	m, err := wo.st.Coverage(wo.t.Context(), ubigeo, shift)
	wo.must(err)
	raw, ok := m[keptAs]
	if !ok {
		return nil
	}
	f, err := ReadFinal(raw)
	wo.must(err)
	return &f
}
