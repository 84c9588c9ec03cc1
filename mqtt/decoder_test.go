package mqtt

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// received is 10 s after 1763764359, the time of the fixes in most tests.
var received = time.Unix(1763764369, 0).UTC()

const (
	pos     = "serenazgo/130102/C01/pos"
	phone   = "owntracks/130102/C01"
	fixTime = 1763764359
)

func decode(topic, payload string) Decoded {
	d, _, _ := NewRegistry().Decode(Message{Topic: topic, Payload: []byte(payload), Received: received})
	return d
}

// want makes the fix that a test expects, everything unknown but what edit sets.
func want(edit func(*fleet.Fix)) fleet.Fix {
	nan := math.NaN()
	f := fleet.Fix{Ubigeo: "130102", Device: "C01", Time: time.Unix(fixTime, 0).UTC(), Received: received,
		Point: orb.Point{-77.0428, -12.0464}, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
	edit(&f)
	return f
}

// diff compares fixes; unless a test sets Seq, any derived one will do.
func diff(want, got []fleet.Fix) string {
	got = append([]fleet.Fix(nil), got...)
	for i := range got {
		if got[i].Seq < 0 && i < len(want) && want[i].Seq == 0 {
			got[i].Seq = 0
		}
	}
	return cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-9),
		cmp.Transformer("lonlat", func(p orb.Point) [2]float64 { return p }))
}

func TestNativeDecodes(t *testing.T) {
	yes, no := true, false
	full := func(f *fleet.Fix) {
		f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery = 5, 271, 8, 34, 0.88
		f.Ignition, f.Seq, f.Event = &yes, 4711, "sos"
	}
	nothing := func(*fleet.Fix) {}
	for _, tt := range []struct {
		name, payload string
		want          []fleet.Fix
	}{
		{"everything", `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":18,"course":271,"acc":8,"alt":34,"batt":88,"ign":true,"seq":4711,"event":"SOS"}`,
			[]fleet.Fix{want(full)}},
		{"least", `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428}`, []fleet.Fix{want(nothing)}},
		{"numbers as strings", `{"ts":"1763764359","lat":"-12.0464","lon":" -77.0428 ","speed_kmh":"18","course":"271","acc":"8","alt":"34","batt":"88","ign":"on","seq":"4711","event":"sos"}`,
			[]fleet.Fix{want(full)}},
		{"milliseconds", `{"ts":1763764359250,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time = f.Time.Add(250 * time.Millisecond) })}},
		{"fraction of a second", `{"ts":1763764359.25,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time = f.Time.Add(250 * time.Millisecond) })}},
		{"ISO in UTC", `{"ts":"2025-11-21T22:32:39Z","lat":-12.0464,"lon":-77.0428}`, []fleet.Fix{want(nothing)}},
		{"ISO in Lima", `{"ts":"2025-11-21T17:32:39-05:00","lat":-12.0464,"lon":-77.0428}`, []fleet.Fix{want(nothing)}},
		{"ISO without colon", `{"ts":"2025-11-21T17:32:39.000-0500","lat":-12.0464,"lon":-77.0428}`, []fleet.Fix{want(nothing)}},
		{"ISO with a space", `{"ts":"2025-11-21 22:32:39+00:00","lat":-12.0464,"lon":-77.0428}`, []fleet.Fix{want(nothing)}},
		{"largest seconds", `{"ts":99999999999,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time = time.Unix(99999999999, 0).UTC(); f.Flags = fleet.FlagFuture })}},
		{"smallest milliseconds", `{"ts":100000000000,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time = time.UnixMilli(100000000000).UTC(); f.Flags = fleet.FlagPast })}},
		{"no time", `{"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time, f.Flags = received, fleet.FlagReceiveTime })}},
		{"null and empty are missing", `{"ts":null,"lat":-12.0464,"lon":-77.0428,"speed_kmh":null,"course":"","ign":null,"event":null,"seq":null}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time, f.Flags = received, fleet.FlagReceiveTime })}},
		{"not known, the way devices say it", `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":-1,"course":-1,"acc":0,"alt":99999,"batt":-1,"ign":"?"}`,
			[]fleet.Fix{want(nothing)}},
		{"bad optional fields cost nothing", `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":"fast","course":{},"acc":[1],"alt":true,"batt":"low","ign":{},"seq":"x","event":{"a":1}}`,
			[]fleet.Fix{want(nothing)}},
		{"standing still", `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":0,"course":360,"ign":0}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed, f.Course, f.Ignition = 0, 0, &no })}},
		{"zero island", `{"ts":1763764359,"lat":0,"lon":0}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Point, f.Flags = orb.Point{}, fleet.FlagZero })}},
		{"poor accuracy", `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"acc":250}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Accuracy, f.Flags = 250, fleet.FlagAccuracy })}},
		{"before 2010", `{"ts":0,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time, f.Flags = time.Unix(0, 0).UTC(), fleet.FlagPast })}},
		{"two days ahead", `{"ts":1763937159,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time, f.Flags = time.Unix(1763937159, 0).UTC(), fleet.FlagFuture })}},
		{"an hour old", `{"ts":1763760759,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time, f.Flags = time.Unix(1763760759, 0).UTC(), fleet.FlagBacklog })}},
		{"array of a backlog", ` [{"ts":1763764359,"lat":-12.0464,"lon":-77.0428},{"ts":1763764300,"lat":-12.0464,"lon":-77.0428}]`,
			[]fleet.Fix{want(nothing), want(func(f *fleet.Fix) { f.Time, f.Flags = time.Unix(1763764300, 0).UTC(), fleet.FlagBacklog })}},
		{"the payload cannot change who it is", `{"ubigeo":"150101","device":"other","id":"x","ts":1763764359,"lat":-12.0464,"lon":-77.0428}`,
			[]fleet.Fix{want(nothing)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := decode(pos, tt.payload)
			if d := diff(tt.want, got.Fixes); d != "" || len(got.Rejects) > 0 {
				t.Errorf("%s\nrejects %q", d, got.Rejects)
			}
		})
	}
}

func TestNativeRejects(t *testing.T) {
	for _, tt := range []struct{ name, payload, reason string }{
		{"empty", ``, "the payload is empty"},
		{"only space", " \n", "the payload is empty"},
		{"not JSON", `hello`, "not JSON"},
		{"cut off", `{"ts":1763764359,"lat":-12`, "not JSON"},
		{"two values", `{"lat":1,"lon":2} {"lat":1,"lon":2}`, "not JSON"},
		{"NaN", `{"lat":NaN,"lon":2}`, "not JSON"},
		{"a number", `5`, "5 is not a JSON object"},
		{"null", `null`, "null is not a JSON object"},
		{"no latitude", `{"ts":1763764359,"lon":-77}`, "lat is missing"},
		{"no longitude", `{"ts":1763764359,"lat":-12}`, "lon is missing"},
		{"latitude 91", `{"ts":1763764359,"lat":91,"lon":-77}`, "lat 91 is outside -90..90"},
		{"longitude 200", `{"ts":1763764359,"lat":-12,"lon":"200"}`, "lon 200 is outside -180..180"},
		{"latitude of words", `{"ts":1763764359,"lat":"south","lon":-77}`, `lat is "south", not a number`},
		{"latitude as text NaN", `{"ts":1763764359,"lat":"NaN","lon":-77}`, `lat is "NaN", not a number`},
		{"hexadecimal", `{"ts":1763764359,"lat":"0x1p3","lon":-77}`, `not a number`},
		{"latitude true", `{"ts":1763764359,"lat":true,"lon":-77}`, `lat is true, not a number`},
		{"time of words", `{"ts":"yesterday","lat":-12,"lon":-77}`, "ts is yesterday, not epoch seconds"},
		{"time without zone", `{"ts":"2025-11-21T22:32:39","lat":-12,"lon":-77}`, "ISO 8601 with a zone"},
		{"time of microseconds", `{"ts":1763764359000000,"lat":-12,"lon":-77}`, "ts is 1763764359000000"},
		{"time an object", `{"ts":{},"lat":-12,"lon":-77}`, "ts is {}"},
		{"empty array", `[]`, "the array is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := decode(pos, tt.payload)
			if len(got.Fixes) != 0 || len(got.Rejects) != 1 || !strings.Contains(got.Rejects[0].Reason, tt.reason) {
				t.Errorf("fixes %v, rejects %q; want %q", got.Fixes, got.Rejects, tt.reason)
			}
		})
	}
}

func TestPartlyBadArray(t *testing.T) {
	got := decode(pos, `[{"ts":1763764359,"lat":-12.0464,"lon":-77.0428},{"ts":1763764359,"lat":512,"lon":1},7]`)
	var rejects []string
	for _, r := range got.Rejects {
		rejects = append(rejects, fmt.Sprintf("%s: %s", r.Reason, r.Raw))
	}
	if d := diff([]fleet.Fix{want(func(*fleet.Fix) {})}, got.Fixes) +
		cmp.Diff([]string{`lat 512 is outside -90..90: {"ts":1763764359,"lat":512,"lon":1}`, `7 is not a JSON object: 7`}, rejects); d != "" {
		t.Error(d)
	}
}

func TestSeqTellsFixesOfOneSecondApart(t *testing.T) {
	a := `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428}`
	b := `{"ts":1763764359,"lat":-12.0464,"lon":-77.0429}`
	both := decode(pos, "["+a+","+b+"]").Fixes
	alone := decode(pos, " "+a+" ").Fixes
	if both[0].Seq == both[1].Seq || both[0].Seq != alone[0].Seq {
		t.Errorf("%d, %d; alone %d", both[0].Seq, both[1].Seq, alone[0].Seq)
	}
}

func TestGeoJSON(t *testing.T) {
	one := `{"type":"Feature","geometry":{"type":"Point","coordinates":[-77.0428,-12.0464]},"properties":{"ts":1763764359,"speed_kmh":18,"seq":7}}`
	fix := func(f *fleet.Fix) { f.Speed, f.Seq = 5, 7 }
	for _, tt := range []struct {
		name, payload string
		want          []fleet.Fix
		reason        string
	}{
		{"feature", one, []fleet.Fix{want(fix)}, ""},
		{"with altitude", strings.Replace(one, "0464]", "0464,34]", 1),
			[]fleet.Fix{want(func(f *fleet.Fix) { fix(f); f.Altitude = 34 })}, ""},
		{"collection", `{"type":"FeatureCollection","features":[` + one + `]}`, []fleet.Fix{want(fix)}, ""},
		{"array", `[` + one + `]`, []fleet.Fix{want(fix)}, ""},
		{"no properties", `{"type":"Feature","geometry":{"type":"Point","coordinates":[-77.0428,-12.0464]},"properties":null}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Time, f.Flags = received, fleet.FlagReceiveTime })}, ""},
		{"half a collection", `{"type":"FeatureCollection","features":[5,` + one + `]}`, []fleet.Fix{want(fix)}, "5 is not a JSON object"},
		{"empty collection", `{"type":"FeatureCollection","features":[]}`, nil, "no features"},
		{"line", `{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{}}`, nil, "not a Point"},
		{"no geometry", `{"type":"Feature","geometry":null,"properties":{}}`, nil, "not a Point"},
		{"bare point", `{"type":"Point","coordinates":[1,2]}`, nil, "send a Feature"},
		{"one coordinate", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1]},"properties":{}}`, nil, "coordinates are not"},
		{"coordinates of words", `{"type":"Feature","geometry":{"type":"Point","coordinates":["a","b"]},"properties":{}}`, nil, "not a number"},
		{"latitude first", `{"type":"Feature","geometry":{"type":"Point","coordinates":[-12,-97]},"properties":{}}`, nil, "GeoJSON writes [lon, lat]"},
		{"list of properties", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":[]}`, nil, "not an object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := decode(pos, tt.payload)
			if d := diff(tt.want, got.Fixes); d != "" {
				t.Error(d)
			}
			if (tt.reason == "") != (len(got.Rejects) == 0) || tt.reason != "" && !strings.Contains(got.Rejects[0].Reason, tt.reason) {
				t.Errorf("rejects %q, want %q", got.Rejects, tt.reason)
			}
		})
	}
}

func TestOwnTracks(t *testing.T) {
	none := orb.Point{math.NaN(), math.NaN()}
	for _, tt := range []struct {
		name, topic, payload string
		want                 []fleet.Fix
	}{
		{"location", phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"created_at":1763764361,"acc":8,"alt":154,"vel":36,"cog":271,"batt":88,"t":"u","tid":"P1"}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Accuracy, f.Altitude, f.Speed, f.Course, f.Battery = 8, 154, 10, 271, 0.88 })}},
		{"zero values left out", phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed = 0 })}},
		{"northward", phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"vel":36}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed, f.Course = 10, 0 })}},
		{"on the equator", phone, `{"_type":"location","lon":-77.0428,"tst":1763764359}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed, f.Point = 0, orb.Point{-77.0428, 0} })}},
		{"speed not known", phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"vel":-1,"cog":-1}`,
			[]fleet.Fix{want(func(f *fleet.Fix) {})}},
		{"waited for coverage", phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"created_at":1763764419,"vel":36,"cog":1}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed, f.Course, f.Flags = 10, 1, fleet.FlagBacklog })}},
		{"ping", phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"t":"p"}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed, f.Event = 0, "ping" })}},
		{"default topic of the app", phone + "/my-phone", `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed = 0 })}},
		{"on our topic", pos, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Speed = 0 })}},
		{"transition", phone + "/event", `{"_type":"transition","event":"enter","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"wtst":1763000000,"acc":8,"desc":"Mercado","t":"c"}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Accuracy, f.Event = 8, "region_enter" })}},
		{"last will", phone, `{"_type":"lwt","tst":1763700000}`,
			[]fleet.Fix{want(func(f *fleet.Fix) {
				f.Time, f.Point, f.Event, f.Flags = received, none, "connection_lost", fleet.FlagInvalid|fleet.FlagReceiveTime
			})}},
		{"status", phone + "/status", `{"_type":"status","tst":1763764359,"android":{"wifi":1}}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Point, f.Event, f.Flags = none, "status", fleet.FlagInvalid })}},
		{"waypoint", phone + "/waypoint", `{"_type":"waypoint","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"rad":50,"desc":"Base"}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Event, f.Flags = "waypoint", fleet.FlagInvalid })}},
		{"waypoints", phone + "/waypoints", `{"_type":"waypoints","waypoints":[{"_type":"waypoint","lat":-12.0464,"lon":-77.0428,"tst":1763764359},{"lat":-12.0464,"lon":-77.0428,"tst":1763764359}]}`,
			[]fleet.Fix{want(func(f *fleet.Fix) { f.Event, f.Flags = "waypoint", fleet.FlagInvalid }),
				want(func(f *fleet.Fix) { f.Event, f.Flags = "waypoint", fleet.FlagInvalid })}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := decode(tt.topic, tt.payload)
			if d := diff(tt.want, got.Fixes); d != "" || len(got.Rejects) > 0 {
				t.Errorf("%s\nrejects %q", d, got.Rejects)
			}
			seqs := map[int64]bool{}
			for _, f := range got.Fixes {
				if seqs[f.Seq] {
					t.Errorf("two fixes numbered %d", f.Seq)
				}
				seqs[f.Seq] = true
			}
		})
	}
}

func TestOwnTracksRest(t *testing.T) {
	for _, kind := range []string{"beacon", "card", "cmd", "configuration", "request", "steps"} {
		if got := decode(phone, `{"_type":"`+kind+`"}`); got.Skipped != kind || len(got.Fixes)+len(got.Rejects) > 0 {
			t.Errorf("%s: %+v", kind, got)
		}
	}
	for _, tt := range []struct{ name, payload, reason string }{
		{"encrypted", `{"_type":"encrypted","data":"c2VjcmV0"}`, "encryption"},
		{"unknown type", `{"_type":"selfie"}`, `"selfie" is not known`},
		{"no type", `{"lat":1,"lon":2,"tst":1763764359}`, "_type is missing"},
		{"type a number", `{"_type":7}`, "_type is missing"},
		{"latitude 91", `{"_type":"location","lat":91,"lon":2,"tst":1763764359}`, "location: lat 91"},
		{"latitude of words", `{"_type":"location","lat":"x","lon":2}`, "not a number"},
		{"bad time", `{"_type":"location","lat":1,"lon":2,"tst":"soon"}`, "tst is soon"},
		{"no event", `{"_type":"transition","lat":1,"lon":2,"tst":1763764359}`, "neither enter nor leave"},
		{"not JSON", `lat=1`, "not JSON"},
	} {
		got := decode(phone, tt.payload)
		if len(got.Fixes) != 0 || len(got.Rejects) != 1 || !strings.Contains(got.Rejects[0].Reason, tt.reason) {
			t.Errorf("%s: fixes %v, rejects %q", tt.name, got.Fixes, got.Rejects)
		}
	}
}

func TestTopics(t *testing.T) {
	ok := `{"_type":"location","lat":-12,"lon":-77,"tst":1763764359}`
	for topic, reason := range map[string]string{
		"serenazgo/130102/C01/pos":      "",
		"owntracks/130102/C01/a/b/c":    "",
		"owntracks/130102/C01":          "",
		"serenazgo/130102/C01":          "no known form",
		"serenazgo/130102/C01/pos/x":    "no known form",
		"serenazgo/130102/C01/position": "no known form",
		"serenazgo//C01/pos":            "ubigeo",
		"serenazgo/10102/C01/pos":       "leading zero",
		"serenazgo/130102//pos":         "device id",
		"serenazgo/130102/a b/pos":      "device id",
		"owntracks/jane/phone":          "ubigeo",
		"":                              "no known form",
	} {
		got := decode(topic, ok)
		if reason == "" && len(got.Fixes) != 1 || reason != "" && (len(got.Rejects) != 1 || !strings.Contains(got.Rejects[0].Reason, reason)) {
			t.Errorf("%q: fixes %v, rejects %q", topic, got.Fixes, got.Rejects)
		}
	}
	if d := cmp.Diff([]string{"serenazgo/+/+/pos", "owntracks/+/+/#"}, NewRegistry().Filters()); d != "" {
		t.Error(d)
	}
}

func TestDeviceUser(t *testing.T) {
	for user, ok := range map[string]bool{DeviceUser("010101", "C-1"): true, "130102": false, "130102/": false, "x/C01": false, "130102/a/b": false, "": false} {
		if _, _, err := ParseDeviceUser(user); (err == nil) != ok {
			t.Errorf("%q: %v", user, err)
		}
	}
}
