package importer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/hotspots"
)

// What was quarantined or repeats another does not get in by way of the file
// that lists rejected rows.
func TestRejectedRowsStayOut(t *testing.T) {
	file, forced := forcedFile(3000, .3, true, 11)
	// A repeated number, and places that are not known all in one.
	file = append(file, file[bytes.IndexByte(file, '\n')+1:][:bytes.IndexByte(file[bytes.IndexByte(file, '\n')+1:], '\n')+1]...)
	nowhere := func(string) (Located, bool) { return Located{}, false }
	for name, opt := range map[string]Options{"without streets": {}, "with streets": {Locate: nowhere}} {
		res, err := Read(bytes.NewReader(file), "f", opt)
		if err != nil || len(res.Duplicates) != 1 || len(res.Rejected) < len(forced)/2 {
			t.Fatalf("%s: %d repeated, %d rejected, %v", name, len(res.Duplicates), len(res.Rejected), err)
		}
		var b bytes.Buffer
		left := append(res.Rejected, res.Duplicates...)
		if err := WriteRejected(&b, res.Header, res.Comma, left, func(r hotspots.Rejected) string { return r.Reason }); err != nil {
			t.Fatal(err)
		}
		again, err := Read(&b, "f-rechazadas", opt)
		if err != nil || len(again.Incidents) != 0 || len(again.Rejected) != len(res.Rejected) {
			t.Errorf("%s: %d rows got in, %d were rejected again of %d, %v", name, len(again.Incidents), len(again.Rejected), len(res.Rejected), err)
		}
	}
}

func TestNoFormulas(t *testing.T) {
	for field, want := range map[string]string{
		"=HYPERLINK(1)": "'=HYPERLINK(1)", "+51 44 1": "'+51 44 1", "@x": "'@x", "-A1": "'-A1", "\tx": "'\tx", "\rx": "'\rx", "＝1": "'＝1", "-": "'-",
		"-8.07": "-8.07", "-8,07": "-8,07", "+5144": "+5144", "-1e3": "-1e3", "Jr. A-1": "Jr. A-1", "": "", "'hoy'": "'hoy'",
	} {
		got := []string{harmless(field)}
		if got[0] != want {
			t.Errorf("%q is written as %q", field, got[0])
		}
		if asItWas(got); got[0] != field {
			t.Errorf("%q comes back as %q", field, got[0])
		}
	}
	file := "fecha,lat,lon,tipo,=parte\nayer,-8,-79,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",@a\n=1+1,-8,-79,ROBO,\"+open\n"
	res, err := Read(strings.NewReader(file), "f", Options{})
	if err != nil || len(res.Rejected) != 2 {
		t.Fatalf("%+v, %v", res.Rejected, err)
	}
	var b bytes.Buffer
	if err := WriteRejected(&b, res.Header, res.Comma, res.Rejected, func(r hotspots.Rejected) string { return "=" + r.Code }); err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(strings.TrimSpace(b.String()), "\r\n") {
		fields, open := split(nil, strings.TrimPrefix(line, "\ufeff"), ',')
		if open || len(fields) != 7 {
			t.Fatalf("line %d has %d fields: %s", n+1, len(fields), line)
		}
		for _, f := range fields {
			if formula(f) {
				t.Errorf("line %d has a formula: %s", n+1, f)
			}
		}
	}
	corrected := strings.Replace(b.String(), "ayer", "2026-01-05 10:00", 1)
	again, err := Read(strings.NewReader(corrected), "f", Options{})
	if err != nil || len(again.Incidents) != 1 || again.Incidents[0].Type[0] != `=HYPERLINK("http://x","y")` {
		t.Errorf("%v, %v", fmt.Sprint(again.Incidents), err)
	}
}
