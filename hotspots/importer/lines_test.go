package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestRejectedRows(t *testing.T) {
	loc := lima(t)
	header := "id,fecha_hora_hecho,lat,lon,tipo,observacion\n"
	for _, tc := range []struct{ name, row, reason string }{
		{"no date", "1,,-8,-79,ROBO,", "no date"},
		{"no such day", "1,2026-02-30 10:00,-8,-79,ROBO,", "no such day"},
		{"no date at all", "1,ayer,-8,-79,ROBO,", "not a date"},
		{"month 13", "1,31/13/2026 10:00,-8,-79,ROBO,", "not a date"},
		{"rounded by a spreadsheet", "1,1.79531E+12,-8,-79,ROBO,", "spreadsheet"},
		{"the future", "1,2027-01-01 10:00,-8,-79,ROBO,", "future"},
		{"long ago", "1,1926-01-01 10:00,-8,-79,ROBO,", "before 1990"},
		{"no place", "1,2026-01-01 10:00,,,ROBO,", "no coordinates"},
		{"NULL", "1,2026-01-01 10:00,NULL,NULL,ROBO,", "no coordinates"},
		{"zero", "1,2026-01-01 10:00,0,0,ROBO,", "no coordinates: 0, 0"},
		{"latitude 512", "1,2026-01-01 10:00,512,-79,ROBO,", "latitude 512"},
		{"changed places", "1,2026-01-01 10:00,-179,-8,ROBO,", "changed places"},
		{"UTM", "1,2026-01-01 10:00,9107000,718000,ROBO,", "UTM"},
		{"text", "1,2026-01-01 10:00,Av. Perú,-79,ROBO,", "not a number of degrees"},
		{"outside", "1,2026-01-01 10:00,-12,-77,ROBO,", "outside the district"},
		{"forced to the station", "1,2026-01-01 10:00,-8,-79,ROBO,GEO FORZADA AL CENTROIDE DE UBIC COMISARIA", "quarantined"},
		{"decimal comma among commas", "1,2026-01-01 10:00,-8,07,-79,01,ROBO,", "fields where the header has 6"},
		{"a quote not closed", `1,2026-01-01 10:00,-8,-79,"ROBO,`, "quote"},
		{"too short", "1", "no date"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := header + tc.row + "\n2,2026-05-05 05:05,-8.05,-79.05,ROBO,\n"
			res, err := Read(strings.NewReader(file), "f.csv", Options{Loc: loc, Latest: time.Date(2026, 11, 22, 0, 0, 0, 0, loc),
				Bound: orb.Bound{Min: orb.Point{-79.1, -8.1}, Max: orb.Point{-78.9, -7.9}}})
			if err != nil {
				t.Fatal(err)
			}
			checkAccounts(t, res)
			if len(res.Incidents) != 1 || res.Incidents[0].Row != 3 || len(res.Rejected) != 1 {
				t.Fatalf("%d incidents, rejected %+v", len(res.Incidents), res.Rejected)
			}
			r := res.Rejected[0]
			if r.Row != 2 || r.Raw != tc.row || !strings.Contains(r.Reason, tc.reason) {
				t.Fatalf("rejected %+v, want %q", r, tc.reason)
			}
		})
	}
}

func TestUnclosedQuoteLosesOneRow(t *testing.T) {
	var b strings.Builder
	b.WriteString("date,lat,lon,tipo\n")
	for i := range 200 {
		quote := ""
		if i == 60 {
			quote = `"`
		}
		fmt.Fprintf(&b, "2026-01-01 %02d:%02d,-8.%03d,-79,%sROBO\n", i/60, i%60, i, quote)
	}
	res, err := Read(strings.NewReader(b.String()), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	if len(res.Incidents) != 199 || len(res.Rejected) != 1 || res.Rejected[0].Row != 62 {
		t.Fatalf("%d incidents, rejected %+v", len(res.Incidents), res.Rejected)
	}
	for _, in := range res.Incidents {
		if want := fmt.Sprintf("-8.%03d", in.Row-2); fmt.Sprintf("%.3f", in.Point[1]) != want {
			t.Fatalf("row %d has latitude %v", in.Row, in.Point[1])
		}
	}
}

func TestQuotedFields(t *testing.T) {
	file := "date,lat,lon,tipo,modalidad\n2026-01-01 10:00,-8,-79,\"ROBO \"\"A\"\"\",\"dos\nlíneas, y coma\"\n2026-01-02 10:00,-8,-79,12\" ,x\n"
	res, err := Read(strings.NewReader(file), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	var got [][3]string
	for _, in := range res.Incidents {
		got = append(got, in.Type)
	}
	if d := cmp.Diff([][3]string{{`ROBO "A"`, "", "dos\nlíneas, y coma"}, {`12"`, "", "x"}}, got); d != "" {
		t.Fatal(d)
	}
	if res.Incidents[1].Row != 4 {
		t.Fatalf("the second row is on line %d, want 4", res.Incidents[1].Row)
	}
}
