package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const amazonas = "010105" // a code that begins with a zero

// scratch is a store with one district of 4 km by 4 km whose code begins with
// a zero, and the flags that find it.
func scratch(t *testing.T, simulated bool) (*store.Store, storeFlags) {
	t.Helper()
	url := storetest.URL(t)
	st, err := store.Open(t.Context(), store.Config{URL: url, Share: true, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	d := fleet.District{Ubigeo: amazonas, Name: "Prueba", TimeZone: "America/Lima", Simulated: simulated,
		Boundary: orb.MultiPolygon{{{{-79.02, -8.09}, {-78.98, -8.09}, {-78.98, -8.05}, {-79.02, -8.05}, {-79.02, -8.09}}}}}
	if err := st.SaveDistrict(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return st, storeFlags{dataFlags: dataFlags{Database: url}}
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// output gives what f prints.
func output(t *testing.T, f func() error) (string, error) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	got := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(r)
		got <- string(b)
	}()
	err = f()
	os.Stdout = old
	w.Close()
	return <-got, err
}

const incidentsFile = `id,fecha_hora_hecho,lat,lon,generico,especifico,modalidad,origen
1,2026-11-20 23:10,-8.07,-79.0,PATRIMONIO,ROBO,ARREBATO,LLAMADA
2,2026-11-21 01:10,-8.06,-79.0,PATRIMONIO,ROBO,ARREBATO,PATRULLAJE
2,2026-11-21 01:10,-8.06,-79.0,PATRIMONIO,ROBO,ARREBATO,PATRULLAJE
3,2026-11-21 02:10,-12.06,-77.0,PATRIMONIO,ROBO,ARREBATO,LLAMADA
4,,-8.06,-79.0,PATRIMONIO,ROBO,ARREBATO,LLAMADA
`

func TestImportIncidents(t *testing.T) {
	st, flags := scratch(t, true)
	ctx := t.Context()
	made := hotspots.Incident{Key: "simulated:1", At: time.Now(), Point: orb.Point{-79, -8.07}, Simulated: true}
	if _, _, err := st.SaveIncidents(ctx, amazonas, []hotspots.Incident{made}); err != nil {
		t.Fatal(err)
	}
	c := importIncidentsCmd{storeFlags: flags, File: writeFile(t, "robos.csv", incidentsFile), JSON: true, DryRun: true,
		Rejected: filepath.Join(t.TempDir(), "rejected.csv")}
	run := func() incidentReport {
		t.Helper()
		out, err := output(t, func() error { return c.Run(ctx) })
		if err != nil {
			t.Fatal(err)
		}
		var rep incidentReport
		if err := json.Unmarshal([]byte(out), &rep); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		return rep
	}
	rep := run()
	if rep.Rows != 5 || rep.Inserted != 2 || rep.Duplicates != 1 || rep.Rejected != 2 || rep.Removed || len(rep.Reasons) != 3 || rep.Ubigeo != amazonas {
		t.Errorf("%+v", rep)
	}
	stored := func() int {
		t.Helper()
		in, err := st.RecentIncidents(ctx, amazonas, 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(in)
	}
	if n := stored(); n != 1 {
		t.Fatalf("a dry run changed the store: %d incidents", n)
	}
	rejected, err := os.ReadFile(c.Rejected)
	if err != nil || strings.Count(string(rejected), "\n") != 3 || !strings.Contains(string(rejected), "-12.06") {
		t.Errorf("%s, %v", rejected, err)
	}
	c.DryRun = false
	if rep = run(); rep.Inserted != 2 || rep.Known != 0 || !rep.Removed {
		t.Errorf("%+v", rep)
	}
	d, err := st.District(ctx, amazonas)
	if err != nil || d.Simulated {
		t.Errorf("the district is still labelled as simulated: %v", err)
	}
	if n := stored(); n != 2 {
		t.Errorf("%d incidents, want the two of the file", n)
	}
	if rows, err := st.Rejected(ctx, amazonas, rep.Import); err != nil || len(rows) != 3 || rows[0].Row != 4 {
		t.Errorf("%+v, %v", rows, err)
	}
	if rep = run(); rep.Inserted != 0 || rep.Known != 2 {
		t.Errorf("imported again: %+v", rep)
	}
	c.DryRun = true
	if rep = run(); rep.Inserted != 0 || rep.Known != 2 {
		t.Errorf("tried again: %+v", rep)
	}
}

// An import is listed, its rows left out come back corrected, and it is taken
// back with what it brought.
func TestIncidentImportComesAndGoes(t *testing.T) {
	st, flags := scratch(t, false)
	ctx := t.Context()
	file := "Nro;Cuándo;Norte;Este\n1;03/02/2026 22:00;-8,07;-79,01\n2;ayer;-8,07;-79,02\n"
	mapping := writeFile(t, "m.yaml", "columns: {at: Cuándo, lat: Norte, lon: Este, id: Nro}\nsource: central\n")
	imported := func(c importIncidentsCmd) incidentReport {
		t.Helper()
		c.storeFlags, c.JSON = flags, true
		out, err := output(t, func() error { return c.Run(ctx) })
		var rep incidentReport
		if err := errors.Join(err, json.Unmarshal([]byte(out), &rep)); err != nil {
			t.Fatal(err)
		}
		return rep
	}
	first := imported(importIncidentsCmd{File: writeFile(t, "a.csv", file), Mapping: mapping, KeepMapping: true})
	if first.Inserted != 1 || first.Rejected != 1 || first.Import == "" || first.MappingKept {
		t.Fatalf("%+v", first)
	}
	corrected := filepath.Join(t.TempDir(), "rechazadas.csv")
	if err := (&incidentRejectedCmd{storeFlags: flags, Import: first.Import, Out: corrected}).Run(ctx); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(corrected)
	if err != nil || !strings.Contains(string(b), ";2;ayer;-8,07;-79,02") {
		t.Fatalf("%q, %v", b, err)
	}
	second := imported(importIncidentsCmd{File: writeFile(t, "b.csv", strings.Replace(string(b), ";ayer;", ";04/02/2026 22:00;", 1))})
	if second.Inserted != 1 || second.Rejected != 0 || !second.MappingKept {
		t.Fatalf("the corrected rows, by the mapping that was kept: %+v", second)
	}
	out, err := output(t, func() error { return (&incidentImportsCmd{storeFlags: flags}).Run(ctx) })
	if err != nil || !strings.Contains(out, first.Import) || !strings.Contains(out, "b.csv") {
		t.Errorf("%s, %v", out, err)
	}
	undo := incidentUndoCmd{storeFlags: flags, Import: first.Import}
	if out, err = output(t, func() error { return undo.Run(ctx) }); err != nil || !strings.HasPrefix(out, "1 incidents") {
		t.Errorf("%s, %v", out, err)
	}
	left, err := st.RecentIncidents(ctx, amazonas, 10)
	if err != nil || len(left) != 1 || left[0].Key != "central:2" {
		t.Errorf("%+v, %v", left, err)
	}
	if err := undo.Run(ctx); !errors.Is(err, errInput) {
		t.Errorf("taken back twice: %v", err)
	}
}

func TestImportIncidentsLabelsMadeUpData(t *testing.T) {
	st, flags := scratch(t, false)
	c := importIncidentsCmd{storeFlags: flags, File: writeFile(t, "a.csv", incidentsFile), Simulated: true}
	if _, err := output(t, func() error { return c.Run(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	if d, err := st.District(t.Context(), amazonas); err != nil || !d.Simulated {
		t.Errorf("not labelled, %v", err)
	}
}

func TestImportIncidentsRefuses(t *testing.T) {
	st, flags := scratch(t, true)
	for name, c := range map[string]importIncidentsCmd{
		"no table":     {File: writeFile(t, "a.csv", "PK\x03\x04")},
		"no rows":      {File: writeFile(t, "a.csv", "date,lat,lon\n")},
		"no good rows": {File: writeFile(t, "a.csv", "date,lat,lon\n2026-01-01 10:00,-12,-77\n")},
		"bad mapping":  {File: writeFile(t, "a.csv", incidentsFile), Mapping: writeFile(t, "m.yaml", "clock: wall")},
		"district":     {File: writeFile(t, "a.csv", incidentsFile), storeFlags: storeFlags{Ubigeo: "10105"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.dataFlags = flags.dataFlags
			if err := c.Run(t.Context()); !errors.Is(err, errInput) {
				t.Fatalf("%v, want an input error", err)
			}
		})
	}
	if d, err := st.District(t.Context(), amazonas); err != nil || !d.Simulated {
		t.Error("a refused file changed the district")
	}
}

func TestImportPolice(t *testing.T) {
	st, flags := scratch(t, true)
	ctx := t.Context()
	file := func(lon string) string {
		return strings.ReplaceAll(`{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"kind":"post","name":"P","shift":"noche","start":"22:00","end":"02:00","mode":"foot","units":1,"trust":1},"geometry":{"type":"Point","coordinates":[LON,-8.07]}},
{"type":"Feature","properties":{"kind":"round","name":"R","shift":"noche","start":"22:00","end":"23:00","mode":"car","units":1,"trust":0.5},"geometry":{"type":"LineString","coordinates":[[LON,-8.07],[LON,-8.06]]}},
{"type":"Feature","properties":{"kind":"round","name":"R","shift":"noche","start":"22:00","end":"23:00","mode":"car","units":1,"trust":0.5},"geometry":{"type":"LineString","coordinates":[[LON,-8.08],[LON,-8.07]]}}]}`, "LON", lon)
	}
	// Made-up incidents stay made up, and stay, when the true police plan comes.
	_, _, err := st.SaveIncidents(ctx, amazonas, []hotspots.Incident{{Key: "simulated:1", At: time.Now(), Point: orb.Point{-79, -8.07}, Simulated: true}})
	must(t, err)
	made := importPoliceCmd{storeFlags: flags, File: writeFile(t, "made.geojson", file("-79.0")), Source: "made", Simulated: true, JSON: true}
	_, err = output(t, func() error { return made.Run(ctx) })
	must(t, err)
	c := importPoliceCmd{storeFlags: flags, File: writeFile(t, "p.geojson", file("-79.0")), Source: "police", JSON: true}
	for range 2 { // the second replaces the first
		out, err := output(t, func() error { return c.Run(ctx) })
		var rep policeReport
		if err == nil {
			err = json.Unmarshal([]byte(out), &rep)
		}
		if err != nil || rep.Rounds != 1 || rep.Posts != 1 || rep.Features != 3 {
			t.Fatalf("%s: %v", out, err)
		}
		ps, err := st.Presence(ctx, amazonas)
		if err != nil || len(ps) != 3 {
			t.Fatalf("%d features stored, %v", len(ps), err)
		}
	}
	if in, err := st.RecentIncidents(ctx, amazonas, 9); err != nil || len(in) != 1 {
		t.Errorf("%d simulated incidents left after the police plan was imported, want 1 (%v)", len(in), err)
	}
	if d, err := st.District(ctx, amazonas); err != nil || !d.Simulated {
		t.Errorf("the district with simulated incidents is no longer labelled: %v", err)
	}
	if _, err := st.DeleteSimulated(ctx, amazonas, fleet.SimulatedIncidents); err != nil {
		t.Error(err)
	}
	if d, err := st.District(ctx, amazonas); err != nil || d.Simulated {
		t.Errorf("the district is still labelled as simulated: %v", err)
	}
	for name, text := range map[string]string{"another district": file("-77.0"), "KML": "<kml/>", "bad": strings.Replace(file("-79.0"), `"units":1`, `"units":0`, 1)} {
		bad := importPoliceCmd{storeFlags: flags, File: writeFile(t, "p.geojson", text), Source: "police"}
		if err := bad.Run(ctx); !errors.Is(err, errInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
