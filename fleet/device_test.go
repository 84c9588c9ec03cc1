package fleet

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDeviceIDOf(t *testing.T) {
	for _, tt := range []struct{ name, identity, prefix string }{
		{"IMEI stays", "356307042441013", "356307042441013"},
		{"a level of a topic stays", "P-101", "P-101"},
		{"OwnTracks topic", "juan/moto g", "juan_moto_g-"},
		{"Meshtastic node", "!7efeee00", "_7efeee00-"},
		{"accents", "Ñandú", "_and_-"},
		{"long", strings.Repeat("x", 128), strings.Repeat("x", 50) + "-"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := DeviceIDOf(tt.identity)
			if !strings.HasPrefix(got, tt.prefix) || CheckDeviceID(got) != nil {
				t.Errorf("%q: got %q", tt.identity, got)
			}
		})
	}
	if DeviceIDOf("a/b") == DeviceIDOf("a b") {
		t.Error("two identities became one id")
	}
}

func TestCheckDevice(t *testing.T) {
	good := Device{Ubigeo: "130102", ID: "tel-01", Identities: []string{"356307042441013", "juan/moto g"}, Interval: 10 * time.Second, ClockFix: 5 * time.Hour}
	if err := CheckDevice(good); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*Device){
		"id with a slash":      func(d *Device) { d.ID = "a/b" },
		"interval of two days": func(d *Device) { d.Interval = 48 * time.Hour },
		"clock of two days":    func(d *Device) { d.ClockFix = -48 * time.Hour },
		"identity twice":       func(d *Device) { d.Identities = []string{"x", "x"} },
		"identity of nothing":  func(d *Device) { d.Identities = []string{""} },
		"identity of two rows": func(d *Device) { d.Identities = []string{"a\nb"} },
		"name without end":     func(d *Device) { d.Name = strings.Repeat("n", 61) },
		"lost zero":            func(d *Device) { d.Ubigeo = "30102" },
	} {
		t.Run(name, func(t *testing.T) {
			d := good
			edit(&d)
			if err := CheckDevice(d); !errors.Is(err, ErrInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCheckTopicRule(t *testing.T) {
	rule := func(pattern, format string, id IdentitySource) TopicRule {
		return TopicRule{Ubigeo: "130102", Pattern: pattern, Format: format, Identity: id}
	}
	for name, r := range map[string]TopicRule{
		"Traccar":        rule("traccar/positions", "traccar", IdentityPayload),
		"Teltonika":      rule("{device}/data", "teltonika", IdentityTopic),
		"OwnTracks":      rule("owntracks/{device}/{device}/#", "owntracks", IdentityTopic),
		"ThingsBoard me": rule("v1/devices/me/telemetry", "thingsboard", IdentityLogin),
		"Meshtastic":     rule("msh/+/2/json/+/+", "meshtastic", IdentityPayload),
	} {
		if err := CheckTopicRule(r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, r := range map[string]TopicRule{
		"everything":            rule("#", "auto", IdentityPayload),
		"nothing literal":       rule("{device}/+", "auto", IdentityTopic),
		"in the middle":         rule("a/#/b", "auto", IdentityPayload),
		"half a level":          rule("a/b+", "auto", IdentityPayload),
		"no device":             rule("a/b", "auto", IdentityTopic),
		"device and payload":    rule("a/{device}", "auto", IdentityPayload),
		"unknown format":        rule("a/b", "gt06", IdentityPayload),
		"unknown identity":      rule("a/b", "auto", "name"),
		"ours":                  rule("serenazgo/130102/x/pos", "auto", IdentityPayload),
		"the broker's own":      rule("$SYS/{device}", "auto", IdentityTopic),
		"empty":                 rule("", "auto", IdentityPayload),
		"with a space":          rule("a b/{device}", "auto", IdentityTopic),
		"other placeholder":     rule("a/{imei}", "auto", IdentityTopic),
		"not a district at all": {Ubigeo: "x", Pattern: "a/b", Format: "auto", Identity: IdentityPayload},
	} {
		if err := CheckTopicRule(r); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
