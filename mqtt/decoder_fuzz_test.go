package mqtt

import (
	"bytes"
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

// fuzzDecoder holds any bytes against what every decoder promises: no panic,
// the payload accounted for, only fixes that can be stored, and the same answer
// the second time.
func fuzzDecoder(f *testing.F, topic string, seeds ...string) {
	for _, s := range append(seeds, ``, `[]`, `{}`, `[{}]`, `null`, `{"lat":1e400,"lon":-0}`, `[[[[`, "\xff\xfe", `{"ts":-1e13,"lat":1,"lon":1}`) {
		f.Add([]byte(s))
	}
	r := NewRegistry()
	f.Fuzz(func(t *testing.T, payload []byte) {
		m := Message{Topic: topic, Payload: bytes.Clone(payload), Received: received}
		d, ubigeo, decoder := r.Decode(m)
		if !bytes.Equal(m.Payload, payload) {
			t.Fatal("the payload was changed")
		}
		if ubigeo != "130102" || decoder == "" {
			t.Fatalf("district %q, decoder %q", ubigeo, decoder)
		}
		if len(d.Fixes)+len(d.Rejects) == 0 && d.Skipped == "" {
			t.Fatal("the payload vanished")
		}
		for _, fix := range d.Fixes {
			again := fix
			if err := fleet.Normalise(&again); err != nil || again.Flags != fix.Flags {
				t.Fatalf("%+v: %v", fix, err)
			}
			if fix.Ubigeo != "130102" || fix.Device != "C01" || fix.Time.IsZero() ||
				fix.Usable() && !(math.Abs(fix.Point[0]) <= 180 && math.Abs(fix.Point[1]) <= 90) {
				t.Fatalf("%+v", fix)
			}
		}
		for _, x := range d.Rejects {
			if x.Reason == "" {
				t.Fatal("rejected without a reason")
			}
		}
		e, _, _ := r.Decode(m)
		if s := diff(d.Fixes, e.Fixes); s != "" || len(d.Rejects) != len(e.Rejects) {
			t.Fatal(s)
		}
	})
}

func FuzzNative(f *testing.F) {
	fuzzDecoder(f, pos, `{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":18,"course":271,"acc":8,"alt":34,"batt":88,"ign":true,"seq":4711,"event":"sos"}`,
		`[{"ts":"2025-11-21T22:32:39Z","lat":"-12","lon":"-77"},{"ts":1763764359000,"lat":512,"lon":1}]`)
}

// FuzzQuickNative holds the quick reading of our own payload against the
// thorough one: what it takes, it reads the same, and nobody else would take.
func FuzzQuickNative(f *testing.F) {
	for _, s := range []string{
		`{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":18,"course":271,"acc":8,"alt":34,"batt":88,"ign":true,"seq":4711,"event":"sos"}`,
		` { "ts" : 1763764359123 , "lat" : -1.2e1, "lon":-0 , "ign":false,"batt":-1 } `, `{"lat":1,"lon":2}`, `{"lat":1,"lat":2,"lon":3}`, `{"lat":01,"lon":2}`,
		`{"lat":1,"lon":2,"event":"a\u0062"}`, `{"Lat":1,"lon":2}`, `{"lat":1,"lon":2,}`, `{"lat":1,"lon":2,"seq":1.5}`, `{"lat":1.,"lon":2}`, `{"lat":1e999,"lon":2}`, `{"lat":1,"lon":2,"event":"é"}`,
		"\v{\"lat\":1,\"lon\":2}", "{\"lat\":1,\"lon\":2}\u00a0",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		quick, ok := quickNative(payload)
		if !ok {
			return
		}
		dec := choose(byShape, payload)
		if dec != Decoder(Native{}) {
			t.Fatalf("%s takes it", dec.Name())
		}
		slow := dec.Decode(payload)
		if s := diff(slow.Fixes, quick.Fixes); s != "" || len(slow.Rejects) > 0 || slow.Ignored > 0 || slow.Skipped != "" {
			t.Fatalf("%+v %s", slow, s)
		}
	})
}

func FuzzGeoJSON(f *testing.F) {
	fuzzDecoder(f, pos, `{"type":"Feature","geometry":{"type":"Point","coordinates":[-77.0428,-12.0464,34]},"properties":{"ts":1763764359,"speed_kmh":18}}`,
		`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":null},5]}`,
		`[{"type":"Point","coordinates":[1,2]}]`)
}

func FuzzOwnTracks(f *testing.F) {
	fuzzDecoder(f, phone, `{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"created_at":1763764400,"acc":8,"alt":154,"vel":34,"cog":271,"batt":88,"t":"u","tid":"P1"}`,
		`{"_type":"transition","event":"enter","lat":1,"lon":2,"tst":1}`, `{"_type":"lwt","tst":1}`, `{"_type":"status"}`,
		`{"_type":"waypoints","waypoints":[{"lat":1,"lon":2,"tst":3},{"lat":"x"}]}`, `{"_type":"encrypted"}`, `{"_type":"card"}`)
}

func FuzzTopic(f *testing.F) {
	for _, s := range []string{pos, phone, phone + "/event", "serenazgo///", "#", "owntracks/+/#", "/"} {
		f.Add(s)
	}
	r := NewRegistry()
	r.Set("130102", ruled, nil)
	f.Fuzz(func(t *testing.T, topic string) {
		d, _, _ := r.Decode(Message{Topic: topic, Payload: []byte(`{"position":{"latitude":1,"longitude":2},"device":{"uniqueId":"x y"}}`), Received: received})
		if len(d.Fixes)+len(d.Rejects) == 0 {
			t.Fatal("the payload vanished")
		}
		for _, x := range d.Fixes {
			if fleet.CheckUbigeo(x.Ubigeo) != nil || fleet.CheckDeviceID(x.Device) != nil {
				t.Fatalf("%q belongs to %q/%q", topic, x.Ubigeo, x.Device)
			}
		}
	})
}

func FuzzForeign(f *testing.F) {
	var seeds []string
	for _, tt := range foreign {
		seeds = append(seeds, tt.payload)
	}
	fuzzDecoder(f, pos, append(seeds, `{"P":[]}`, `lat=1&lon=2&timestamp=x`, `{"RSP":"ok"}`)...)
}
