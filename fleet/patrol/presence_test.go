package patrol

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// dataFile gives a file of the public data set, or skips the test.
func dataFile(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no data file %s: set SERENAZGO_DATA to the folder that holds it", filepath.Join(parts...))
	}
	return path
}

func lima(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func shiftOf(t testing.TB, id string, loc *time.Location) fleet.Shift {
	t.Helper()
	defs := append(fleet.DefaultShifts(), fleet.ShiftDef{Code: "dia", Name: "Día", Start: "00:00", End: "00:00"})
	s, err := fleet.ResolveShift(fleet.ShiftID(id), defs, loc)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWindows(t *testing.T) {
	for _, tc := range []struct {
		name, zone, shift, start, end string
		want                          []string
	}{
		{"inside the night", "America/Lima", "2026-11-21/noche", "22:30", "00:30", []string{"21T22:30/22T00:30"}},
		{"after midnight", "America/Lima", "2026-11-21/noche", "01:00", "03:00", []string{"22T01:00/22T03:00"}},
		{"cut at the ends", "America/Lima", "2026-11-21/noche", "21:00", "07:00", []string{"21T22:00/22T06:00"}},
		{"began the day before", "America/Lima", "2026-11-21/manana", "22:00", "07:00", []string{"21T06:00/21T07:00"}},
		{"another shift", "America/Lima", "2026-11-21/manana", "22:00", "06:00", nil},
		{"touches the start", "America/Lima", "2026-11-21/noche", "14:00", "22:00", nil},
		{"round the clock", "America/Lima", "2026-11-21/noche", "08:00", "08:00", []string{"21T22:00/22T06:00"}},
		{"both ends of a day", "America/Lima", "2026-11-21/dia", "22:00", "06:00", []string{"21T00:00/21T06:00", "21T22:00/22T00:00"}},
		{"an instant", "America/Lima", "2026-11-21/noche", "2026-11-22T05:00:00Z", "2026-11-22T07:30:00Z", []string{"22T00:00/22T02:30"}},
		{"an instant of another night", "America/Lima", "2026-11-21/noche", "2026-11-23T05:00:00Z", "2026-11-23T07:30:00Z", nil},
		{"clocks go forward", "Europe/Madrid", "2026-03-28/noche", "01:00", "04:00", []string{"29T01:00/29T04:00"}},
		{"clocks go back", "Europe/Madrid", "2026-10-24/noche", "01:00", "04:00", []string{"25T01:00/25T04:00"}},
		{"nonsense", "America/Lima", "2026-11-21/noche", "25:00", "26:00", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			loc, err := time.LoadLocation(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			shift := shiftOf(t, tc.shift, loc)
			var got []string
			for _, w := range (Presence{Start: tc.start, End: tc.end}).Windows(shift, loc) {
				got = append(got, w.Start.In(loc).Format("02T15:04")+"/"+w.End.In(loc).Format("02T15:04"))
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Fatal(d)
			}
		})
	}
}

// On the nights when clocks change, three hours by the clock last two or four.
func TestWindowLengthOverClockChange(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]time.Duration{"2026-03-28/noche": 2 * time.Hour, "2026-10-24/noche": 4 * time.Hour, "2026-11-21/noche": 3 * time.Hour} {
		start, end, ok := Presence{Start: "01:00", End: "04:00"}.Window(shiftOf(t, id, loc), loc)
		if !ok || end.Sub(start) != want {
			t.Errorf("%s: %v, want %v", id, end.Sub(start), want)
		}
	}
}

func feature(props, geom string) string {
	return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{%s},"geometry":%s}]}`, props, geom)
}

const (
	goodProps = `"kind":"round","name":"R1","shift":"noche","start":"22:30","end":"00:30","mode":"car","units":1,"trust":0.5`
	goodLine  = `{"type":"LineString","coordinates":[[-79,-8],[-79.001,-8]]}`
)

func TestReadPresenceRefuses(t *testing.T) {
	swap := func(old, new string) string { return feature(strings.Replace(goodProps, old, new, 1), goodLine) }
	for _, tc := range []struct{ name, file, want string }{
		{"not JSON", "hola", "not GeoJSON"},
		{"KML", "\n<?xml version=\"1.0\"?><kml/>", "save it as GeoJSON"},
		{"workbook", "PK\x03\x04", "GeoJSON file is needed"},
		{"empty", "", "not GeoJSON"},
		{"a feature alone", `{"type":"Feature"}`, "FeatureCollection"},
		{"no features", `{"type":"FeatureCollection","features":[]}`, "no features"},
		{"unknown kind", swap(`"round"`, `"walk"`), `feature 1 ("R1"): kind is "walk": give round, sector or post`},
		{"no name", swap(`"name":"R1",`, ``), "feature 1 (without a name): name is missing"},
		{"blank name", swap(`"R1"`, `"  "`), "name is empty"},
		{"clock time", swap(`22:30`, `25:61`), `start "25:61" is neither`},
		{"mixed times", swap(`22:30`, `2026-11-21T22:30:00-05:00`), "different forms"},
		{"reversed instants", feature(`"kind":"round","name":"R1","shift":"noche","start":"2026-11-21T22:30:00-05:00","end":"2026-11-21T22:00:00-05:00","mode":"car","units":1,"trust":0.5`, goodLine), "is not after start"},
		{"mode", swap(`"car"`, `"tank"`), `mode is "tank": give car`},
		{"no units", swap(`"units":1`, `"units":0`), "units is 0"},
		{"half a unit", swap(`"units":1`, `"units":1.5`), "units is 1.5: give a whole number"},
		{"trust", swap(`0.5`, `50`), "trust is 50"},
		{"trust as text", swap(`0.5`, `"high"`), `trust is "high": give a number`},
		{"null geometry", feature(goodProps, "null"), "no geometry"},
		{"round as point", feature(goodProps, `{"type":"Point","coordinates":[-79,-8]}`), "a round has a LineString"},
		{"latitude 512", feature(goodProps, `{"type":"LineString","coordinates":[[-79,-8],[-79,512]]}`), "[longitude, latitude]"},
		{"swapped", feature(goodProps, `{"type":"LineString","coordinates":[[-8,-79],[-8,-179]]}`), "[longitude, latitude]"},
		{"short position", feature(goodProps, `{"type":"LineString","coordinates":[[-79],[-79.001,-8]]}`), "is not [longitude, latitude]"},
		{"one position", feature(goodProps, `{"type":"LineString","coordinates":[[-79,-8]]}`), "fewer than two"},
		{"open ring", feature(strings.Replace(goodProps, "round", "sector", 1), `{"type":"Polygon","coordinates":[[[-79,-8],[-78,-8],[-78,-7],[-79,-7]]]}`), "does not close"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ReadPresence(strings.NewReader(tc.file), "police.geojson")
			if !errors.Is(err, fleet.ErrInvalid) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "police.geojson") {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			if got != nil {
				t.Fatal("a refused file must give nothing")
			}
		})
	}
}

// One bad feature refuses the whole file, and every bad one is named.
func TestReadPresenceNamesEveryBadFeature(t *testing.T) {
	f := func(props string) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":%s}`, props, goodLine)
	}
	file := `{"type":"FeatureCollection","features":[` + strings.Join([]string{
		f(goodProps), f(strings.Replace(goodProps, `"units":1`, `"units":-1`, 1)), f(goodProps), f(strings.Replace(goodProps, `"R1"`, `7`, 1))}, ",") + `]}`
	got, err := ReadPresence(strings.NewReader(file), "p")
	if err == nil || got != nil {
		t.Fatalf("got %d, %v", len(got), err)
	}
	for _, want := range []string{"2 of 4 features are wrong", `feature 2 ("R1"): units is -1`, "feature 4 (without a name): name is 7: give a text"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// Every problem carries what words in another language need.
func TestPresenceProblemsAreTyped(t *testing.T) {
	props := strings.NewReplacer(`"units":1`, `"units":1.5`, `"mode":"car",`, "", `"22:30"`, `"2026-11-21T22:30:00-05:00"`, `"round"`, `"post"`).Replace(goodProps)
	file := `{"type":"FeatureCollection","features":[7,{"type":"Feature","properties":{` + props + `},"geometry":` + goodLine + `}]}`
	_, err := ReadPresence(strings.NewReader(file), "p")
	bad, ok := errors.AsType[*PresenceError](err)
	if !ok {
		t.Fatalf("error %v is not typed", err)
	}
	for i := range bad.Problems {
		if bad.Problems[i].Text == "" {
			t.Errorf("problem %d has no text", i)
		}
		bad.Problems[i].Text = ""
	}
	want := []PresenceProblem{
		{Feature: 1, Code: PresenceNotFeature},
		{Feature: 2, Name: "R1", Kind: PresencePost, Property: "mode", Code: PresenceMissing},
		{Feature: 2, Name: "R1", Kind: PresencePost, Property: "units", Code: PresenceWrong, Value: "1.5"},
		{Feature: 2, Name: "R1", Kind: PresencePost, Property: "end", Code: PresenceTimeForms, Value: "00:30"},
		{Feature: 2, Name: "R1", Kind: PresencePost, Code: PresenceWrongShape},
	}
	if d := cmp.Diff(want, bad.Problems); d != "" {
		t.Error(d)
	}
	if bad.Code != PresenceBadFeatures || bad.Wrong != 2 || bad.Features != 2 || len(bad.ByFeature()) != 2 {
		t.Errorf("%d of %d wrong (%s), %d groups", bad.Wrong, bad.Features, bad.Code, len(bad.ByFeature()))
	}
}

func TestReadSimulatedPolicePlan(t *testing.T) {
	f, err := os.Open(dataFile(t, "simulated", "el-porvenir-police-simulated.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ps, err := ReadPresence(f, "police.geojson")
	if err != nil {
		t.Fatal(err)
	}
	patrols, kinds := map[string]bool{}, map[PresenceKind]int{}
	for _, p := range ps {
		kinds[p.Kind]++
		if p.Kind == PresenceRound {
			patrols[p.Name+p.Start+p.End] = true
		}
	}
	if kinds[PresenceSector] != 2 || len(patrols) != 3 || kinds[PresencePost] != 3 {
		t.Fatalf("kinds %v, %d patrols; want 2 sectors, 3 rounds, 3 posts", kinds, len(patrols))
	}
	loc := lima(t)
	shift := shiftOf(t, "2026-11-21/noche", loc)
	present, err := PresentCells(ps, shift, loc, 9)
	if err != nil {
		t.Fatal(err)
	}
	halves := map[int64]bool{}
	for k, trust := range present {
		if k.Cell.Res() != 9 || trust < 0.5 || trust > 1 {
			t.Fatalf("%v: trust %v", k, trust)
		}
		halves[k.Half] = true
	}
	// 22:00–00:30 (post, round 1), 00:30–02:00 (post), 01:00–03:00, 03:30–05:30
	if len(halves) != 14 {
		t.Errorf("present in %d half-hours, want 14", len(halves))
	}
	day, err := PresentCells(ps, shiftOf(t, "2026-11-21/tarde", loc), loc, 9)
	if err != nil || len(day) != 0 {
		t.Errorf("afternoon: %d cells, %v; want none", len(day), err)
	}
}

func TestPresentCells(t *testing.T) {
	loc := lima(t)
	shift := shiftOf(t, "2026-11-21/noche", loc)
	post := orb.Point{-79, -8.07}
	cell, err := hotspots.CellOf(post, 9)
	if err != nil {
		t.Fatal(err)
	}
	at := func(hhmm string) int64 {
		x, err := time.ParseInLocation("2006-01-02 15:04", hhmm, loc)
		if err != nil {
			t.Fatal(err)
		}
		return x.Unix()
	}
	ps := []Presence{
		{Kind: PresencePost, Name: "A", Start: "22:40", End: "23:10", Mode: "foot", Units: 1, Trust: 0.4, Geometry: post},
		{Kind: PresencePost, Name: "B", Start: "23:00", End: "23:30", Mode: "foot", Units: 1, Trust: 0.9, Geometry: post},
		{Kind: PresenceSector, Name: "S", Start: "22:00", End: "06:00", Mode: "car", Units: 9, Trust: 1,
			Geometry: orb.Polygon{{{-79.1, -8.1}, {-78.9, -8.1}, {-78.9, -8}, {-79.1, -8}, {-79.1, -8.1}}}},
	}
	got, err := PresentCells(ps, shift, loc, 9)
	if err != nil {
		t.Fatal(err)
	}
	want := map[CellHalf]float64{{cell, at("2026-11-21 22:30")}: 0.4, {cell, at("2026-11-21 23:00")}: 0.9}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	if _, err := PresentCells([]Presence{{Kind: PresencePost, Start: "22:00", End: "23:00", Geometry: orb.LineString{}}}, shift, loc, 16); err == nil {
		t.Fatal("resolution 16 accepted")
	}
}

func TestHalfHourAtOddOffset(t *testing.T) {
	loc, err := time.LoadLocation("Asia/Kathmandu") // UTC+5:45
	if err != nil {
		t.Fatal(err)
	}
	got := HalfHour(time.Date(2026, 11, 21, 22, 44, 59, 5, loc), loc)
	if want := time.Date(2026, 11, 21, 22, 30, 0, 0, loc); !got.Equal(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func FuzzReadPresence(f *testing.F) {
	f.Add([]byte(feature(goodProps, goodLine)))
	f.Add([]byte(`{"type":"FeatureCollection","features":[null,1,{"type":"Feature"}]}`))
	f.Add([]byte(feature(strings.Replace(goodProps, "round", "sector", 1), `{"type":"Polygon","coordinates":[[[-79,-8],[-78,-8],[-78,-7],[-79,-8]]]}`)))
	loc := time.UTC
	shift, err := fleet.DefaultShifts()[2].On("2026-11-21", loc)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ps, err := ReadPresence(strings.NewReader(string(data)), "fuzz")
		if err != nil {
			if ps != nil {
				t.Fatal("half a file was read")
			}
			return
		}
		for _, p := range ps {
			if errs := p.check(); len(errs) > 0 || p.Geometry == nil {
				t.Fatalf("accepted %+v: %v", p, errs)
			}
			for _, w := range p.Windows(shift, loc) {
				if !w.End.After(w.Start) || w.Start.Before(shift.Start) || w.End.After(shift.End) {
					t.Fatalf("window %v of shift %v", w, shift)
				}
			}
		}
		_, _ = PresentCells(ps, shift, loc, 5) // must not panic
	})
}
