package patrol

import (
	"fmt"
	"math"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// crossing is four streets that meet at the origin: west 200 m, east 200 m,
// north 200 m, south 100 m (one-way towards the crossing).
//
//	    n
//	    |
//	w---+---e
//	    s
func crossing(t testing.TB) *routing.Graph {
	t.Helper()
	o := orb.Point{-79, -8}
	at := func(bearing, metres float64) orb.Point { return geo.PointAtBearingAndDistance(o, bearing, metres) }
	g := &routing.Graph{Nodes: []routing.Node{{OSM: 1, Point: o}, {OSM: 2, Point: at(270, 200)}, {OSM: 3, Point: at(90, 200)}, {OSM: 4, Point: at(0, 200)}, {OSM: 5, Point: at(180, 100)}}}
	for i, name := range []string{"w", "e", "n", "s"} {
		line := orb.LineString{g.Nodes[i+1].Point, o}
		s := routing.Segment{ID: name, From: routing.NodeID(i + 1), To: 0, Line: line, Length: geo.Length(line), Forward: routing.AllModes, Backward: routing.AllModes, Belongs: true}
		if name == "s" {
			s.Backward = 0
		}
		g.Segments = append(g.Segments, s)
	}
	if err := g.Build(); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestExpectedVisits(t *testing.T) {
	g := crossing(t)
	loc := lima(t)
	shift := shiftOf(t, "2026-11-21/noche", loc)
	place := func(east, north float64) orb.Point {
		return geo.PointAtBearingAndDistance(geo.PointAtBearingAndDistance(orb.Point{-79, -8}, 90, east), 0, north)
	}
	line := func(ps ...orb.Point) orb.LineString { return ps }
	square := func(r float64) orb.Polygon {
		return orb.Polygon{{place(-r, -r), place(r, -r), place(r, r), place(-r, r), place(-r, -r)}}
	}
	carMetres := 5.0 * 3600 // 18 km/h for an hour
	for _, tc := range []struct {
		name     string
		presence []Presence
		want     map[string]float64
	}{
		{"round along two streets, a little beside them",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(-200, 4), place(0, 4), place(200, -4))}},
			map[string]float64{"w": 1, "e": 1}},
		{"pieces cut in mid-street are one patrol",
			[]Presence{
				{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(-200, 0), place(-100, 0))},
				{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(0, 0), place(-100, 0))}},
			map[string]float64{"w": 1}},
		{"half a street is not followed",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(-200, 0), place(-100, 0))}},
			map[string]float64{}},
		{"crossing a street is not following it",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(-100, -300), place(-100, 300))}},
			map[string]float64{}},
		{"out and back is twice, two vehicles twice that",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 2, Trust: 0.5, Geometry: line(place(0, 0), place(0, 200), place(0, 0))}},
			map[string]float64{"n": 4}},
		{"a one-way street is followed one way only",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(0, 0), place(0, -100))},
				{Kind: PresenceRound, Name: "Q", Start: "22:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(0, 200), place(0, 0))}},
			map[string]float64{"n": 1}},
		{"more than can be walked in the window",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "22:00", End: "22:03", Mode: "foot", Units: 1, Trust: 0.5, Geometry: line(place(-200, 0), place(200, 0))}},
			map[string]float64{"w": 0.5, "e": 0.5}},
		{"half of the window is before the shift",
			[]Presence{{Kind: PresenceRound, Name: "R", Start: "21:00", End: "23:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: line(place(-200, 0), place(0, 0))}},
			map[string]float64{"w": 0.5}},
		{"sector: passes share the street length",
			[]Presence{{Kind: PresenceSector, Name: "S", Start: "01:00", End: "02:00", Mode: "car", Units: 2, Trust: 0.5, Geometry: square(120)}},
			map[string]float64{"w": 2 * carMetres / 700, "e": 2 * carMetres / 700, "n": 2 * carMetres / 700, "s": 2 * carMetres / 700}},
		{"sector with little of a street inside",
			[]Presence{{Kind: PresenceSector, Name: "S", Start: "01:00", End: "02:00", Mode: "car", Units: 1, Trust: 0.5, Geometry: square(60)}},
			map[string]float64{"s": carMetres / 100}},
		{"post: a visit each half-hour on the streets about it",
			[]Presence{{Kind: PresencePost, Name: "P", Start: "22:00", End: "02:00", Mode: "foot", Units: 1, Trust: 1, Geometry: place(-100, 30)}},
			map[string]float64{"w": 8}},
		{"not in this shift",
			[]Presence{{Kind: PresencePost, Name: "P", Start: "08:00", End: "12:00", Mode: "foot", Units: 1, Trust: 1, Geometry: place(0, 0)}},
			map[string]float64{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := map[string]float64{}
			for _, v := range ExpectedVisits(g, tc.presence, shift, loc) {
				got[g.Segments[v.Segment].ID] += v.Expected
				if v.Start.Before(shift.Start) || !v.End.After(v.Start) || v.End.After(shift.End) || v.Trust != tc.presence[0].Trust {
					t.Errorf("visit %+v", v)
				}
			}
			if d := cmp.Diff(tc.want, got, cmpopts.EquateApprox(0.01, 0)); d != "" {
				t.Fatal(d)
			}
		})
	}
}

// Whatever the step, the samples are evenly spread over the line.
func TestAlongLine(t *testing.T) {
	o := orb.Point{-79, -8}
	line := orb.LineString{o, o, geo.PointAtBearingAndDistance(o, 90, 7), geo.PointAtBearingAndDistance(o, 90, 103)}
	for _, step := range []float64{1, 10, 33, 500} {
		t.Run(fmt.Sprint(step), func(t *testing.T) {
			n, sum := 0, 0.0
			alongLine(line, step, func(at orb.Point, bearing float64) {
				n++
				sum += geo.Distance(o, at)
				if math.Abs(bearing-90) > 0.1 {
					t.Fatalf("bearing %v", bearing)
				}
			})
			if want := int(math.Ceil(103 / step)); n < want || n > want+1 || math.Abs(sum/float64(n)-51.5) > 0.1 {
				t.Fatalf("%d samples with mean %v, want %d with 51.5", n, sum/float64(n), want)
			}
		})
	}
}

func TestWindowShareOfRoundTheClockPresence(t *testing.T) {
	loc := lima(t)
	w := (Presence{Start: "08:00", End: "08:00"}).windows(shiftOf(t, "2026-11-21/dia", loc), loc)
	if len(w) != 1 || math.Abs(w[0].share-1) > 1e-9 || w[0].End.Sub(w[0].Start) != 24*time.Hour {
		t.Fatalf("%+v", w)
	}
}

// On the real streets of El Porvenir the drawn rounds must land on about as
// many metres of street as they have.
func TestExpectedVisitsOnRealStreets(t *testing.T) {
	im, err := osm.Load(t.Context(), osm.Source{File: dataFile(t, "streets", "el-porvenir.osm.pbf"), BoundaryFile: dataFile(t, "boundaries", "el-porvenir-130102-osm.geojson")})
	if err != nil {
		t.Fatal(err)
	}
	g := im.Graph
	f, err := os.Open(dataFile(t, "simulated", "el-porvenir-police-simulated.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ps, err := ReadPresence(f, "police.geojson")
	if err != nil {
		t.Fatal(err)
	}
	loc := lima(t)
	shift := shiftOf(t, "2026-11-21/noche", loc)
	begun := time.Now()
	visits := ExpectedVisits(g, ps, shift, loc)
	t.Logf("%d visits in %v", len(visits), time.Since(begun).Round(time.Millisecond))
	drawn, onStreets, sectors, posts := 0.0, 0.0, map[routing.SegmentID]bool{}, 0
	seen := map[string]bool{}
	for _, p := range ps {
		if p.Kind == PresenceRound {
			for _, l := range linesOf(p.Geometry) {
				drawn += geo.Length(l)
			}
		}
		seen[string(p.Kind)] = true
	}
	for _, p := range patrolsOf(ps) {
		for _, v := range ExpectedVisits(g, p, shift, loc) {
			switch p[0].Kind {
			case PresenceRound:
				onStreets += g.Segments[v.Segment].Length
			case PresenceSector:
				sectors[v.Segment] = true
			case PresencePost:
				posts++
			}
		}
	}
	t.Logf("rounds: %.1f km drawn, %.1f km of streets; sectors: %d segments; posts: %d", drawn/1000, onStreets/1000, len(sectors), posts)
	if r := onStreets / drawn; r < 0.9 || r > 1.1 {
		t.Errorf("rounds of %.1f km follow %.1f km of streets", drawn/1000, onStreets/1000)
	}
	if len(sectors) == 0 || posts < 3 {
		t.Errorf("%d segments in sectors, %d at posts", len(sectors), posts)
	}
}
