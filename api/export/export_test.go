package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/xuri/excelize/v2"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/track/tracktest"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const here = "010203"

// formula is a call sign that a spreadsheet would run, with what XML and JSON
// must not take for their own.
const formula = `=HYPERLINK("http://x","ñ")<&>`

// filled is a store with a night of one unit, ten hours silent in its middle.
func filled(t *testing.T) (*store.Store, export.Query) {
	s, ctx := storetest.New(t), t.Context()
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -2).Add(15 * time.Hour)
	u := fleet.Unit{Ubigeo: here, ID: "C01", CallSign: formula, Mode: routing.Car, Active: true}
	if err := s.SaveUnit(ctx, u); err != nil {
		t.Fatal(err)
	}
	fixes := tracktest.Drive{Ubigeo: here, Unit: "C01", Device: "gps", From: from, Interval: 10 * time.Second, Fixes: 300, Seed: 1}.All()
	for i := range fixes {
		if i >= 150 {
			fixes[i].Time = fixes[i].Time.Add(10 * time.Hour)
		}
	}
	fixes[20].Accuracy, fixes[20].Flags = 900, fleet.FlagAccuracy
	if _, err := s.StoreFixes(ctx, fixes); err != nil {
		t.Fatal(err)
	}
	day := journal.Day{Unit: "C01", Date: journal.WindowAt(from, lima).Date,
		Trips: []journal.Trip{{Start: fixes[10].Time, End: fixes[100].Time, From: fixes[10].Point, To: fixes[100].Point, Metres: 1234.5, MaxSpeed: 10}},
		Stops: []journal.Stop{{Start: fixes[100].Time, End: fixes[130].Time, Point: fixes[100].Point, Idle: 60}},
		Events: []journal.Event{{Unit: "C01", Kind: journal.Overspeed, Start: fixes[50].Time, End: fixes[52].Time, Point: fixes[50].Point, Value: new(25.0), Device: "gps"},
			{Unit: "C01", Kind: journal.DeviceAlarm, Place: "+sos", Start: fixes[60].Time, Point: orb.Point{math.NaN(), math.NaN()}, Device: "gps"}}}
	if err := s.SaveDay(ctx, here, day); err != nil {
		t.Fatal(err)
	}
	return s, export.Query{Ubigeo: here, Loc: lima, What: export.Trail, Units: []fleet.Unit{u}, From: from, To: from.Add(24 * time.Hour)}
}

func written(t *testing.T, s *store.Store, q export.Query, what export.What, f export.Format) []byte {
	t.Helper()
	q.What = what
	var b bytes.Buffer
	if err := export.Write(t.Context(), &b, s, q, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// table reads a CSV file as another program would.
func table(t *testing.T, b []byte) (rows []map[string]string) {
	t.Helper()
	text, marked := strings.CutPrefix(string(b), "\ufeff")
	if !marked {
		t.Error("no mark of UTF-8")
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, k := range all[0] {
			m[k] = r[i]
		}
		rows = append(rows, m)
	}
	return rows
}

func TestCSV(t *testing.T) {
	s, q := filled(t)
	rows := table(t, written(t, s, q, export.Trail, export.CSV))
	if len(rows) != 299 {
		t.Fatalf("%d rows of 299 fixes that count", len(rows))
	}
	first := rows[0]
	if at, err := time.Parse(time.RFC3339, first["fecha_hora"]); err != nil || !at.Equal(q.From) || !strings.HasSuffix(first["fecha_hora"], "-05:00") {
		t.Errorf("the first is of %s: %v", first["fecha_hora"], err)
	}
	if first["nombre"] != "'"+formula || !strings.HasPrefix(first["longitud"], "-78.9") || first["encendido"] != "sí" || first["altitud_m"] != "" {
		t.Errorf("%v", first)
	}
	q.Doubtful = true
	all := table(t, written(t, s, q, export.Trail, export.CSV))
	if len(all) != 300 || all[20]["no_cuenta_por"] != "accuracy" {
		t.Errorf("%d with those that do not count, because of %q", len(all), all[20]["no_cuenta_por"])
	}
	q.Doubtful = false
	for what, want := range map[export.What]map[string]string{
		export.Trips:  {"km": "1.235", "velocidad_maxima_kmh": "36", "minutos": "15"},
		export.Stops:  {"minutos": "5", "minutos_motor_encendido": "1"},
		export.Events: {"suceso": "Exceso de velocidad", "valor": "90", "unidad_de_valor": "km/h"},
	} {
		rows := table(t, written(t, s, q, what, export.CSV))
		if len(rows) == 0 {
			t.Fatalf("no %s", what)
		}
		for k, v := range want {
			if rows[0][k] != v {
				t.Errorf("%s: %s is %q, want %q", what, k, rows[0][k], v)
			}
		}
	}
	events := table(t, written(t, s, q, export.Events, export.CSV))
	if len(events) != 2 || events[1]["lugar"] != "'+sos" || events[1]["longitud"] != "" {
		t.Errorf("%v", events)
	}
}

// TestXLSX reads the workbook back: numbers are numbers, instants dates.
func TestXLSX(t *testing.T) {
	s, q := filled(t)
	f, err := excelize.OpenReader(bytes.NewReader(written(t, s, q, export.Trail, export.XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Recorrido")
	if err != nil || len(rows) != 300 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	if rows[0][2] != "fecha_hora (America/Lima -05:00)" || rows[1][1] != formula {
		t.Errorf("%v %v", rows[0], rows[1])
	}
	if want := q.From.In(q.Loc).Format(time.DateTime); rows[1][2] != want {
		t.Errorf("the first is of %s, want %s", rows[1][2], want)
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeInlineString, "C2": excelize.CellTypeNumber, "D2": excelize.CellTypeNumber, "K2": excelize.CellTypeBool} {
		got, err := f.GetCellType("Recorrido", cell)
		if err != nil || got != want && !(want == excelize.CellTypeNumber && got == excelize.CellTypeUnset) {
			t.Errorf("%s is of type %v: %v", cell, got, err)
		}
	}
	if formulas, err := f.GetCellFormula("Recorrido", "B2"); err != nil || formulas != "" {
		t.Errorf("a formula %q: %v", formulas, err)
	}
}

func TestGPX(t *testing.T) {
	s, q := filled(t)
	type pt struct {
		Lat  float64   `xml:"lat,attr"`
		Lon  float64   `xml:"lon,attr"`
		Time time.Time `xml:"time"`
		Name string    `xml:"name"`
		V    float64   `xml:"extensions>TrackPointExtension>speed"`
	}
	type gpx struct {
		XMLName xml.Name `xml:"http://www.topografix.com/GPX/1/1 gpx"`
		Tracks  []struct {
			Name     string `xml:"name"`
			Segments []struct {
				Points []pt `xml:"trkpt"`
			} `xml:"trkseg"`
		} `xml:"trk"`
		Places []pt `xml:"wpt"`
	}
	read := func(what export.What) (g gpx) {
		if err := xml.Unmarshal(written(t, s, q, what, export.GPX), &g); err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := read(export.Trail)
	if len(g.Tracks) != 1 || len(g.Tracks[0].Segments) != 2 || len(g.Tracks[0].Segments[0].Points) != 149 || len(g.Tracks[0].Segments[1].Points) != 150 {
		t.Fatalf("%d tracks", len(g.Tracks))
	}
	p := g.Tracks[0].Segments[0].Points[0]
	if _, offset := p.Time.Zone(); !p.Time.Equal(q.From) || offset != -5*3600 || math.Abs(p.Lon+78.9837) > 0.01 || p.V <= 0 || g.Tracks[0].Name != "C01 · "+formula {
		t.Errorf("%+v of %s", p, g.Tracks[0].Name)
	}
	if g := read(export.Trips); len(g.Tracks) != 1 || len(g.Tracks[0].Segments[0].Points) < 5 {
		t.Errorf("trips: %+v", g)
	}
	if g := read(export.Events); len(g.Places) != 1 || !strings.HasSuffix(g.Places[0].Name, "Exceso de velocidad") || g.Places[0].Time.IsZero() {
		t.Errorf("events: %+v", g)
	}
}

func TestKML(t *testing.T) {
	s, q := filled(t)
	type kml struct {
		XMLName xml.Name `xml:"http://www.opengis.net/kml/2.2 kml"`
		Marks   []struct {
			Name  string `xml:"name"`
			Track struct {
				XMLName xml.Name    `xml:"http://www.google.com/kml/ext/2.2 Track"`
				When    []time.Time `xml:"http://www.opengis.net/kml/2.2 when"`
				Coord   []string    `xml:"http://www.google.com/kml/ext/2.2 coord"`
			}
			Point string `xml:"Point>coordinates"`
			Data  []struct {
				Name  string `xml:"name,attr"`
				Value string `xml:"value"`
			} `xml:"ExtendedData>Data"`
		} `xml:"Document>Placemark"`
	}
	read := func(what export.What) (k kml) {
		if err := xml.Unmarshal(written(t, s, q, what, export.KML), &k); err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := read(export.Trail)
	if len(k.Marks) != 2 || len(k.Marks[0].Track.When) != 149 || len(k.Marks[0].Track.Coord) != 149 || !k.Marks[0].Track.When[0].Equal(q.From) {
		t.Fatalf("%d marks", len(k.Marks))
	}
	k = read(export.Stops)
	if len(k.Marks) != 1 || !strings.HasPrefix(k.Marks[0].Point, "-78.9") || len(k.Marks[0].Data) != 9 || k.Marks[0].Data[1].Value != formula {
		t.Errorf("%+v", k.Marks)
	}
}

func TestGeoJSON(t *testing.T) {
	s, q := filled(t)
	read := func(what export.What) *geojson.FeatureCollection {
		fc, err := geojson.UnmarshalFeatureCollection(written(t, s, q, what, export.GeoJSON))
		if err != nil {
			t.Fatal(err)
		}
		return fc
	}
	fc := read(export.Trail)
	line, ok := fc.Features[0].Geometry.(orb.LineString)
	if len(fc.Features) != 2 || !ok || len(line) != 149 || len(fc.Features[0].Properties["coordTimes"].([]any)) != 149 {
		t.Fatalf("%+v", fc.Features)
	}
	if fc := read(export.Events); len(fc.Features) != 2 || fc.Features[1].Geometry != nil || fc.Features[0].Properties["inicio"] == nil {
		t.Errorf("%+v", fc.Features)
	}
	if fc := read(export.Trips); len(fc.Features) != 1 || fc.Features[0].Geometry.GeoJSONType() != "LineString" {
		t.Errorf("%+v", fc.Features)
	}
}

// TestLongPieces: a trail without a gap is cut into lines that meet.
func TestLongPieces(t *testing.T) {
	s, q := filled(t)
	d := tracktest.Drive{Ubigeo: here, Unit: "C01", Device: "otro", From: q.From.Add(30 * time.Hour), Interval: time.Second, Fixes: 7000, Seed: 1}
	if _, err := s.StoreFixes(t.Context(), d.All()); err != nil {
		t.Fatal(err)
	}
	q.From, q.To = d.From, d.From.Add(3*time.Hour)
	fc, err := geojson.UnmarshalFeatureCollection(written(t, s, q, export.Trail, export.GeoJSON))
	if err != nil || len(fc.Features) != 2 {
		t.Fatal(len(fc.Features), err)
	}
	a, b := fc.Features[0].Geometry.(orb.LineString), fc.Features[1].Geometry.(orb.LineString)
	if a[len(a)-1] != b[0] || len(a)+len(b) != 7001 {
		t.Errorf("%d and %d steps, from %v to %v", len(a), len(b), a[len(a)-1], b[0])
	}
}

func TestBadQueries(t *testing.T) {
	s, q := filled(t)
	for name, change := range map[string]func(*export.Query, *export.Format){
		"thing":    func(q *export.Query, _ *export.Format) { q.What = "x" },
		"format":   func(_ *export.Query, f *export.Format) { *f = "pdf" },
		"period":   func(q *export.Query, _ *export.Format) { q.To = q.From },
		"doubtful": func(q *export.Query, f *export.Format) { q.Doubtful, *f = true, export.KML },
	} {
		q, f := q, export.CSV
		change(&q, &f)
		if err := export.Write(t.Context(), &bytes.Buffer{}, s, q, f); !errors.Is(err, fleet.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
