package mqtt

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

func (s *site) http() *HTTPDoor {
	s.t.Helper()
	d, err := NewHTTPDoor(HTTPConfig{Auth: StoredDevices{s.store}, Ingest: s.in, Logger: s.log, Patience: 100 * time.Millisecond})
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

func ask(d http.Handler, method, target, user, password, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func TestHTTPDoor(t *testing.T) {
	s := newSite(t)
	d := s.http()
	key := s.device("C01")
	now := time.Now().UTC()
	iso, secs := now.Format(time.RFC3339), itoa(now.Unix())
	client := `{"location":{"timestamp":"` + iso + `","coords":{"latitude":-8.08,"longitude":-79.0,"speed":5},"battery":{"level":0.5}},"device_id":"130102/C01"}`
	tracks := `{"_type":"location","lat":-8.08,"lon":-79.0,"tst":` + itoa(now.Unix()) + `,"topic":"owntracks/x/y","tid":"P1"}`
	for _, tt := range []struct {
		name, method, target, user, password, body string
		status                                     int
		answer                                     string
		stored                                     int // of the device in total
	}{
		{"Traccar Client with basic auth", "POST", "/ingest/osmand", "130102/C01", key, client, 200, "", 1},
		{"the same again is one row", "POST", "/ingest/osmand", "130102/C01", key, client, 200, "", 1},
		{"Traccar Client with a key", "POST", "/ingest/osmand?key=" + key, "", "", strings.Replace(client, "-8.08", "-8.081", 1), 200, "", 2},
		{"OsmAnd query", "GET", "/ingest/osmand?id=130102/C01&key=" + key + "&lat=-8.082&lon=-79&timestamp=" + secs + "&speed=10", "", "", "", 200, "", 3},
		{"query in a form", "POST", "/ingest/osmand", "130102/C01", key, "lat=-8.083&lon=-79&timestamp=" + secs, 200, "", 4},
		{"OwnTracks", "POST", "/ingest/owntracks", "130102/C01", key, tracks, 200, "[]\n", 5},
		{"OwnTracks backlog", "POST", "/ingest/owntracks", "130102/C01", key, "[" + strings.Replace(tracks, "-8.08", "-8.085", 1) + "," + tracks + "]", 200, "[]\n", 6},
		{"OwnTracks of nothing", "POST", "/ingest/owntracks", "130102/C01", key, "", 200, "[]\n", 6},
		{"cannot be read", "POST", "/ingest/owntracks", "130102/C01", key, `{"_type":"encrypted","data":"x"}`, 200, "[]\n", 6},
		{"wrong password", "POST", "/ingest/owntracks", "130102/C01", key + "x", tracks, 401, "", 6},
		{"wrong key", "GET", "/ingest/osmand?id=130102/C01&key=x&lat=1&lon=2", "", "", "", 401, "", 6},
		{"nobody", "POST", "/ingest/osmand", "", "", client, 401, "", 6},
		{"unknown format", "POST", "/ingest/gt06", "130102/C01", key, "x", 404, "", 6},
		{"GET of OwnTracks", "GET", "/ingest/owntracks", "130102/C01", key, "", 405, "", 6},
		{"too large", "POST", "/ingest/owntracks", "130102/C01", key, strings.Repeat(" ", 300<<10), 413, "", 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(d, tt.method, tt.target, tt.user, tt.password, tt.body)
			if body, _ := io.ReadAll(w.Body); w.Code != tt.status || tt.answer != "" && string(body) != tt.answer {
				t.Errorf("%d %s; want %d %q", w.Code, body, tt.status, tt.answer)
			}
			if got := len(s.rows("C01")); got != tt.stored {
				t.Errorf("%d rows, want %d", got, tt.stored)
			}
		})
	}
	if l := s.letters(); len(l) != 1 || !strings.Contains(l[0].Reason, "encryption") || l[0].Topic != "http/owntracks" || l[0].Client != "130102/C01" {
		t.Errorf("dead letters %+v", l)
	}
}

// A gateway, such as a recorder that passes on what it keeps, sends for phones by
// the topics they would have used; any other login sends for itself only.
func TestHTTPDoorTakesPhonesOfAGateway(t *testing.T) {
	r := NewRegistry()
	r.Set("130102", nil, []fleet.Device{{Ubigeo: "130102", ID: "recorder", Gateway: true, Known: true}, {Ubigeo: "130102", ID: "tel-01", Known: true},
		{Ubigeo: "130102", ID: "tel-02", Identities: []string{"rosa/moto"}, Known: true}})
	list := `[{"_type":"location","lat":-8.08,"lon":-79,"tst":1763764359,"topic":"owntracks/rosa/moto"},
		{"_type":"transition","event":"enter","lat":-8.08,"lon":-79,"tst":1763764360,"topic":"owntracks/130102/tel-01/event"},
		{"_type":"location","lat":-8.08,"lon":-79,"tst":1763764361,"topic":"owntracks/luis/pie"},
		{"_type":"location","lat":-8.08,"lon":-79,"tst":1763764362}]`
	for _, tt := range []struct{ name, user, want string }{
		{"gateway", "130102/recorder", "tel-02 tel-01 " + fleet.DeviceIDOf("luis/pie") + " recorder"},
		{"phone", "130102/tel-01", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, _, _ := r.Decode(Message{Topic: "http/owntracks", User: tt.user, Format: "owntracks", Payload: []byte(list), Received: received})
			var got []string
			for _, f := range d.Fixes {
				got = append(got, f.Device)
			}
			if strings.Join(got, " ") != tt.want || tt.want == "" && len(d.Rejects) == 0 {
				t.Errorf("%q, rejects %v", got, d.Rejects)
			}
		})
	}
}

func TestHTTPDoorKeepsNoPasswordInDeadLetters(t *testing.T) {
	s := newSite(t)
	d := s.http()
	key := s.device("C01")
	if w := ask(d, "GET", "/ingest/osmand?id=130102/C01&lat=-8&lon=-79&timestamp=soon&key="+key, "130102/C01", key, ""); w.Code != 200 {
		t.Fatal(w.Code)
	}
	for _, l := range s.letters() {
		if strings.Contains(string(l.Payload)+l.Reason, key) {
			t.Errorf("kept %s", l.Payload)
		}
	}
}

func TestHTTPDoorSaysNoWhileTheStoreIsDown(t *testing.T) {
	s := newSite(t)
	d := s.http()
	key := s.device("C01")
	tracks := `{"_type":"location","lat":-8.08,"lon":-79.0,"tst":` + itoa(time.Now().Unix()) + `}`
	if w := ask(d, "POST", "/ingest/owntracks", "130102/C01", key, tracks); w.Code != 200 {
		t.Fatal(w.Code)
	}
	s.store.down.Store(true)
	w := ask(d, "POST", "/ingest/owntracks", "130102/C01", key, strings.Replace(tracks, "-8.08", "-8.09", 1))
	if w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if got := d.Stats(); got.Acknowledged != 1 || got.Unsaved != 1 {
		t.Errorf("%+v", got)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
