package ministry_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api/export/ministry"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/relay"
)

// elapse moves the desk's clock.
func (d *desk) elapse(dt time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(dt)
}

// TestStoredLongAfterReception: what was received is handed on whenever it is
// stored, though later fixes went before it.
func TestStoredLongAfterReception(t *testing.T) {
	d := newDesk(t, func(*relay.Settings) {})
	begin := d.now.Add(time.Minute)
	d.drive("C01", begin, 12, 10*time.Second, time.Time{}, true, 8)
	d.drive("C01", begin.Add(10*time.Minute), 6, 10*time.Second, time.Time{}, true, 8)
	d.pass(20 * time.Minute)
	d.drive("C01", begin.Add(5*time.Minute), 6, 10*time.Second, time.Time{}, true, 8) // received in time, stored only now
	d.pass(5 * time.Minute)
	if want := 12 + 6 + 6; d.taken() != want {
		t.Errorf("%d points taken, want %d", d.taken(), want)
	}
	d.rules()
}

// TestFullRate: while points wait, a request goes as soon as the platform allows
// one.
func TestFullRate(t *testing.T) {
	d := newDesk(t, func(*relay.Settings) {})
	const n = 1000
	d.drive("C01", d.now.Add(time.Second), n, 10*time.Second, time.Time{}, true, 8)
	d.elapse(n*10*time.Second + time.Minute)
	from := d.now
	for d.taken() < n && d.now.Sub(from) < time.Hour {
		d.pass(0)
	}
	// Passes may end within a pause.
	if took, least := d.now.Sub(from), n/relay.MaxBatch*relay.Pause; took > least*5/4 {
		t.Errorf("%d points took %s, and could have gone in %s", n, took, least)
	}
	d.rules()
}

// TestDeniedStallsNobody: a platform that denies one district does not keep
// another one's points.
func TestDeniedStallsNobody(t *testing.T) {
	const other = "150131"
	d := newDesk(t, func(*relay.Settings) {})
	d.p.fail = func(int) int { return http.StatusUnauthorized }
	must(t, d.st.SaveDistrict(t.Context(), fleet.District{Ubigeo: other, Name: "San Isidro", TimeZone: "America/Lima"}))
	s := relay.Defaults()
	s.On, s.Municipality, s.Vehicles = true, "150131-M", map[string]relay.Vehicle{"C09": {IMEI: "356307042441099", Plate: "EGA-999"}}
	must(t, d.st.SaveRelay(t.Context(), other, s, fleet.AuditRow{Ubigeo: other, Action: "relay.save"}))
	files := ministry.Folder{Dir: t.TempDir()}
	d.open = func(ubigeo string, _ relay.Settings) (relay.Sink, error) {
		if ubigeo == other {
			return files, nil
		}
		return d.sink, nil
	}
	begin := d.now.Add(time.Second)
	d.drive("C01", begin, 30, 10*time.Second, time.Time{}, true, 8)
	fixes := d.fixes("C09", begin, 30, 10*time.Second, time.Time{}, true, 8)
	for i := range fixes {
		fixes[i].Ubigeo = other
	}
	_, err := d.st.StoreFixes(t.Context(), fixes)
	must(t, err)
	d.elapse(10 * time.Minute)
	from := d.now
	d.pass(0)
	if n, _, err := d.st.RelayWaiting(t.Context(), other); err != nil || n != 0 {
		t.Errorf("%d points of the other district wait: %v", n, err)
	}
	if took := d.now.Sub(from); took > time.Minute {
		t.Errorf("the pass took %s", took)
	}
	trouble, any, err := d.st.RelayTrouble(t.Context(), here)
	if err != nil || !any || trouble.Kind != relay.Denied {
		t.Errorf("trouble %+v, %t: %v", trouble, any, err)
	}
	asked := d.p.n
	d.pass(3 * time.Minute)
	if d.p.n != asked {
		t.Errorf("a platform that denied is asked %d times within minutes", d.p.n-asked)
	}
	d.p.fail = func(int) int { return 0 }
	d.pass(6 * time.Minute)
	if _, any, err := d.st.RelayTrouble(t.Context(), here); any || err != nil || d.taken() != 30 {
		t.Errorf("%d points taken, still in trouble: %t %v", d.taken(), any, err)
	}
}

// TestSwitchedOff: where vehicles were while the retransmission was off is not
// handed on, and is told as such.
func TestSwitchedOff(t *testing.T) {
	d := newDesk(t, func(*relay.Settings) {})
	begin := d.now.Add(time.Minute)
	d.drive("C01", begin, 12, 10*time.Second, time.Time{}, true, 8)
	d.pass(10 * time.Minute)
	turn := func(on bool) {
		s, err := d.st.Relay(t.Context(), here)
		must(t, err)
		s.On = on
		must(t, d.st.SaveRelay(t.Context(), here, s, fleet.AuditRow{Ubigeo: here, Action: "relay.save"}))
	}
	turn(false)
	off := d.now
	d.drive("C01", off, 60, 10*time.Second, time.Time{}, true, 8)
	d.pass(30 * time.Minute)
	turn(true)
	turn(true)                                                                  // saving other settings changes nothing
	d.drive("C01", off.Add(10*time.Minute), 30, 10*time.Second, d.now, true, 8) // kept by the device until now
	d.drive("C01", d.now.Add(time.Second), 6, 10*time.Second, time.Time{}, true, 8)
	d.pass(10 * time.Minute)
	if want := 12 + 6; d.taken() != want {
		t.Errorf("%d points taken, want %d", d.taken(), want)
	}
	gaps, err := d.st.RelayGaps(t.Context(), here, begin, begin.Add(3*time.Hour), 10)
	must(t, err)
	if len(gaps) != 1 || gaps[0].Reason != relay.Off || !gaps[0].Start.Equal(begin.Add(110*time.Second)) {
		t.Errorf("%+v", gaps)
	}
	d.rules()
}

// TestOutsideOnly: who may change the settings cannot have the service call
// machines of its own network.
func TestOutsideOnly(t *testing.T) {
	asked := 0
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer srv.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "https://"), ":")
	for _, address := range []string{srv.URL, "https://localhost:" + port, "https://ｌｏｃａｌｈｏｓｔ:" + port, "https://１２７.0.0.1:" + port} {
		p := ministry.NewPlatform(address, nil, false)
		if err := p.Send(t.Context(), []relay.Point{{IMEI: "1"}}); !errors.Is(err, relay.ErrDenied) {
			t.Errorf("%s: %v", address, err)
		}
		p.Close()
	}
	// What a failure says goes into logs; an address may hold a key.
	p := ministry.NewPlatform("https://localhost:"+port+"/?key=secreta", nil, true)
	if err := p.Send(t.Context(), []relay.Point{{IMEI: "1"}}); err == nil || strings.Contains(err.Error(), "secreta") {
		t.Errorf("a server without a known authority: %v", err)
	}
	p.Close()
	if asked > 0 {
		t.Errorf("%d requests came", asked)
	}
	for host, want := range map[string]bool{"190.81.1.1": true, "10.0.0.7": false, "192.168.1.1": false, "127.0.0.1": false, "169.254.169.254": false, "100.64.3.4": false,
		"0.0.0.0": false, "::1": false, "fd00::1": false, "fe80::1": false, "::ffff:10.0.0.7": false, "64:ff9b::a00:7": false, "2002:a00:7::1": false, "2800:200::1": true} {
		a := netip.MustParseAddr(host)
		if relay.Outside(a) != want {
			t.Errorf("%s: outside is %t", host, !want)
		}
		if a.Is6() {
			host = "[" + host + "]"
		}
		s := relay.Settings{Sink: relay.HTTPSSink, URL: "https://" + host + "/gps"}
		if err := s.CheckOutside(); (err == nil) != want {
			t.Errorf("%s: %v", s.URL, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	for address, good := range map[string]bool{"https://gps.example.pe/v1?k=1": true, "http://gps.example.pe": false, "https://": false, "https://:443/x": false,
		"https://ana:clave@gps.example.pe": false, "https://gps.example.pe/#x": false, "https://gps.example.pe:x": false, "gps.example.pe": false, "HTTPS://gps.example.pe": true, "https://ｌｏｃａｌｈｏｓｔ/": false, "https://peña.pe/": false, "https://xn--pea-8ma.pe/": true} {
		s := relay.Defaults()
		s.Sink, s.URL = relay.HTTPSSink, address
		if err := s.Check(); (err == nil) != good || err != nil && strings.Contains(err.Error(), "clave") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestProcessesTakeTurns: the pauses of the protocol, and those that the platform
// asks for, are kept whichever process sends next.
func TestProcessesTakeTurns(t *testing.T) {
	d := newDesk(t, func(*relay.Settings) {})
	turns := []*relay.Relay{d.process(), d.process()}
	turn := func() {
		t.Helper()
		d.r, turns[0], turns[1] = turns[0], turns[1], turns[0]
		_, err := d.r.Pass(t.Context())
		must(t, err)
	}
	d.drive("C01", d.now.Add(time.Second), 200, 10*time.Second, time.Time{}, true, 8)
	d.elapse(time.Hour)
	turn()
	turn()
	if d.taken() != 200 {
		t.Fatalf("%d points taken, want 200", d.taken())
	}
	d.drive("C01", d.now, 3, 10*time.Second, time.Time{}, true, 8)
	d.elapse(10 * time.Minute)
	d.p.fail, d.p.again = func(int) int { return http.StatusTooManyRequests }, "1200"
	turn()
	asked := d.p.n
	for range 10 {
		turn()
		d.elapse(time.Minute)
	}
	if d.p.n != asked {
		t.Errorf("it was asked %d times within the pause that it wants", d.p.n-asked)
	}
	d.p.fail = func(int) int { return 0 }
	d.elapse(15 * time.Minute)
	turn()
	if d.taken() != 203 {
		t.Errorf("%d points taken after the pause, want 203", d.taken())
	}
	d.rules()
}
