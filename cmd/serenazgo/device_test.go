package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/routing"
)

// TestDeviceCommands registers devices one by one and by table, claims what an
// unknown one left, and says how topics are read.
func TestDeviceCommands(t *testing.T) {
	st, flags := scratch(t, false)
	ctx := t.Context()
	if err := st.SaveUnit(ctx, fleet.Unit{Ubigeo: amazonas, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Active: true}); err != nil {
		t.Fatal(err)
	}
	text, err := output(t, func() error {
		return (&deviceAddCmd{storeFlags: flags, ID: "tel-01", Unit: "C01", Identity: []string{"juan/moto g"}, Interval: 10 * time.Second, Server: "https://x.pe", JSON: true}).Run(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	var made struct{ Username, Password, Link string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || !strings.HasPrefix(made.Link, "owntracks:///config") {
		t.Fatalf("%v: %s", err, text)
	}
	if ok, err := (mqtt.StoredDevices{Store: st}).CheckDevice(ctx, amazonas, "tel-01", made.Password); !ok || err != nil {
		t.Errorf("the password printed does not log in: %v", err)
	}

	dir := t.TempDir()
	table, secrets := filepath.Join(dir, "equipos.csv"), filepath.Join(dir, "claves.csv")
	if err := os.WriteFile(table, []byte("código;unidad;imei\nhilux;C01;356307042441013\notro;C99;\ndoble;;juan/moto g\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err = output(t, func() error {
		return (&deviceImportCmd{storeFlags: flags, File: table, Passwords: secrets, JSON: true}).Run(ctx)
	})
	var rep fleet.DeviceImport
	if err != nil || json.Unmarshal([]byte(text), &rep) != nil || rep.Added != 1 || len(rep.Bad) != 2 {
		t.Fatalf("%v: %s", err, text)
	}
	if !strings.Contains(rep.Bad[0].Reason, `no unit "C99"`) || !strings.Contains(rep.Bad[1].Reason, "that of device tel-01") {
		t.Errorf("%+v", rep.Bad)
	}
	written, err := os.ReadFile(secrets)
	if err != nil || !strings.Contains(string(written), "hilux,"+amazonas+"/hilux,") || strings.Contains(string(written), "tel-01") {
		t.Errorf("%v: %s", err, written)
	}

	now := time.Now().Truncate(time.Second)
	if _, err := st.StoreFixes(ctx, []fleet.Fix{{Ubigeo: amazonas, Device: "999", Time: now, Received: now, Point: orb.Point{-77, -6}}}); err != nil {
		t.Fatal(err)
	}
	text, err = output(t, func() error { return (&deviceListCmd{storeFlags: flags, Unknown: true}).Run(ctx) })
	if err != nil || !strings.Contains(text, "device claim 999") {
		t.Errorf("%v: %s", err, text)
	}
	text, err = output(t, func() error { return (&deviceClaimCmd{storeFlags: flags, ID: "999", Unit: "C01"}).Run(ctx) })
	if err != nil || !strings.Contains(text, "1 positions") {
		t.Errorf("%v: %s", err, text)
	}

	for _, p := range []string{"{device}/data", "traccar"} {
		if err := (&topicAddCmd{storeFlags: flags, Pattern: p, Format: "auto"}).Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
	text, err = output(t, func() error { return (&topicListCmd{storeFlags: flags, JSON: true}).Run(ctx) })
	var listed struct{ Rules []fleet.TopicRule }
	if err != nil || json.Unmarshal([]byte(text), &listed) != nil || len(listed.Rules) != 2 || listed.Rules[0].Identity != "topic" || listed.Rules[1].Identity != "payload" {
		t.Errorf("%v: %s", err, text)
	}

	for _, c := range []struct {
		name string
		run  func() error
		want string
	}{
		{"no such unit", func() error { return (&deviceAddCmd{storeFlags: flags, ID: "x", Unit: "C99"}).Run(ctx) }, "no unit"},
		{"a device of slashes", func() error { return (&deviceAddCmd{storeFlags: flags, ID: "a/b"}).Run(ctx) }, "device id"},
		{"identity of another", func() error {
			return (&deviceAddCmd{storeFlags: flags, ID: "x", Identity: []string{"356307042441013"}}).Run(ctx)
		}, "that of device hilux"},
		{"claim of nobody", func() error { return (&deviceClaimCmd{storeFlags: flags, ID: "nobody", Unit: "C01"}).Run(ctx) }, "list --unknown"},
		{"passwords over a file", func() error {
			return (&deviceImportCmd{storeFlags: flags, File: table, Passwords: secrets}).Run(ctx)
		}, "--passwords"},
		{"a rule for everything", func() error { return (&topicAddCmd{storeFlags: flags, Pattern: "#", Format: "auto"}).Run(ctx) }, "take everything"},
		{"a rule that is not there", func() error { return (&topicRemoveCmd{storeFlags: flags, Pattern: "x"}).Run(ctx) }, "not found"},
		{"a device that is not there", func() error { return (&deviceRemoveCmd{storeFlags: flags, ID: "x"}).Run(ctx) }, "x"},
		{"an address that is none", func() error { return (&deviceAddCmd{storeFlags: flags, ID: "y", Server: "x.pe"}).Run(ctx) }, "--server"},
	} {
		_, err := output(t, c.run)
		if !errors.Is(err, errInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a mistake of the caller's with %q", c.name, err, c.want)
		}
	}
}
