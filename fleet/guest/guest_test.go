package guest_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet/guest"
)

var (
	lima = time.FixedZone("-05", -5*3600)
	opts = guest.Options{Loc: lima, Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Since: time.Date(2026, 1, 1, 0, 0, 0, 0, lima),
		Near: orb.Bound{Min: orb.Point{-79.1, -8.2}, Max: orb.Point{-78.9, -8}}, Known: func(s string) bool { return s == "C01" }}
)

// told lists fixes as vehicle, instant, place, km/h.
func told(r guest.Result) (out []string) {
	for _, f := range r.Fixes {
		speed := "?"
		if !math.IsNaN(f.Speed) {
			speed = fmt.Sprintf("%.0f", f.Speed*3.6)
		}
		out = append(out, fmt.Sprintf("%s %s %.3f %.3f %s", f.Unit, f.Time.Format("01-02 15:04:05"), f.Point[0], f.Point[1], speed))
	}
	return out
}

func TestReadTables(t *testing.T) {
	for _, c := range []struct{ name, in string }{
		{"commas, zone", "unit,time,lat,lon,speed_kmh\npl-1,2026-11-20T22:00:00-05:00,-8.08,-79.01,18\nPL-1,2026-11-21T03:00:05Z,-8.081,-79.01,\n"},
		{"semicolons, local, decimal commas", "\ufeffPlaca;Fecha y hora;Latitud;Longitud;Velocidad\r\nPL-1;20/11/2026 22:00:00;-8,08;-79,01;18\r\nPL-1;20/11/2026 22:00:05;-8,081;-79,01;\r\n"},
		{"date and clock apart, epoch order", "longitud\tlatitud\thora\tfecha\tmóvil\tvel\n-79.01\t-8.081\t22:00:05\t2026-11-20\tPL-1\t\n-79.01\t-8.08\t22:00\t2026-11-20\tpl-1\t18\n"},
		{"epoch", "id,at,y,x,speed\nPL-1,1795230000,-8.08,-79.01,18\nPL-1,1795230005000,-8.081,-79.01,x\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := guest.Read(strings.NewReader(c.in), "a.csv", opts)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"pnp:PL-1 11-21 03:00:00 -79.010 -8.080 18", "pnp:PL-1 11-21 03:00:05 -79.010 -8.081 ?"}
			if diff := cmp.Diff(want, told(got)); diff != "" {
				t.Error(diff)
			}
			if got.Rows != 2 || len(got.Rejected) != 0 {
				t.Errorf("%d rows, %v rejected", got.Rows, got.Rejected)
			}
		})
	}
}

func TestRejectedRows(t *testing.T) {
	in := `unit,time,lat,lon
P,2026-11-20 22:00:00,-8.08,-79.01
,2026-11-20 22:00:00,-8.08,-79.01
C01,2026-11-20 22:00:00,-8.08,-79.01
P,,-8.08,-79.01
P,31/31/2026 22:00,-8.08,-79.01
P,2026-11-23 22:00:00,-8.08,-79.01
P,2025-12-31 22:00:00,-8.08,-79.01
P,2026-11-20 22:00:05,,-79.01
P,2026-11-20 22:00:05,north,-79.01
P,2026-11-20 22:00:05,0,0
P,2026-11-20 22:00:05,-12.05,-77.04
P,2026-11-20 22:00:00,-8.09,-79.01
P
` + strings.Repeat("x", 50) + `,2026-11-20 22:00:05,-8.08,-79.01
`
	got, err := guest.Read(strings.NewReader(in), "a.csv", opts)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, r := range got.Rejected {
		codes = append(codes, fmt.Sprint(r.Row, " ", r.Code))
	}
	want := []string{"3 no_unit", "4 known", "5 no_time", "6 bad_time", "7 future", "8 too_old", "9 no_place", "10 bad_place", "11 bad_place", "12 far", "13 repeated", "14 no_time", "15 bad_unit"}
	if diff := cmp.Diff(want, codes); diff != "" || got.Rows != 14 || len(got.Fixes) != 1 {
		t.Errorf("%d rows, %d kept\n%s", got.Rows, len(got.Fixes), diff)
	}
}

func TestReadGPX(t *testing.T) {
	in := `<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="-8" lon="-79"/>
<trk><trkseg><trkpt lat="-8.08" lon="-79.01"><time>2026-11-21T03:00:00Z</time></trkpt><trkpt lat="-8.081" lon="-79.01"/></trkseg><name>Águila 1</name></trk>
<trk><trkseg><trkpt lat="-8.08" lon="-79.01"><time>2026-11-21T03:00:00Z</time></trkpt></trkseg></trk></gpx>`
	got, err := guest.Read(strings.NewReader(in), "patrullero 2.gpx", opts)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"pnp:PATRULLERO 2 11-21 03:00:00 -79.010 -8.080 ?", "pnp:ÁGUILA 1 11-21 03:00:00 -79.010 -8.080 ?"}
	if diff := cmp.Diff(want, told(got)); diff != "" || got.Reasons[guest.NoTime] != 1 {
		t.Errorf("%v\n%s", got.Reasons, diff)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for _, in := range []string{"", " \n", "PK\x03\x04\x00\x00", "unit,lat,lon\nP,1,2\n", "time;lat;lon\n", "<gpx><trk>", "<gpx></gpx>", "<html><body>x"} {
		if _, err := guest.Read(strings.NewReader(in), "a", opts); !errors.Is(err, guest.ErrFile) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// TestNothingFillsTheMemory: what goes on for longer than a row or a point of a
// track ends the file, though the rest is still to come.
func TestNothingFillsTheMemory(t *testing.T) {
	const most = 4 << 20 // bytes that may be read until it is noticed
	for _, c := range []struct{ name, head, rest string }{
		{"an open quote", "unit,time,lat,lon\nP,\"2026-11-20 22:00:00,-8.08,-79.01\n", "P,2026-11-20 22:00:00,-8.08,-79.01\n"},
		{"an endless header", "unit,time,lat,lon", ",x"},
		{"an endless line", "unit,time,lat,lon\nP,", "x"},
		{"an endless name", "<gpx><trk><name>", "a"},
		{"an endless point", `<gpx><trk><trkpt lat="-8.1" lon="-79"><time>`, "2"},
		{"an endless comment", "<gpx><!--", "x"},
		{"elements in each other", "<gpx>", "<a>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rest := &counted{r: strings.NewReader(strings.Repeat(c.rest, 2*most/len(c.rest)))}
			_, err := guest.Read(io.MultiReader(strings.NewReader(c.head), rest), "a", opts)
			if !errors.Is(err, guest.ErrFile) || rest.n > most {
				t.Errorf("after %d bytes: %v", rest.n, err)
			}
		})
	}
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func FuzzRead(f *testing.F) {
	f.Add("unit,time,lat,lon\nP,2026-11-20 22:00:00,-8.08,-79.01\n")
	f.Add("<gpx><trk><name>a</name><trkseg><trkpt lat=\"-8.1\" lon=\"-79\"><time>2026-11-20T22:00:00Z</time></trkpt></trkseg></trk></gpx>")
	f.Add("placa;fecha;hora;y;x\n\"a;b\n")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := guest.Read(strings.NewReader(in), "a.csv", opts)
		if err != nil {
			return
		}
		left := 0
		for _, n := range got.Reasons {
			left += n
		}
		if left+len(got.Fixes) != got.Rows {
			t.Errorf("%d rows, %d kept, %d left out", got.Rows, len(got.Fixes), left)
		}
		for i, x := range got.Fixes {
			if !x.Usable() || x.Time.After(opts.Now) || !opts.Near.Contains(x.Point) {
				t.Errorf("kept %+v", x)
			}
			if i > 0 && x.Unit == got.Fixes[i-1].Unit && !x.Time.After(got.Fixes[i-1].Time) {
				t.Errorf("out of order or twice: %v", x)
			}
		}
	})
}
