package risk

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/hotspots"
)

var square = orb.MultiPolygon{{{{-79.02, -8.09}, {-78.99, -8.09}, {-78.99, -8.06}, {-79.02, -8.06}, {-79.02, -8.09}}}}

func gridOf(t testing.TB) *hotspots.Grid {
	t.Helper()
	g, err := hotspots.NewGrid(square, Res)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// surfaceOf puts incidents at places and forecasts the night after them.
func surfaceOf(t testing.TB, at ...orb.Point) *hotspots.Surface {
	t.Helper()
	fine, err := hotspots.NewGrid(square, 10)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	var ins []hotspots.Incident
	for i, p := range at {
		ins = append(ins, hotspots.Incident{Point: p, At: start.Add(-time.Duration(i+1) * 24 * time.Hour)})
	}
	s, err := hotspots.Forecast(fine, ins, hotspots.Target{Start: start, End: start.Add(8 * time.Hour), Loc: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestJointByHand: a bar in the centre of one cell and a camera halfway to the
// reach of another, with the formula written out.
func TestJointByHand(t *testing.T) {
	g := gridOf(t)
	a, b := 3, g.Len()-4
	bar := Factor{ID: "bar", Kind: Bar, Geometry: g.Centre(a)}
	camera := Factor{ID: "cam", Kind: Camera, Geometry: geo.PointAtBearingAndDistance(g.Centre(a), 90, 50)}
	school := Factor{ID: "s", Kind: School, Geometry: geo.PointAtBearingAndDistance(g.Centre(b), 0, 80)}
	s := Settings{Share: 0.4, Terms: map[Kind]Term{Bar: {3, 100}, Camera: {-1, 100}, School: {1, 100}}}
	m := Joint(g, nil, []Factor{bar, camera, school}, s)
	// Cell a: 3·1 − 1·(1 − 50/100) = 2.5; cell b: 1·(1 − 80/100) = 0.2.
	if got, want := m.Cells[a].Municipal, 2.5/2.7; math.Abs(got-want) > 1e-3 {
		t.Errorf("cell with the bar: %.4f, want %.4f", got, want)
	}
	if got, want := m.Cells[b].Municipal, 0.2/2.7; math.Abs(got-want) > 1e-3 {
		t.Errorf("cell by the school: %.4f, want %.4f", got, want)
	}
	if m.Share != 1 || m.Cells[a].Joint != m.Cells[a].Municipal {
		t.Errorf("without incidents the joint map is the municipal one: share %g", m.Share)
	}
	surface := surfaceOf(t, g.Centre(b), g.Centre(b))
	m = Joint(g, surface, []Factor{bar, camera, school}, s)
	if c := m.Cells[a]; math.Abs(c.Joint-(0.6*c.Crime+0.4*c.Municipal)) > 1e-15 || m.Share != 0.4 {
		t.Errorf("joint %g of crime %g and municipal %g", c.Joint, c.Crime, c.Municipal)
	}
	if m = Joint(g, surface, nil, s); m.Share != 0 || m.Cells[a].Joint != m.Cells[a].Crime {
		t.Error("without factors the joint map is the crime map")
	}
}

// TestJointAdds: whatever the factors, each of the three maps is a share of the
// district, and more weight for a kind never lowers the part of a cell that has
// only it.
func TestJointAdds(t *testing.T) {
	g := gridOf(t)
	surface := surfaceOf(t, g.Centre(0), g.Centre(5), g.Centre(5))
	rapid.Check(t, func(r *rapid.T) {
		var fs []Factor
		for range rapid.IntRange(0, 12).Draw(r, "n") {
			p := orb.Point{rapid.Float64Range(-79.03, -78.98).Draw(r, "lon"), rapid.Float64Range(-8.1, -8.05).Draw(r, "lat")}
			f := Factor{ID: "x", Kind: rapid.SampledFrom(Kinds()).Draw(r, "kind"), Geometry: p}
			switch rapid.IntRange(0, 2).Draw(r, "shape") {
			case 1:
				f.Geometry = orb.LineString{p, {p[0] + 0.004, p[1]}}
			case 2:
				f.Geometry = orb.Polygon{{p, {p[0] + 0.003, p[1]}, {p[0] + 0.003, p[1] + 0.003}, p}}
			}
			fs = append(fs, f)
		}
		m := Joint(g, surface, fs, DefaultSettings())
		var crime, municipal, joint float64
		for _, c := range m.Cells {
			if c.Crime < 0 || c.Municipal < 0 || c.Joint < 0 {
				r.Fatalf("a share below 0: %+v", c)
			}
			for k, e := range c.Exposure {
				if e <= 0 || e > 1 {
					r.Fatalf("exposure %g to %s", e, k)
				}
			}
			crime, municipal, joint = crime+c.Crime, municipal+c.Municipal, joint+c.Joint
		}
		if math.Abs(crime-1) > 1e-9 || math.Abs(joint-1) > 1e-9 || municipal != 0 && math.Abs(municipal-1) > 1e-9 {
			r.Fatalf("crime %g, municipal %g, joint %g do not add up to 1", crime, municipal, joint)
		}
		twice := Joint(g, surface, append(fs, fs...), DefaultSettings())
		for i, c := range m.Cells {
			for k, e := range c.Exposure {
				if twice.Cells[i].Exposure[k] < e {
					r.Fatal("more factors, less exposure")
				}
			}
		}
	})
}

// TestDistance holds the flat plane against the sphere, by sampling the line.
func TestDistance(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		at := func(name string) orb.Point {
			return orb.Point{-79 + rapid.Float64Range(-0.01, 0.01).Draw(r, name+" lon"), -8 + rapid.Float64Range(-0.01, 0.01).Draw(r, name+" lat")}
		}
		p, a, b := at("p"), at("a"), at("b")
		least := math.Inf(1)
		for k := range 2001 {
			f := float64(k) / 2000
			least = min(least, geo.Distance(p, orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}))
		}
		if got := distance(p, orb.LineString{a, b}); math.Abs(got-least) > 2 {
			r.Fatalf("%.2f m, by sampling %.2f m", got, least)
		}
	})
	box := orb.Polygon{{{-79, -8}, {-78.99, -8}, {-78.99, -7.99}, {-79, -7.99}, {-79, -8}}}
	if d := distance(orb.Point{-78.995, -7.995}, box); d != 0 {
		t.Errorf("inside: %g m", d)
	}
}

func TestPropose(t *testing.T) {
	g := gridOf(t)
	m := Map{Grid: g, Cells: make([]Cell, g.Len())}
	n := float64(g.Len())
	for i, times := range []float64{1.9, 7, 2.5, 4} {
		m.Cells[i] = Cell{Index: i, Cell: g.Cell(i), Joint: times / n}
	}
	var got []string
	for _, p := range m.Propose() {
		got = append(got, string(p.Level))
		if p.Rank != len(got) {
			t.Errorf("rank %d at place %d", p.Rank, len(got))
		}
	}
	if d := cmp.Diff([]string{"high", "medium", "low"}, got); d != "" {
		t.Error(d)
	}
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, file string
		fallback   Kind
		kinds      string
		rejected   int
		bad        bool
	}{
		{"semicolons and decimal commas", "tipo;nombre;latitud;longitud\nCámara de videovigilancia;C-1;-8,07;-79,01\nCalle sin alumbrado;;-8,071;-79,011\nLote baldío;L;-8,072;-79,012\n", "", "camera unlit vacant_lot", 0, false},
		{"commas, English", "kind,name,lat,lon\nbus_stop,Uno,-8.07,-79.01\nBank,BCP,-8.07,-79.011\nnothing known,X,-8.07,-79.01\nschool,A,95,-79\nbar,,,\n", "", "bus_stop bank", 3, false},
		{"kind by the name", "nombre,lat,lon\nColegio San José,-8.07,-79.01\nBar El Faro,-8.07,-79.01\nBarbería Luis,-8.07,-79.01\n", "", "school bar", 1, false},
		{"kind given", "nombre,lat,lon\nUno,-8.07,-79.01\n", Market, "market", 0, false},
		{"twice", "tipo,lat,lon\nbar,-8.07,-79.01\nbar,-8.07,-79.01\n", "", "bar", 1, false},
		{"GeoJSON", `{"type":"FeatureCollection","features":[
			{"type":"Feature","id":7,"properties":{"tipo":"Mercado"},"geometry":{"type":"Polygon","coordinates":[[[-79,-8],[-78.99,-8],[-78.99,-7.99],[-79,-8]]]}},
			{"type":"Feature","properties":{"kind":"unlit"},"geometry":{"type":"MultiLineString","coordinates":[[[-79,-8],[-78.99,-8]],[[-79,-8.1],[-78.99,-8.1]]]}},
			{"type":"Feature","properties":{"kind":"bar"},"geometry":{"type":"Point","coordinates":[-79,512]}},
			{"type":"Feature","properties":{"kind":"bar"},"geometry":{"type":"Point","coordinates":[]}},
			{"type":"Feature","properties":{"kind":"bar"},"geometry":null},
			{"type":"Feature","properties":{"kind":"bar"},"geometry":{"type":"Polygon","coordinates":[[[-79,-8],[-78.99,-8]]]}}]}`, "", "market unlit unlit", 4, false},
		{"no columns of places", "tipo,nombre\nbar,x\n", "", "", 0, true},
		{"empty", "", "", "", 0, true},
		{"broken GeoJSON", `{"features":[`, "", "", 0, true},
		{"no features", `{"type":"FeatureCollection","features":[]}`, "", "", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fs, rejected, err := Read(strings.NewReader(tt.file), "factores.csv", tt.fallback)
			if (err != nil) != tt.bad || tt.bad && !errors.Is(err, ErrFile) {
				t.Fatalf("error %v", err)
			}
			for _, x := range rejected {
				if x.Code == "" || x.Reason == "" {
					t.Errorf("rejected without its code: %+v", x)
				}
			}
			var kinds []string
			ids := map[string]bool{}
			for _, f := range fs {
				kinds, ids[f.ID] = append(kinds, string(f.Kind)), true
				if err := f.Check(); err != nil {
					t.Error(err)
				}
			}
			if got := strings.Join(kinds, " "); got != tt.kinds || len(rejected) != tt.rejected || len(ids) != len(fs) {
				t.Errorf("%q and %d rejected %+v, want %q and %d", got, len(rejected), rejected, tt.kinds, tt.rejected)
			}
		})
	}
}

// TestIDsOfSources: an id is known within its source, and a row's number is none.
func TestIDsOfSources(t *testing.T) {
	ids := func(file, table string) (out []string) {
		t.Helper()
		fs, rejected, err := Read(strings.NewReader(table), file, "")
		if err != nil || len(rejected) > 0 {
			t.Fatalf("%v, rejected %+v", err, rejected)
		}
		for _, f := range fs {
			out = append(out, f.ID)
		}
		return out
	}
	for _, column := range []string{"nro", "numero", "id", "codigo"} {
		a := ids("a.csv", column+",tipo,lat,lon\n1,bar,-8.07,-79.01\n2,bar,-8.08,-79.01\n")
		b := ids("b.csv", column+",tipo,lat,lon\n1,bank,-8.05,-79.03\n2,bank,-8.06,-79.03\n")
		for i := range a {
			if slices.Contains(b, a[i]) {
				t.Errorf("%s: b.csv has the id %s of a.csv", column, a[i])
			}
		}
		moved := ids("a.csv", column+",tipo,lat,lon\n1,bar,-8.09,-79.01\n")
		if kept := moved[0] == a[0]; kept != (column == "id" || column == "codigo") {
			t.Errorf("%s: moved in its own file, the id is kept: %v", column, kept)
		}
	}
}

// FuzzRead: no file breaks the reader, and what it takes can be used.
func FuzzRead(f *testing.F) {
	f.Add("tipo;lat;lon\nbar;-8;-79\n")
	f.Add(`{"features":[{"type":"Feature","properties":{"kind":"bar"},"geometry":{"type":"Point","coordinates":[-79,-8]}}]}`)
	f.Add(`{"features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[]]}}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		fs, _, err := Read(strings.NewReader(s), "x", OtherPlace)
		if err != nil {
			return
		}
		for _, x := range fs {
			if err := x.Check(); err != nil {
				t.Errorf("taken and not usable: %v", err)
			}
		}
	})
}

func TestSettingsCheck(t *testing.T) {
	tests := []struct {
		name string
		s    Settings
		ok   bool
	}{
		{"default", DefaultSettings(), true},
		{"own", Settings{Share: 1, Terms: map[Kind]Term{Bar: {-10, 20}}}, true},
		{"no number", Settings{Share: math.NaN()}, false},
		{"share", Settings{Share: 1.1}, false},
		{"weight", Settings{Terms: map[Kind]Term{Bar: {11, 100}}}, false},
		{"weight no number", Settings{Terms: map[Kind]Term{Bar: {math.NaN(), 100}}}, false},
		{"reach", Settings{Terms: map[Kind]Term{Bar: {1, 0}}}, false},
		{"kind", Settings{Terms: map[Kind]Term{"casino": {1, 100}}}, false},
	}
	for _, tt := range tests {
		if err := tt.s.Check(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
