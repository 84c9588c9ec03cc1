package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"go.uber.org/goleak"
	"golang.org/x/crypto/argon2"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/api/live"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/report"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Two districts; the code of one begins with a zero.
const (
	here     = "010203"
	there    = "130102"
	password = "una frase larga"
	version  = "v1"
)

// nasty is a name that must pass through as data.
const nasty = `<script>alert("ñ")</script>'; --`

// noon is 15:30 in Lima, in the afternoon shift.
var noon = time.Date(2026, 11, 21, 20, 30, 0, 0, time.UTC)

const shift = "2026-11-21/tarde"

// site is the API on a real store, with both districts followed live.
type site struct {
	files int // of tracks that were kept
	t     testing.TB
	url   string
	st    *store.Store
	hub   *live.Hub
	watch *watch.Watch
	graph *routing.Graph
	auth  *auth.Service
	log   *locked
	parts *parts

	mu    sync.Mutex
	users map[string]*person // by user name
}

// parts stands for what the program wires in: calculations and imports.
type parts struct {
	st    *store.Store
	graph *routing.Graph

	mu        sync.Mutex
	changed   []string
	published []string
	replayed  []fleet.DeadLetter
	mailed    []string
	mailFails error
	imported  []api.Upload
}

func (p *parts) StartPlan(_ context.Context, d fleet.District, _ string, req api.PlanRequest) (api.Job, error) {
	return p.job(d.Ubigeo, req.Shift, *req.Seconds), nil
}

func (p *parts) job(ubigeo, shift string, seconds int) api.Job {
	return api.Job{Id: "job-" + ubigeo, State: api.Queued, Shift: shift, Seconds: seconds, History: []api.JobPoint{}}
}

func (p *parts) Job(_ context.Context, ubigeo, id string) (api.Job, error) {
	switch id {
	case "job-" + ubigeo:
		return p.job(ubigeo, shift, 20), nil
	case "panic":
		panic("a fault of ours")
	case "secret":
		return api.Job{}, fmt.Errorf("pgx: password=hunter2 at 10.1.1.1")
	}
	return api.Job{}, fleet.ErrNotFound
}

func (p *parts) StopJob(ctx context.Context, ubigeo, id string) (api.Job, error) {
	return p.Job(ctx, ubigeo, id)
}

func (p *parts) Jobs(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]api.Job, error) {
	return []api.Job{p.job(ubigeo, string(shift), 20)}, nil
}

func (p *parts) Sketch(ubigeo, id string) ([]patrol.Sketch, error) {
	if id != "job-"+ubigeo {
		return nil, fleet.ErrNotFound
	}
	return []patrol.Sketch{{Number: 1, Unit: "C-" + ubigeo, CallSign: nasty, Segments: []string{p.graph.Segments[0].ID}}}, nil
}

func (p *parts) Check(_ context.Context, _ fleet.District, plan patrol.Plan) ([]patrol.Violation, error) {
	return patrol.Check(plan, p.graph, patrol.Span{}), nil
}

func (p *parts) Corrected(ctx context.Context, d fleet.District) ([]routing.CorrectionResult, error) {
	cs, err := p.st.Corrections(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	_, results, err := routing.Apply(p.graph, cs, [2]time.Time{}, time.UTC)
	return results, err
}

func (p *parts) Plan(ctx context.Context, ubigeo, id string) (patrol.Plan, error) {
	return p.st.Plan(ctx, ubigeo, id)
}

func (p *parts) desk(ctx context.Context, d fleet.District, plan patrol.Plan) (*patrol.Desk, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	defs, err := p.st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	s, err := fleet.ResolveShift(plan.Shift, defs, loc)
	if err != nil {
		return nil, err
	}
	in := patrol.DraftInput{District: d, Graph: p.graph, Streets: version, Shift: s, Loc: loc}
	for _, r := range plan.Rounds {
		in.Units = append(in.Units, fleet.Unit{ID: r.Unit, Mode: r.Mode, Base: r.Base})
	}
	return patrol.NewDesk(in)
}

func (p *parts) Edit(ctx context.Context, d fleet.District, plan patrol.Plan, edits []patrol.Edit) (patrol.Change, error) {
	desk, err := p.desk(ctx, d, plan)
	if err != nil {
		return patrol.Change{}, err
	}
	return desk.Edit(plan, edits)
}

func (p *parts) Replan(ctx context.Context, d fleet.District, plan patrol.Plan, at time.Time, events []patrol.Event) (patrol.Change, error) {
	desk, err := p.desk(ctx, d, plan)
	if err != nil {
		return patrol.Change{}, err
	}
	return desk.Replan(plan, patrol.Situation{Now: at, Events: events})
}

func (p *parts) Keep(ctx context.Context, plan patrol.Plan, newest string, same patrol.Same, audit fleet.AuditRow) (patrol.Plan, error) {
	return p.st.SavePlanAfter(ctx, plan, newest, same, audit)
}

func (p *parts) Forecast(ctx context.Context, d fleet.District, s fleet.Shift) (*hotspots.Surface, error) {
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	grid, err := hotspots.NewGrid(d.Boundary, 10)
	if err != nil {
		return nil, err
	}
	ins, err := p.st.Incidents(ctx, d.Ubigeo, time.Time{}, s.Start)
	if err != nil {
		return nil, err
	}
	return hotspots.Forecast(grid, ins, hotspots.Target{Start: s.Start, End: s.End, Loc: loc})
}

func (p *parts) StartBacktest(_ context.Context, d fleet.District, by fleet.AuditRow) (api.Backtest, error) {
	return api.Backtest{Id: "test-" + d.Ubigeo, At: noon, By: by.Username, State: api.UnderWay}, nil
}

func (p *parts) Backtests(_ context.Context, ubigeo string) ([]api.Backtest, error) {
	return []api.Backtest{{Id: "test-" + ubigeo, At: noon, By: nasty, State: api.Complete}}, nil
}

func (p *parts) StreetReport(context.Context, string) (api.StreetReport, error) {
	raw := json.RawMessage(`{"km":1.5}`)
	return api.StreetReport{Report: &raw, Versions: []api.StreetVersion{{Version: version, Source: "a.osm.pbf", ImportedAt: noon, Current: true}}}, nil
}

func (p *parts) take(f api.Upload, dryRun bool) (api.ImportReport, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.imported = append(p.imported, f)
	return api.ImportReport{DryRun: dryRun, Message: "Leído.", Report: json.RawMessage(`{}`)}, nil
}

func (p *parts) ImportStreets(_ context.Context, _ fleet.District, f api.Upload, _ *api.Upload, _ *bool, dry bool, _ string) (api.ImportReport, error) {
	return p.take(f, dry)
}

func (p *parts) ImportIncidents(_ context.Context, _ fleet.District, f api.IncidentFile) (api.ImportReport, error) {
	return p.take(f.Upload, f.DryRun)
}

func (p *parts) ImportProgress(_, token string) (api.ImportProgress, bool) {
	return api.ImportProgress{Stage: api.ImportReading, Done: 7}, token == "known-token"
}

func (p *parts) ImportTracks(_ context.Context, _ fleet.District, f api.Upload, dry bool, _ fleet.AuditRow) (api.ImportReport, error) {
	return api.ImportReport{DryRun: dry, Message: f.Name, Report: json.RawMessage("{}")}, nil
}

func (p *parts) ImportPolice(_ context.Context, _ fleet.District, f api.Upload, dry bool, _ string) (api.ImportReport, error) {
	return p.take(f, dry)
}

// siteStreets are the streets of the test's districts.
func siteStreets() *routing.Graph { return routingtest.City(routingtest.Usual(3, 6, 6)) }

func siteBoundary(g *routing.Graph) orb.MultiPolygon {
	box := g.Segments[0].Line.Bound()
	for i := range g.Segments {
		box = box.Union(g.Segments[i].Line.Bound())
	}
	return orb.MultiPolygon{{box.ToRing()}}
}

// aCell is the first cell of the test's districts.
var aCell = sync.OnceValue(func() string {
	g, err := hotspots.NewGrid(siteBoundary(siteStreets()), 10)
	if err != nil {
		panic(err)
	}
	return g.Cell(0).String()
})

// newSite makes everything; change may alter the configuration.
func newSite(t testing.TB, change ...func(*api.Config)) *site {
	t.Helper()
	ctx := t.Context()
	st := storetest.Open(t, store.Config{Now: func() time.Time { return noon }})
	g := siteStreets()
	p := &parts{st: st, graph: g}
	s := &site{t: t, st: st, graph: g, log: &locked{}, parts: p, users: map[string]*person{}}
	s.fill()
	var err error
	if s.auth, err = auth.New(auth.Config{Store: st, Now: func() time.Time { return noon }}); err != nil {
		t.Fatal(err)
	}
	s.hub = live.NewHub(noon)
	now := func() time.Time { return noon }
	s.watch = watch.New(watch.Config{Source: st, Tracker: fleet.NewTracker(fleet.TrackerConfig{}), Now: now,
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			return g, version, nil
		},
		Emit: func(e watch.Event) {
			if us, ok := e.Body.([]watch.UnitView); ok {
				_ = s.hub.Publish(e.Ubigeo, e.Type, api.UnitsEvent{Units: us, ServerTime: noon})
			}
		}})
	if err := s.watch.ReloadAll(ctx); err != nil {
		t.Fatal(err)
	}
	maker := &daily.Maker{Source: st, Watch: s.watch, Profile: review.Profile{ID: "test/1", Bands: review.DefaultBands()}, Now: now, Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
		return g, version, nil
	}}
	cfg := api.Config{Store: st, Auth: s.auth, Hub: s.hub, Watch: s.watch, Planner: p, Importer: p, Now: now, ClockRate: 1, HandOutAhead: 45 * time.Minute, Ready: st.Ping,
		ReviewProfile: maker.Profile, Reviewed: maker.Review, StreetPresence: maker.StreetPresence,
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			return g, version, nil
		},
		Changed: func(_ context.Context, u string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.changed = append(p.changed, u)
		},
		Rekeyed: func(string, string) {},
		Replay: func(_ context.Context, _ string, ls []fleet.DeadLetter) (fleet.Replayed, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.replayed = append(p.replayed, ls...)
			return fleet.Replayed{Letters: len(ls), Left: map[string]int{"not JSON": len(ls)}}, nil
		},
		Mail: func(_ context.Context, _ report.Server, to []string, m report.Message) error {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.mailed = append(p.mailed, strings.Join(to, " ")+": "+m.Subject)
			return p.mailFails
		},
		Published: func(_ context.Context, pl patrol.Plan) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.published = append(p.published, pl.ID)
		},
		Metrics: api.Metrics(func() []api.Figure { return []api.Figure{{Name: "serenazgo_test_total", Value: 3}} }),
		Page:    http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "the page") }),
		Logger:  slog.New(slog.NewTextHandler(s.log, nil))}
	for _, f := range change {
		f(&cfg)
	}
	h, err := api.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	t.Cleanup(s.hub.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	s.url = srv.URL
	return s
}

// logged is what the log holds.
func (s *site) logged() string {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.w.String()
}

// locked lets many goroutines write.
type locked struct {
	mu sync.Mutex
	w  bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// fill stores the same things for both districts, under ids that say whose
// they are.
func (s *site) fill() {
	ctx := s.t.Context()
	boundary := siteBoundary(s.graph)
	for _, u := range []string{here, there} {
		s.must(s.st.SaveDistrict(ctx, fleet.District{Ubigeo: u, Name: "Distrito " + u, Province: nasty, TimeZone: "America/Lima",
			Boundary: boundary}))
		s.must(s.st.SaveUnit(ctx, fleet.Unit{Ubigeo: u, ID: "C-" + u, CallSign: "Cazador " + u + nasty, Mode: routing.Car, Active: true, Device: "gps-" + u, Base: s.graph.Nodes[0].Point}))
		s.must(s.st.SaveDevice(ctx, fleet.Device{Ubigeo: u, ID: "gps-" + u, Unit: "C-" + u, Interval: 10 * time.Second, Known: true}, ""))
		var ins []hotspots.Incident
		var fixes []fleet.Fix
		for i := range 40 {
			p := s.graph.Segments[i%7].Line[0]
			ins = append(ins, hotspots.Incident{Key: fmt.Sprint(u, "-", i), Type: [3]string{"PATRIMONIO", nasty}, At: noon.Add(-time.Duration(i+1) * 31 * time.Hour), Point: p, Note: nasty})
			fixes = append(fixes, fleet.Fix{Ubigeo: u, Device: "gps-" + u, Unit: "C-" + u, Time: noon.Add(time.Duration(i-40) * 10 * time.Second), Seq: int64(i),
				Received: noon, Point: orb.Point{p[0] + float64(i)*1e-6, p[1]}, Speed: 5})
		}
		_, err := s.st.ImportIncidents(ctx, u, hotspots.Import{ID: "archivo-" + u, File: nasty, At: noon, By: "ana", Rows: len(ins) + 1, Rejected: 1, First: noon, Last: noon,
			Header: []string{"fecha", nasty}, Comma: ","}, ins, []hotspots.Rejected{{Row: 3, Reason: nasty, Raw: "ayer,x"}}, fleet.AuditRow{Ubigeo: u, Action: "import.incidents", Username: "ana", Remote: "127.0.0.1"}, nil)
		s.must(err)
		_, err = s.st.StoreFixes(ctx, fixes)
		s.must(err)
		s.must(s.st.ReplacePresence(ctx, u, "police", []patrol.Presence{{Kind: patrol.PresencePost, Name: nasty + u, Start: "00:00", End: "23:59", Mode: "foot", Units: 1, Trust: 1,
			Geometry: s.graph.Nodes[2].Point}}))
		s.must(s.st.SaveFence(ctx, u, journal.Fence{ID: "zona-" + u, Name: nasty, Kind: journal.Sector, Geometry: boundary}))
		s.must(s.st.SaveShare(ctx, fleet.ShareLink{Ubigeo: u, ID: "enlace-" + u, Units: []string{"C-" + u}, Note: nasty, CreatedAt: noon, CreatedBy: "ana", ExpiresAt: noon.Add(time.Hour)},
			sha256.Sum256([]byte(u)), fleet.AuditRow{Ubigeo: u, At: noon.Add(-time.Hour), Username: "ana", Action: "share.make", Remote: "127.0.0.1"}))
		s.must(s.st.SaveHold(ctx, u, retain.Hold{ID: "orden-" + u, Start: noon.Add(-time.Hour), End: noon, Reason: nasty, CreatedAt: noon, CreatedBy: "ana"},
			fleet.AuditRow{Ubigeo: u, At: noon.Add(-time.Hour), Username: "ana", Action: "hold.make", Remote: "127.0.0.1"}))
		s.must(s.st.SaveRetentionRun(ctx, u, retain.Run{Started: noon.Add(-time.Hour), Days: 3, Done: 3, Held: 1, Unsummed: []string{"2026-01-01"}}))
		s.must(s.st.SaveMailReport(ctx, u, report.Schedule{ID: "parte-" + u, Name: "Parte", Every: report.Daily, Clock: "07:00", Recipients: []string{"jefe@example.pe"}, Since: noon},
			fleet.AuditRow{Ubigeo: u, At: noon.Add(-time.Hour), Username: "ana", Action: "mail.report", Remote: "127.0.0.1"}))
		s.must(s.st.SaveDeadLetter(ctx, fleet.DeadLetter{Ubigeo: u, Received: noon, Topic: "x/" + u, Reason: "not JSON", Payload: []byte("\xff<b>\x00")}))
		s.must(s.st.SaveCorrection(ctx, u, routing.Correction{ID: "fix-" + u, Kind: routing.CorrectName, Segment: s.graph.Segments[0].ID, Name: nasty}))
		s.meet(u)
		for _, id := range []string{"draft-", "approved-"} {
			_, err := s.st.SavePlan(ctx, s.plan(u, id+u))
			s.must(err)
		}
		s.must(s.st.SetPlanState(ctx, u, "approved-"+u, patrol.Draft, patrol.Approved, "x", noon))
	}
}

// plan is a short round there and back, with a stop.
func (s *site) plan(ubigeo, id string) patrol.Plan {
	at := time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC)
	r := patrol.Round{Number: 1, Unit: "C-" + ubigeo, CallSign: "Cazador " + ubigeo + nasty, Mode: routing.Car, Base: s.graph.Nodes[0].Point}
	add := func(l patrol.Leg) {
		l.Seq, l.Start, l.End = len(r.Legs)+1, at, at.Add(2*time.Minute)
		at = l.End
		r.Legs = append(r.Legs, l)
	}
	a := s.graph.Out(0)[0]
	for _, arc := range []routing.Arc{a, a.Opposite(), a, a.Opposite()} {
		sg := s.graph.Segment(arc)
		kind := patrol.Service
		if len(r.Legs) > 1 {
			kind = patrol.Repeat
		}
		add(patrol.Leg{Kind: kind, Segment: sg.ID, Name: sg.Label, WayIDs: sg.WayIDs, Line: s.graph.Line(arc)})
		r.Metres += geo.Length(sg.Line)
	}
	add(patrol.Leg{Kind: patrol.Stop, Name: nasty, Reason: "hot", Point: r.Base})
	return patrol.Plan{Ubigeo: ubigeo, ID: id, Shift: shift, State: patrol.Draft, Seed: 7, Streets: version, CreatedAt: noon, CreatedBy: "ana",
		Figures: json.RawMessage(`{"coverage_pct":99.5}`), Rounds: []patrol.Round{r}}
}

// person is somebody with a browser.
type person struct {
	s      *site
	tb     testing.TB // nil: the site's
	cookie string
	csrf   string
	header http.Header // more, sent with every request
}

// cheap is the hash of everybody's password, made with so little work that the
// tests are quick.
func cheap() string {
	salt := []byte("salt and pepper")
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, b64(salt), b64(argon2.IDKey([]byte(password), salt, 1, 8, 1, 32)))
}

// as logs somebody in who has the role in the districts.
func (s *site) as(role fleet.Role, districts ...string) *person {
	s.t.Helper()
	name := string(role) + "." + strings.Join(districts, ".")
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.users[name]; p != nil {
		return p
	}
	u := fleet.User{Ubigeo: districts[0], Username: name, Name: nasty, PasswordHash: cheap(), Districts: map[string]fleet.Role{}}
	for _, d := range districts {
		u.Districts[d] = role
	}
	s.must(s.st.CreateUser(s.t.Context(), u))
	token, v, _, err := s.auth.Login(s.t.Context(), name, password, "test")
	s.must(err)
	p := &person{s: s, cookie: token, csrf: v.CSRF}
	s.users[name] = p
	return p
}

// nobody is not logged in.
func (s *site) nobody() *person { return &person{s: s} }

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
	req    *http.Request
}

// reason is the code of an error answer.
func (a answer) reason() string {
	var e api.Error
	if json.Unmarshal(a.body, &e) != nil {
		return ""
	}
	return string(e.Error.Code)
}

// in makes the person act in a part of the test.
func (p *person) in(t testing.TB) *person { return &person{p.s, t, p.cookie, p.csrf, p.header} }

func (p *person) t() testing.TB {
	if p.tb != nil {
		return p.tb
	}
	return p.s.t
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do sends a request; a body that is not a string or bytes is sent as JSON.
func (p *person) do(method, path string, body any) answer {
	t := p.t()
	t.Helper()
	var r io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	case []byte:
		r = bytes.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		must(t, err)
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, p.s.url+path, r)
	must(t, err)
	if r != nil {
		req.Header.Set("Content-Type", kind)
	}
	if p.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "serenazgo_session", Value: p.cookie})
	}
	if p.csrf != "" {
		req.Header.Set("X-CSRF-Token", p.csrf)
	}
	for k, v := range p.header {
		req.Header[k] = v
	}
	res, err := (&http.Client{Transport: http.DefaultTransport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	must(t, err)
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return answer{res.StatusCode, res.Header, nil, req} // it never ends
	}
	raw, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res.StatusCode, res.Header, raw, req}
}

// want sends a request and fails the test unless it is answered so.
func (p *person) want(status int, method, path string, body any) answer {
	t := p.t()
	t.Helper()
	a := p.do(method, path, body)
	if a.status != status {
		t.Fatalf("%s %s: %d %s, want %d", method, path, a.status, a.body, status)
	}
	return a
}
