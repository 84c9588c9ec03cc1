package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// TestTracksAreTakenIn: a vehicle that is followed already is left out, rows are
// told of in words, and a file of none is refused.
func TestTracksAreTakenIn(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	st := storetest.Open(t, store.Config{Now: func() time.Time { return now }})
	d := fleet.District{Ubigeo: "130102", Name: "El Porvenir", Boundary: orb.MultiPolygon{{{{-79.02, -8.1}, {-79, -8.1}, {-79, -8.07}, {-79.02, -8.07}, {-79.02, -8.1}}}}}
	if err := st.SaveDistrict(ctx, d); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveUnit(ctx, fleet.Unit{Ubigeo: d.Ubigeo, ID: "C1", CallSign: "Cazador 1", Plate: "EGX-101", Mode: routing.Car, Active: true}); err != nil {
		t.Fatal(err)
	}
	u := &uploads{a: &App{store: st, now: func() time.Time { return now }, cfg: appConfig{Retention: retention}}}
	send := func(body string, dry bool) (api.ImportReport, error) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return u.ImportTracks(ctx, d, api.Upload{Path: path, Name: "t.csv"}, dry, fleet.AuditRow{Ubigeo: d.Ubigeo, At: now, Action: "import.tracks", Username: "pnp"})
	}
	const good = "placa,fecha_hora,lat,lon\nPL-1,2026-11-21 10:00:00,-8.08,-79.01\nPL-1,2026-11-21 10:00:05,-8.081,-79.01\negx-101,2026-11-21 10:00:00,-8.08,-79.01\nPL-1,2026-05-25 18:59:59,-8.08,-79.01\n"
	for _, c := range []struct {
		dry  bool
		want string
	}{{true, "2 posiciones de 1 vehículos."}, {false, "2 posiciones nuevas de 1 vehículos."}, {false, "0 posiciones nuevas de 1 vehículos. 2 ya estaban."}} {
		rep, err := send(good, c.dry)
		if err != nil {
			t.Fatal(err)
		}
		if rep.Message != c.want || !strings.Contains(string(rep.Report), "Fila 4: el vehículo ya se sigue") || !strings.Contains(string(rep.Report), "Fila 5: es más antigua") {
			t.Errorf("%s\n%s", rep.Message, rep.Report)
		}
	}
	for body, want := range map[string]string{"x": "no se puede leer", "placa,fecha_hora,lat,lon\nPL-1,ayer,-8.08,-79.01\n": "ninguna posición que sirva"} {
		if _, err := send(body, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", body, err)
		}
	}
	files, err := st.GuestFiles(ctx, d.Ubigeo)
	if err != nil || len(files) != 1 || files[0].Fixes != 2 || files[0].By != "pnp" {
		t.Errorf("%+v, %v", files, err)
	}
	rep, err := send(strings.Replace(good, "-8.081", "-8.082", 1), false)
	if want := "0 posiciones nuevas de 1 vehículos. 1 ya estaban. 1 reemplazan lo que otro archivo decía de esos instantes."; err != nil || rep.Message != want {
		t.Errorf("a later file that says it otherwise: %q, %v", rep.Message, err)
	}
	var c importTracksCmd
	if days, err := c.keptDays(ctx, st, d.Ubigeo); err != nil || days != usualDays {
		t.Errorf("nothing was forgotten yet: %d days, %v", days, err)
	}
	if err := st.SaveRetentionRun(ctx, d.Ubigeo, retain.Run{Started: now, KeptDays: 30}); err != nil {
		t.Fatal(err)
	}
	if days, err := c.keptDays(ctx, st, d.Ubigeo); err != nil || days != 30 {
		t.Errorf("the service forgets after 30 days: %d, %v", days, err)
	}
	c.KeepDays = -1
	if _, err := c.keptDays(ctx, st, d.Ubigeo); !errors.Is(err, errInput) {
		t.Errorf("-1 days: %v", err)
	}
}
