package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// TestKeepingCommands walks the commands that look after mail, the ministry's
// platform, retention and exports through proper and bad input.
func TestKeepingCommands(t *testing.T) {
	st, flags := scratch(t, false)
	ctx := t.Context()
	if err := st.SaveUnit(ctx, fleet.Unit{Ubigeo: amazonas, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Active: true}); err != nil {
		t.Fatal(err)
	}
	on, out := true, filepath.Join(t.TempDir(), "x.csv")
	for _, c := range []struct {
		name string
		run  func() error
		says string // on standard output, or in the error
		bad  bool
	}{
		{"mail: no server", func() error { return (&mailSendCmd{flags, "diario"}).Run(ctx) }, "mail server", true},
		{"mail: a server", func() error {
			return (&mailServerCmd{storeFlags: flags, Host: "smtp.example.pe", Port: 587, Security: "starttls", Sender: "central@example.pe"}).Run(ctx)
		}, "", false},
		{"mail: a sender with a name", func() error {
			return (&mailServerCmd{storeFlags: flags, Host: "smtp.example.pe", Port: 587, Security: "starttls", Sender: "Ana <a@example.pe>"}).Run(ctx)
		}, "no plain mail address", true},
		{"mail: no clock", func() error {
			return (&mailReportCmd{storeFlags: flags, ID: "diario", Name: "x", Every: "day", At: "7", To: []string{"a@example.pe"}}).Run(ctx)
		}, "HH:MM", true},
		{"mail: a report", func() error {
			return (&mailReportCmd{storeFlags: flags, ID: "diario", Name: "Informe", Every: "day", At: "07:00", To: []string{"a@example.pe"}}).Run(ctx)
		}, "", false},
		{"mail: list", func() error { return (&mailListCmd{flags}).Run(ctx) }, "diario  Informe  every day at 07:00  a@example.pe", false},
		{"mail: no such report", func() error { return (&mailSendCmd{flags, "otro"}).Run(ctx) }, `no report "otro"`, true},
		{"mail: remove", func() error { return (&mailRemoveCmd{flags, "diario"}).Run(ctx) }, "", false},
		{"mail: remove again", func() error { return (&mailRemoveCmd{flags, "diario"}).Run(ctx) }, "diario", true},
		{"relay: no IMEI", func() error { return (&relayVehicleCmd{storeFlags: flags, Unit: "C01", Plate: "EGA-123"}).Run(ctx) }, "IMEI", true},
		{"relay: a vehicle", func() error {
			return (&relayVehicleCmd{storeFlags: flags, Unit: "C01", IMEI: "356307042441013", Plate: "EGA-123"}).Run(ctx)
		}, "", false},
		{"relay: on, and municipal without an id", func() error { return (&relaySetCmd{storeFlags: flags, On: &on}).Run(ctx) }, "municipality", true},
		{"relay: no https", func() error { return (&relaySetCmd{storeFlags: flags, Sink: "https", URL: "http://x"}).Run(ctx) }, "https://", true},
		{"relay: a password in the address", func() error {
			return (&relaySetCmd{storeFlags: flags, Sink: "https", URL: "https://ana:clave@gps.example.pe"}).Run(ctx)
		}, "user name or password", true},
		{"relay: inside", func() error {
			return (&relaySetCmd{storeFlags: flags, Sink: "https", URL: "https://10.0.0.7/"}).Run(ctx)
		}, "--private", true},
		{"relay: inside and meant", func() error {
			return (&relaySetCmd{storeFlags: flags, Sink: "https", URL: "https://10.0.0.7/", Private: true}).Run(ctx)
		}, "", false},
		{"relay: show", func() error { return (&relayShowCmd{storeFlags: flags, Days: 31}).Run(ctx) }, "sink https https://10.0.0.7/, 25 points a request, 1 vehicles", false},
		{"retention: no days", func() error { return (&retentionSetCmd{storeFlags: flags}).Run(ctx) }, "for how many days", true},
		{"retention: 90 days", func() error { return (&retentionSetCmd{storeFlags: flags, Days: 90, Rejected: 45}).Run(ctx) }, "", false},
		{"retention: show", func() error { return (&retentionShowCmd{storeFlags: flags}).Run(ctx) }, "rejected rows of imported files are kept 45 days", false},
		{"retention: no such hold", func() error { return (&retentionReleaseCmd{flags, "x"}).Run(ctx) }, "x", true},
		{"retention: run", func() error { return (&retentionRunCmd{dataFlags: flags.dataFlags, KeepDays: 0}).Run(ctx) }, "--keep-days 0", true},
		{"export: backwards", func() error {
			return (&exportCmd{storeFlags: flags, What: "trail", From: "2026-11-22T06:00", To: "2026-11-21T22:00", Format: "csv", Out: out}).Run(ctx)
		}, "", true},
		{"export: a file", func() error {
			return (&exportCmd{storeFlags: flags, What: "trail", From: "2026-11-21T22:00", To: "2026-11-22T06:00", Format: "csv", Out: out}).Run(ctx)
		}, "", false},
	} {
		text, err := output(t, c.run)
		said := text
		if err != nil {
			said += err.Error()
		}
		if (err != nil) != c.bad || !strings.Contains(said, c.says) || strings.Contains(said, "clave") || strings.Contains(said, "\n\n") {
			t.Errorf("%s: %q, %v", c.name, text, err)
		}
	}
	if raw, err := os.ReadFile(out); err != nil || !strings.Contains(string(raw), "fecha_hora") {
		t.Errorf("the exported file: %q, %v", raw, err)
	}
	rows, err := st.AuditRows(ctx, amazonas, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if strings.Contains(r.Detail+r.Subject, "https://") || time.Since(r.At) > time.Hour {
			t.Errorf("the audit says %+v", r)
		}
	}
}
