package importer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/serenazgo/serenazgo/hotspots"
)

// What was left out can be corrected in the file that lists it and read again,
// and again.
func TestRejectedRowsComeBack(t *testing.T) {
	reason := func(r hotspots.Rejected) string { return "fila mala; " + r.Code }
	file := "id;fecha;lat;lon;tipo\n1;2026-01-01 10:00;-8,01;-79;ROBO\n2;ayer;-8,02;-79;\"A; \"\"B\"\"\"\n3;2026-01-03 10:00;x;-79;ROBO\n"
	res, err := Read(strings.NewReader(file), "f.csv", Options{})
	if err != nil || len(res.Rejected) != 2 {
		t.Fatalf("%+v %v", res.Rejected, err)
	}
	var b bytes.Buffer
	if err := WriteRejected(&b, res.Header, res.Comma, res.Rejected, reason); err != nil {
		t.Fatal(err)
	}
	want := "\ufefffila_original;motivo_rechazo;id;fecha;lat;lon;tipo\r\n3;\"fila mala; not_date\";2;ayer;-8,02;-79;\"A; \"\"B\"\"\"\r\n4;\"fila mala; not_degrees\";3;2026-01-03 10:00;x;-79;ROBO\r\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Fatal(d)
	}
	half := strings.Replace(b.String(), "ayer", "2026-01-02 10:00", 1)
	again, err := Read(strings.NewReader(half), "f2.csv", Options{})
	if err != nil || len(again.Incidents) != 1 || again.Incidents[0].Type[0] != `A; "B"` || len(again.Rejected) != 1 {
		t.Fatalf("%+v %v", again, err)
	}
	if Fingerprint(again.Header) != Fingerprint(res.Header) {
		t.Error("the corrected file is taken for another source")
	}
	b.Reset()
	if err := WriteRejected(&b, again.Header, again.Comma, again.Rejected, reason); err != nil {
		t.Fatal(err)
	}
	if want := "\ufefffila_original;motivo_rechazo;id;fecha;lat;lon;tipo\r\n3;\"fila mala; not_degrees\";3;2026-01-03 10:00;x;-79;ROBO\r\n"; b.String() != want {
		t.Errorf("second time %q", b.String())
	}
}

func TestPeekAndFingerprint(t *testing.T) {
	var b strings.Builder
	b.WriteString("Cuándo;lat;lon\n")
	for i := range 3 * peekRows {
		fmt.Fprintf(&b, "2026-01-01 10:00;-8;%d\n", i%90)
	}
	res, err := Peek(strings.NewReader(b.String()), "f.csv", Options{})
	if err != nil || res.Columns["at"] != "Cuándo" || res.Rows != 0 {
		t.Errorf("%+v %v", res, err)
	}
	a, c := Fingerprint([]string{"Fecha", "Latitud"}), Fingerprint([]string{"LATITUD ", "fecha", ""})
	if a != c || a == Fingerprint([]string{"Fecha", "Longitud"}) {
		t.Error("fingerprints do not tell sources apart by their columns")
	}
	// A column may be told to have no role.
	none := &Mapping{Columns: map[string]string{"type1": "", "at": "f"}}
	res, err = Peek(strings.NewReader("f,tipo,lat,lon\n"), "f.csv", Options{Mapping: none})
	if _, ok := res.Columns["type1"]; ok || err != nil {
		t.Errorf("%v %v", res.Columns, err)
	}
}
