package hotspots

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/xml"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// dataFile gives a file of the public data set, or skips the test.
func dataFile(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no data file %s: set SERENAZGO_DATA to the folder that holds it", filepath.Join(parts...))
	}
	return path
}

// kmlBoundary reads the polygons of a KML file whose placemark has the name,
// or all of them.
func kmlBoundary(t testing.TB, path, name string) orb.MultiPolygon {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Placemarks []struct {
			Name  string   `xml:"name"`
			Rings []string `xml:"MultiGeometry>Polygon>outerBoundaryIs>LinearRing>coordinates"`
			More  []string `xml:"Polygon>outerBoundaryIs>LinearRing>coordinates"`
		} `xml:"Document>Folder>Placemark"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	var out orb.MultiPolygon
	for _, pm := range doc.Placemarks {
		if name != "" && pm.Name != name {
			continue
		}
		for _, coords := range append(pm.Rings, pm.More...) {
			var ring orb.Ring
			for _, c := range strings.Fields(coords) {
				xy := strings.Split(c, ",")
				x, errX := strconv.ParseFloat(xy[0], 64)
				y, errY := strconv.ParseFloat(xy[1], 64)
				if errX != nil || errY != nil {
					t.Fatalf("coordinates %q", c)
				}
				ring = append(ring, orb.Point{x, y})
			}
			if ring[0] != ring[len(ring)-1] {
				ring = append(ring, ring[0])
			}
			out = append(out, orb.Polygon{ring})
		}
	}
	return out
}

// csvIncidents reads date, longitude and latitude of a gzipped CSV file; times
// are local clock times, kept as if they were UTC.
func csvIncidents(t testing.TB, path string) []Incident {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	col := map[string]int{}
	for i, h := range rows[0] {
		col[h] = i
	}
	var out []Incident
	for _, r := range rows[1:] {
		at, errT := time.Parse("2006-01-02 15:04", r[col["date"]])
		x, errX := strconv.ParseFloat(r[col["longitude"]], 64)
		y, errY := strconv.ParseFloat(r[col["latitude"]], 64)
		if errT == nil && errX == nil && errY == nil {
			out = append(out, Incident{At: at, Point: orb.Point{x, y}})
		}
	}
	return out
}

// score is what a model reaches when it foretells each shift before it begins.
type score struct {
	events         int
	hr1, hr5, hr10 float64
	gain           float64 // mean ln(density × cells) of the events, nats
}

// walkForward runs the protocol of the forecast: the mixture, fitted on the
// fit period, and the plain count of the last 365 days.
func walkForward(g *Grid, incidents []Incident, fit, test, end time.Time) (mix, count score) {
	slots := newSlotting(fit.Add(22*time.Hour), fit.Add(30*time.Hour), time.UTC)
	var events []event
	for _, in := range incidents {
		if c, ok := g.CellAt(in.Point); ok {
			events = append(events, event{slots.at(in.At), c, 1})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.slot - b.slot })
	six := func(d time.Time) int { return slots.at(d.Add(6 * time.Hour)) }
	split := func(slot int) int {
		i, _ := slices.BinarySearchFunc(events, slot, func(e event, s int) int { return e.slot - s })
		return i
	}
	m := newMixture(g, slots, mixtureMemories(), mixtureSigmas)
	next := split(six(test))
	m.learn(events[:next], six(fit))
	year := make([]float64, g.Len())
	old, in := 0, 0
	for slot := six(test); slot < six(end); slot++ {
		for ; events[in].slot < slot; in++ {
			year[events[in].cell]++
		}
		if slots.kind(slot) == 0 { // the yardstick ranks once a day
			for ; events[old].slot < slot-365*slots.perDay(); old++ {
				year[events[old].cell]--
			}
		}
		to := next
		for to < len(events) && events[to].slot == slot {
			to++
		}
		if to == next {
			continue
		}
		now := events[next:to]
		mix.add(m.density(slot), now)
		d := make([]float64, len(year))
		for c, v := range year {
			d[c] = 0.95*v/float64(in-old) + 0.05/float64(len(year))
		}
		count.add(d, now)
		for _, e := range now {
			m.bank.add(e.slot, e.cell, 1)
		}
		next = to
	}
	return mix.mean(), count.mean()
}

func (s *score) add(density []float64, events []event) {
	n := len(density)
	sorted := slices.Clone(density)
	slices.SortFunc(sorted, func(a, b float64) int {
		if a > b {
			return -1
		}
		if a < b {
			return 1
		}
		return 0
	})
	for _, e := range events {
		s.events++
		s.gain += math.Log(density[e.cell] * float64(n))
		for share, hr := range map[float64]*float64{0.01: &s.hr1, 0.05: &s.hr5, 0.10: &s.hr10} {
			k := max(1, int(share*float64(n)))
			// Among equal cells the expected hit counts.
			v := density[e.cell]
			above, _ := slices.BinarySearchFunc(sorted, v, func(x, v float64) int {
				if x > v {
					return -1
				}
				return 1
			})
			equal := 0
			for above+equal < n && sorted[above+equal] == v {
				equal++
			}
			*hr += min(1, max(0, float64(k-above)/float64(equal)))
		}
	}
}

func (s score) mean() score {
	n := float64(s.events)
	return score{s.events, s.hr1 / n, s.hr5 / n, s.hr10 / n, s.gain / n}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// On public data the mixture must beat the count of the last year, and reach
// about what a reference implementation of the same model reaches.
func TestForecastOnPublicData(t *testing.T) {
	chicago := func(t *testing.T) []Incident {
		return csvIncidents(t, dataFile(t, "incidents", "chicago_aggravated_assaults_2010_2018.csv.gz"))
	}
	for _, tc := range []struct {
		name            string
		incidents       func(*testing.T) []Incident
		kml, polygon    string
		res             int
		fit, test, end  string
		cells, events   int
		gain, countGain float64
		slow            bool
	}{
		{"district 11, res 10", chicago, "chicago_police_districts.kml", "11", 10, "2017-01-01", "2018-01-01", "2018-12-31", 1041, 1460, 0.548, 0, true},
		{"district 11, res 9", chicago, "chicago_police_districts.kml", "11", 9, "2017-01-01", "2018-01-01", "2018-12-31", 148, 1480, 0.276, 0.238, false},
		{"Chicago, res 9", chicago, "chicago_police_districts.kml", "", 9, "2017-01-01", "2018-01-01", "2018-12-31", 5730, 15347, 0.797, 0.662, true},
		{"Vancouver, res 9", func(t *testing.T) []Incident {
			return csvIncidents(t, dataFile(t, "incidents", "vancouver_2020_all.csv.gz"))
		}, "vancouver_boundary.kml", "", 9, "2020-05-01", "2020-09-01", "2020-12-30", 1329, 0, 0.946, 0.930, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.slow && (testing.Short() || raceOn) {
				t.Skip("takes long: left out with -short and -race")
			}
			g := mustGrid(t, kmlBoundary(t, dataFile(t, "incidents", tc.kml), tc.polygon), tc.res)
			if g.Len() != tc.cells {
				t.Errorf("%d cells, want %d", g.Len(), tc.cells)
			}
			begun := time.Now()
			mix, count := walkForward(g, tc.incidents(t), day(tc.fit), day(tc.test), day(tc.end))
			t.Logf("mix_shift %+v", mix)
			t.Logf("count365  %+v (%v)", count, time.Since(begun).Round(time.Millisecond))
			if tc.events > 0 && mix.events != tc.events {
				t.Errorf("%d events, want %d", mix.events, tc.events)
			}
			if mix.gain < tc.gain-0.02 || mix.gain <= count.gain {
				t.Errorf("gain %.3f, want at least %.3f and more than %.3f", mix.gain, tc.gain-0.02, count.gain)
			}
			if tc.countGain > 0 && math.Abs(count.gain-tc.countGain) > 0.005 {
				t.Errorf("count365 gains %.3f, want %.3f: the protocol differs", count.gain, tc.countGain)
			}
		})
	}
}
