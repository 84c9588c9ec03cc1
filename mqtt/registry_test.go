package mqtt

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// twoDistricts know the same pattern; each has devices of its own.
func twoDistricts() *Registry {
	r := NewRegistry()
	for _, u := range []string{"130101", "130102"} {
		r.Set(u, []fleet.TopicRule{
			{Ubigeo: u, Pattern: "{device}/data", Format: "teltonika", Identity: fleet.IdentityTopic},
			{Ubigeo: u, Pattern: "traccar", Format: "traccar", Identity: fleet.IdentityPayload},
			{Ubigeo: u, Pattern: "v1/devices/me/telemetry", Format: "thingsboard", Identity: fleet.IdentityLogin},
		}, []fleet.Device{
			{Ubigeo: u, ID: "hilux-" + u[5:], Identities: []string{"35630704244101" + u[5:]}, Known: true, ClockFix: 5 * time.Hour},
			{Ubigeo: u, ID: "gw", Gateway: true, Known: true},
			{Ubigeo: u, ID: "stranger", Identities: []string{"999"}},
		})
	}
	return r
}

const (
	record    = `{"state":{"reported":{"ts":1763764359000,"latlng":"-12.0464,-77.0428","sat":5}}}`
	forwarded = `{"position":{"fixTime":"2025-11-21T22:32:39Z","latitude":-12,"longitude":-77},"device":{"uniqueId":"356307042441012"}}`
	telemetry = `{"latitude":-12,"longitude":-77}`
)

func TestWhoseFix(t *testing.T) {
	r := twoDistricts()
	for _, tt := range []struct{ name, topic, user, payload, want string }{
		{"registered in the second district", "356307042441012/data", "", record, "130102/hilux-2"},
		{"registered in the first district", "356307042441011/data", "", record, "130101/hilux-1"},
		{"registered nowhere: the first", "111/data", "", record, "130101/111"},
		{"in the payload, external broker", "traccar", "", forwarded, "130102/hilux-2"},
		{"a gateway speaks for others", "traccar", "130102/gw", forwarded, "130102/hilux-2"},
		{"a gateway speaks for its own district only", "traccar", "130101/gw", forwarded, "130101/356307042441012"},
		{"a device speaks for itself", "traccar", "130101/hilux-1", forwarded, "130101/hilux-1"},
		{"by login", "v1/devices/me/telemetry", "130102/hilux-2", telemetry, "130102/hilux-2"},
		{"a built-in topic is exact", "serenazgo/130102/356307042441012/pos", "", telemetry, "130102/356307042441012"},
		{"names of the unregistered do not count", "999/data", "", record, "130101/999"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, _, _ := r.Decode(Message{Topic: tt.topic, User: tt.user, Payload: []byte(tt.payload), Received: received})
			if len(d.Fixes) != 1 || d.Fixes[0].Ubigeo+"/"+d.Fixes[0].Device != tt.want {
				t.Errorf("fixes %v, rejects %q", d.Fixes, d.Rejects)
			}
		})
	}
}

func TestClockFix(t *testing.T) {
	r := twoDistricts()
	d, _, _ := r.Decode(Message{Topic: "356307042441012/data", Payload: []byte(record), Received: received.Add(5 * time.Hour)})
	if len(d.Fixes) != 1 || !d.Fixes[0].Time.Equal(time.Unix(fixTime, 0).Add(5*time.Hour)) || d.Fixes[0].Flags != 0 {
		t.Errorf("%+v", d.Fixes)
	}
	d, _, _ = r.Decode(Message{Topic: "v1/devices/me/telemetry", User: "130102/hilux-2", Payload: []byte(telemetry), Received: received})
	if len(d.Fixes) != 1 || !d.Fixes[0].Time.Equal(received) {
		t.Errorf("a time of reception was corrected: %+v", d.Fixes)
	}
}

func TestFormatByLogin(t *testing.T) {
	r := twoDistricts()
	for _, tt := range []struct{ user, format, want string }{
		{"130102/hilux-2", "traccar", "130102/hilux-2"},
		{"130102/gw", "traccar", "130102/hilux-2"},
	} {
		d, _, _ := r.Decode(Message{Topic: "http/x", Format: tt.format, User: tt.user, Payload: []byte(forwarded), Received: received})
		if len(d.Fixes) != 1 || d.Fixes[0].Ubigeo+"/"+d.Fixes[0].Device != tt.want {
			t.Errorf("%s: %+v", tt.user, d)
		}
	}
	if d, _, _ := r.Decode(Message{Topic: "http/x", Format: "traccar", Payload: []byte(forwarded), Received: received}); len(d.Rejects) != 1 {
		t.Errorf("without a login: %+v", d)
	}
}

func TestMayPublish(t *testing.T) {
	own := rights{registry: twoDistricts()}
	for _, tt := range []struct {
		user, topic string
		want        bool
	}{
		{"130102/hilux-2", PosTopic("130102", "hilux-2"), true},
		{"130102/hilux-2", PosTopic("130102", "hilux-1"), false},
		{"130102/gw", PosTopic("130102", "hilux-1"), true},
		{"130102/gw", PosTopic("130101", "hilux-1"), false},
		{"130102/hilux-2", "356307042441012/data", true},
		{"130102/hilux-2", "traccar", true},
		{"130102/gw", "traccar", true},
		{"130103/x", "traccar", false},
		{"130102/hilux-2", "weather", false},
		{"130102/hilux-2", "+/data", false},
		{"nobody", "traccar", false},
	} {
		if got := own.mayPublish(tt.user, tt.topic); got != tt.want {
			t.Errorf("%s to %s: %v", tt.user, tt.topic, got)
		}
	}
}

func TestFiltersFollowRules(t *testing.T) {
	r := NewRegistry()
	told := 0
	r.onFilters(func() { told++ })
	rule := fleet.TopicRule{Ubigeo: "130102", Pattern: "{device}/data", Format: "teltonika", Identity: fleet.IdentityTopic}
	r.Set("130102", []fleet.TopicRule{rule}, nil)
	r.Set("130101", []fleet.TopicRule{rule}, nil) // the same filter
	if f := r.Filters(); len(f) != 3 || f[2] != "+/data" || told != 1 {
		t.Errorf("filters %q, told %d times", f, told)
	}
}

func TestEveryFormatHasADecoder(t *testing.T) {
	for _, f := range fleet.Formats {
		if decodersOf(f) == nil {
			t.Errorf("%s has none", f)
		}
	}
	if len(byShape) != len(fleet.Formats)-1 {
		t.Errorf("%d decoders, %d formats", len(byShape), len(fleet.Formats)-1)
	}
}
