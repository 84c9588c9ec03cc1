package importer

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/hotspots"
)

// TestAnswered: times of an answer are full or of the clock, which goes on after
// midnight; what lies before the call, or cannot be read, is not known.
func TestAnswered(t *testing.T) {
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, lima)
		if err != nil {
			t.Fatal(err)
		}
		return v.UTC()
	}
	for _, c := range []struct {
		name, assigned, arrived, outcome string
		want                             *hotspots.Answered
	}{
		{"nothing", "", "", "", nil},
		{"hours", "23:55", "00:10", "Falsa alarma", &hotspots.Answered{Assigned: at("2026-03-01 23:55"), Arrived: at("2026-03-02 00:10"), Outcome: hotspots.OutcomeFalse}},
		{"full", "2026-03-01 23:56:00", "2026-03-02 00:20:00", "Positivo", &hotspots.Answered{Assigned: at("2026-03-01 23:56"), Arrived: at("2026-03-02 00:20"), Outcome: hotspots.OutcomeReal}},
		{"before the call", "2026-03-01 22:00:00", "", "perturbadora", &hotspots.Answered{Outcome: hotspots.OutcomeNuisance}},
		{"not readable", "pronto", "-", "en proceso", nil},
	} {
		text := "id,fecha_hora_hecho,fecha_hora_registro,lat,lon,tipo,hora_despacho,hora_llegada,resultado\n" +
			"1,2026-03-01 23:50:00,2026-03-01 23:52:00,-8.07,-79.0,Robo," + c.assigned + "," + c.arrived + "," + c.outcome + "\n"
		res, err := Read(strings.NewReader(text), "x.csv", Options{Loc: lima})
		got := res.Incidents
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %d incidents, %v", c.name, len(got), err)
		}
		if d := cmp.Diff(c.want, got[0].Answered); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}
