package ministry_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/serenazgo/serenazgo/api/export/ministry"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/relay"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const here = "130102"

// platform is a stub of the ministry's: it holds requests against the rules and
// keeps what it took.
type platform struct {
	mu     sync.Mutex
	now    func() time.Time
	last   map[string]time.Time // request, by vehicle or of all
	each   bool                 // the pause is kept for each vehicle
	taken  map[string]int       // by imei and fechaHora
	daily  map[string]int       // by imei and day
	broken []string             // rules broken
	fail   func(n int) int      // status instead of 201; 0: none
	again  string               // Retry-After beside a status
	n      int
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	raw, _ := io.ReadAll(r.Body)
	p.n++
	rule := func(format string, args ...any) { p.broken = append(p.broken, fmt.Sprintf(format, args...)) }
	if r.TLS == nil || r.TLS.Version < tls.VersionTLS12 || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		rule("request %s %v", r.Method, r.Header)
	}
	var points []map[string]any
	if err := json.Unmarshal(raw, &points); err != nil {
		points = []map[string]any{{}}
		if err := json.Unmarshal(raw, &points[0]); err != nil {
			rule("not JSON: %v", err)
		}
	}
	if len(points) == 0 || len(points) > 25 {
		rule("%d points in a request", len(points))
	}
	who := ""
	if p.each {
		who, _ = points[0]["imei"].(string)
	}
	if last, ok := p.last[who]; ok && p.now().Sub(last) < 5*time.Second {
		rule("a request %s after another", p.now().Sub(last))
	}
	p.last[who] = p.now()
	if status := p.fail(p.n); status != 0 {
		if p.again != "" {
			w.Header().Set("Retry-After", p.again)
		}
		w.WriteHeader(status)
		return
	}
	for _, x := range points {
		for _, k := range []string{"alarma", "altitud", "angulo", "distancia", "fechaHora", "horasMotor", "idMunicipalidad", "ignition", "imei", "latitud", "longitud", "motion", "placa", "totalDistancia", "totalHorasMotor", "ubigeo", "valid", "velocidad"} {
			if _, ok := x[k]; !ok {
				rule("no %s in %v", k, x)
			}
		}
		at, err := time.Parse("02/01/2006 15:04:05", x["fechaHora"].(string))
		if err != nil {
			rule("%v", err)
		}
		if x["velocidad"].(float64) == 66.6 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		imei := x["imei"].(string)
		day := imei + at.Format(time.DateOnly)
		if p.daily[day]++; p.daily[day] > 10_000 {
			rule("more than 10,000 points of %s", day)
		}
		p.taken[imei+" "+at.Format(time.DateTime)]++
	}
	w.WriteHeader(http.StatusCreated)
}

// desk is a relay on a real store and the stub, with a clock that the test
// moves and that sleeping moves.
type desk struct {
	t    *testing.T
	st   *store.Store
	p    *platform
	r    *relay.Relay
	mu   sync.Mutex
	now  time.Time
	sink *ministry.Platform
	open func(ubigeo string, s relay.Settings) (relay.Sink, error) // of the relay
}

func newDesk(t *testing.T, change func(*relay.Settings)) *desk {
	d := &desk{t: t, now: time.Now().UTC().Truncate(24 * time.Hour).Add(-12 * time.Hour)}
	clock := func() time.Time {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.now
	}
	d.st = storetest.Open(t, store.Config{Now: clock})
	d.p = &platform{now: clock, last: map[string]time.Time{}, taken: map[string]int{}, daily: map[string]int{}, fail: func(int) int { return 0 }}
	srv := httptest.NewTLSServer(d.p)
	t.Cleanup(srv.Close)
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	d.sink = ministry.NewPlatform(srv.URL, &tls.Config{RootCAs: pool}, true)
	t.Cleanup(d.sink.Close)
	d.open = func(string, relay.Settings) (relay.Sink, error) { return d.sink, nil }
	must(t, d.st.SaveDistrict(t.Context(), fleet.District{Ubigeo: here, Name: "El Porvenir", TimeZone: "America/Lima"}))
	s := relay.Defaults()
	s.On, s.Sink, s.URL, s.Municipality = true, relay.HTTPSSink, srv.URL, "130102-M"
	s.Vehicles = map[string]relay.Vehicle{"C01": {IMEI: "356307042441013", Plate: "EGA-123"}, "C02": {IMEI: "356307042441014", Plate: "EGA-124"}}
	change(&s)
	must(t, d.st.SaveRelay(t.Context(), here, s, fleet.AuditRow{Ubigeo: here, Action: "relay.save"}))
	d.r = d.process()
	return d
}

// process makes a relay on the desk's store, as another process does.
func (d *desk) process() *relay.Relay {
	clock := d.p.now
	return relay.New(relay.Config{Store: d.st, Now: clock, Open: func(ubigeo string, s relay.Settings) (relay.Sink, error) { return d.open(ubigeo, s) },
		Sleep: func(_ context.Context, dt time.Duration) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.now = d.now.Add(dt)
			return nil
		}})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drive stores n fixes of a unit, from an instant, received at another.
func (d *desk) drive(unit string, from time.Time, n int, every time.Duration, received time.Time, on bool, speed float64) {
	d.t.Helper()
	_, err := d.st.StoreFixes(d.t.Context(), d.fixes(unit, from, n, every, received, on, speed))
	must(d.t, err)
}

// fixes makes them.
func (d *desk) fixes(unit string, from time.Time, n int, every time.Duration, received time.Time, on bool, speed float64) (fixes []fleet.Fix) {
	for i := range n {
		at := from.Add(time.Duration(i) * every)
		got := at.Add(time.Second)
		if !received.IsZero() {
			got = received
		}
		nan := math.NaN()
		fixes = append(fixes, fleet.Fix{Ubigeo: here, Unit: unit, Device: "gps-" + unit, Time: at, Seq: int64(i), Received: got, Ignition: &on, Speed: speed,
			Point: orb.Point{-79 + float64(at.Unix()%100000)*1e-6, -8.08}, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan})
	}
	return fixes
}

// pass lets time pass, and the relay work as long.
func (d *desk) pass(dt time.Duration) {
	d.t.Helper()
	d.mu.Lock()
	end := d.now.Add(dt)
	d.mu.Unlock()
	for {
		waits, err := d.r.Pass(d.t.Context())
		must(d.t, err)
		d.mu.Lock()
		if !waits {
			d.now = d.now.Add(30 * time.Second)
		}
		over := d.now.After(end)
		d.mu.Unlock()
		if over {
			return
		}
	}
}

func (d *desk) rules() {
	d.t.Helper()
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	for _, b := range d.p.broken {
		d.t.Error("rule broken:", b)
	}
	for k, n := range d.p.taken {
		if n > 1 {
			d.t.Errorf("%s was sent %d times", k, n)
		}
	}
}

func (d *desk) taken() int { return len(d.p.taken) }

// TestHandsOn: moving vehicles every ten seconds, parked ones every three
// minutes, late fixes too, nothing twice, all within the rules.
func TestHandsOn(t *testing.T) {
	for _, pace := range []string{relay.PaceAll, relay.PaceVehicle} {
		t.Run(pace, func(t *testing.T) {
			d := newDesk(t, func(s *relay.Settings) {
				s.Pace = pace
				if pace == relay.PaceVehicle {
					s.Batch = 1
				}
			})
			d.p.each = pace == relay.PaceVehicle
			begin := d.now.Add(time.Minute)
			d.drive("C01", begin, 240, 5*time.Second, time.Time{}, true, 8) // 20 min
			d.drive("C02", begin, 120, 10*time.Second, time.Time{}, false, 0)
			d.pass(40 * time.Minute)
			if want := 120 + 7; d.taken() != want {
				t.Errorf("%d points taken, want %d", d.taken(), want)
			}
			// Ten minutes that C01 had kept for itself, an hour ago.
			d.drive("C01", begin.Add(25*time.Minute), 60, 10*time.Second, d.now, true, 8)
			d.pass(20 * time.Minute)
			if want := 120 + 7 + 60; d.taken() != want {
				t.Errorf("with those that came late %d points taken, want %d", d.taken(), want)
			}
			d.rules()
			first := "356307042441013 " + begin.In(time.FixedZone("", -5*3600)).Format(time.DateTime)
			if d.p.taken[first] != 1 {
				t.Errorf("no point %s in Lima's time", first)
			}
		})
	}
}

// TestPlatformDown: what cannot be handed on waits, in the store; a new process
// goes on where the old one stopped.
func TestPlatformDown(t *testing.T) {
	d := newDesk(t, func(*relay.Settings) {})
	begin := d.now.Add(time.Minute)
	d.p.fail = func(n int) int {
		if n < 6 {
			return 500
		}
		return 0
	}
	d.drive("C01", begin, 60, 10*time.Second, time.Time{}, true, 8)
	d.pass(12 * time.Minute)
	d.pass(12 * time.Minute)
	if d.taken() != 60 {
		t.Errorf("%d of 60 points taken", d.taken())
	}
	d.rules()
	if n, _, err := d.st.RelayWaiting(t.Context(), here); n != 0 || err != nil {
		t.Errorf("%d on their way: %v", n, err)
	}
}

// TestGaps: silence, what the platform refuses, and what is too much for a day
// are listed.
func TestGaps(t *testing.T) {
	d := newDesk(t, func(*relay.Settings) {})
	begin := d.now.Add(time.Minute)
	d.drive("C01", begin, 12, 10*time.Second, time.Time{}, true, 8)
	d.drive("C01", begin.Add(2*time.Minute), 1, time.Second, time.Time{}, true, 66.6/3.6) // the stub refuses it
	d.drive("C01", begin.Add(30*time.Minute), 6, 10*time.Second, time.Time{}, true, 8)
	d.pass(40 * time.Minute)
	gaps, err := d.st.RelayGaps(t.Context(), here, begin.Add(-time.Hour), begin.Add(2*time.Hour), 10)
	must(t, err)
	if len(gaps) != 2 || gaps[0].Reason != relay.Refused && gaps[1].Reason != relay.Refused {
		t.Fatalf("%+v", gaps)
	}
	for _, g := range gaps {
		if g.Reason == relay.Silence && (g.End.Sub(g.Start) != 28*time.Minute || g.Points != 0) || g.Reason == relay.Refused && g.Points != 1 {
			t.Errorf("%+v", g)
		}
	}
	if d.taken() != 18 {
		t.Errorf("%d points taken, want 18", d.taken())
	}
	d.rules()
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ministerio")
	f := ministry.Folder{Dir: dir}
	for range 2 {
		must(t, f.Send(t.Context(), []relay.Point{{IMEI: "356307042441013", Plate: "ÑA-1"}, {IMEI: "356307042441014"}}))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	must(t, err)
	if len(files) != 1 {
		t.Fatal(files)
	}
	in, err := os.Open(files[0])
	must(t, err)
	defer in.Close()
	lines := 0
	for s := bufio.NewScanner(in); s.Scan(); lines++ {
		var p relay.Point
		must(t, json.Unmarshal(s.Bytes(), &p))
	}
	if lines != 4 {
		t.Errorf("%d lines", lines)
	}
}

func TestSettings(t *testing.T) {
	good := relay.Defaults()
	good.Vehicles["C01"] = relay.Vehicle{IMEI: "356307042441013", Plate: "EGA-123"}
	must(t, good.Check())
	for name, change := range map[string]func(*relay.Settings){
		"sink":    func(s *relay.Settings) { s.Sink = "ftp" },
		"address": func(s *relay.Settings) { s.Sink, s.URL = relay.HTTPSSink, "http://x" },
		"batch":   func(s *relay.Settings) { s.Batch = 26 },
		"pace":    func(s *relay.Settings) { s.Pace = "" },
		"imei":    func(s *relay.Settings) { s.Vehicles = map[string]relay.Vehicle{"C01": {IMEI: "x", Plate: "y"}} },
		"police": func(s *relay.Settings) {
			s.Vehicles = map[string]relay.Vehicle{"C01": {IMEI: "12345", Plate: "y", Station: "1"}}
		},
		"nobody": func(s *relay.Settings) { s.On = true },
	} {
		s := good
		change(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), fleet.ErrInvalid.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
