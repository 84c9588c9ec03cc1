package tiles

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/maptile"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// town has an avenue, a one-way street, an unnamed lane and a street outside.
func town(t testing.TB) *routing.Graph {
	t.Helper()
	return routingtest.Draw(`
		a---b->-c---x
		|   |   |
		d---e---f
	`, routingtest.Classed("ab", routing.Primary), routingtest.Named("ab", "Av. «Los Ángeles»"), routingtest.Classed("be", routing.Service),
		routingtest.Outside("cx"), func(m *routingtest.Map) {
			p := routingtest.Origin
			m.Boundary = orb.MultiPolygon{{{p, {p[0] + 0.004, p[1]}, {p[0] + 0.004, p[1] - 0.002}, {p[0], p[1] - 0.002}, p}}}
		}).Graph
}

func unzip(t testing.TB, b []byte) []byte {
	t.Helper()
	zr, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func read(t testing.TB, b []byte) mvt.Layers {
	t.Helper()
	ls, err := mvt.Unmarshal(unzip(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return ls
}

func layer(ls mvt.Layers, name string) *mvt.Layer {
	for _, l := range ls {
		if l.Name == name {
			return l
		}
	}
	return &mvt.Layer{}
}

// at is the tile of a zoom in which the town's corner lies.
func at(z maptile.Zoom) maptile.Tile { return maptile.At(routingtest.Origin, z) }

// golden holds what was made against what is kept.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with -update and look at it", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// TestGolden holds tiles against their bytes and their drawing as GeoJSON.
func TestGolden(t *testing.T) {
	s := New(town(t))
	for _, z := range []maptile.Zoom{11, 16} {
		tile := at(z)
		b, err := s.Tile(uint32(z), tile.X, tile.Y)
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[string]any{}
		ls := read(t, b)
		ls.ProjectToWGS84(tile)
		for _, l := range ls {
			for _, f := range l.Features {
				f.Geometry = orb.Round(f.Geometry, 1e5)
			}
			drawn[l.Name] = l.Features
		}
		got, err := json.MarshalIndent(drawn, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("town-%d", z)
		golden(t, name+".mvt", unzip(t, b))
		golden(t, name+".json", append(got, '\n'))
	}
}

// TestWhatShows: which streets a zoom shows, and what they carry.
func TestWhatShows(t *testing.T) {
	g := town(t)
	s := New(g)
	for _, c := range []struct {
		zoom maptile.Zoom
		want map[string]bool
	}{
		{10, map[string]bool{"ab": true}},
		{13, map[string]bool{"ab": true, "bc": true, "cx": true}},
		{14, map[string]bool{"ab": true, "bc": true, "cx": true, "be": true}},
	} {
		tile := at(c.zoom)
		b, err := s.Tile(uint32(c.zoom), tile.X, tile.Y)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, f := range layer(read(t, b), "streets").Features {
			id, ok := f.ID.(float64)
			if !ok || id < 1 || int(id) > len(g.Segments) {
				t.Fatalf("feature id %v", f.ID)
			}
			sg := g.Segments[int(id)-1]
			if f.Properties["belongs"] != sg.Belongs || f.Properties["class"] != sg.Class.String() {
				t.Errorf("zoom %d: %s has %v", c.zoom, sg.ID, f.Properties)
			}
			if c.zoom >= 13 {
				oneway, _ := f.Properties["oneway"].(bool)
				if f.Properties["label"] != sg.Label || oneway != (sg.Forward.Has(routing.Car) != sg.Backward.Has(routing.Car)) {
					t.Errorf("zoom %d: %s has %v", c.zoom, sg.ID, f.Properties)
				}
			}
			seen[sg.ID] = true
		}
		for _, ends := range []string{"ab", "bc", "cx", "be"} {
			m := routingSegment(g, ends)
			if seen[m] != c.want[ends] {
				t.Errorf("zoom %d: street %s shown %v, want %v", c.zoom, ends, seen[m], c.want[ends])
			}
		}
	}
}

// routingSegment finds a segment of the drawn map by the OSM ids of its ends,
// which are the codes of their letters.
func routingSegment(g *routing.Graph, ends string) string {
	for i := range g.Segments {
		a, b := g.Nodes[g.Segments[i].From].OSM, g.Nodes[g.Segments[i].To].OSM
		if a == int64(ends[0]) && b == int64(ends[1]) || a == int64(ends[1]) && b == int64(ends[0]) {
			return g.Segments[i].ID
		}
	}
	return ""
}

// TestNothingLost: over the tiles of a zoom, clipped pieces add up to every
// street, against the lengths of the graph.
func TestNothingLost(t *testing.T) {
	g := routingtest.City(routingtest.Usual(7, 9, 8))
	s := New(g)
	const z = 16
	box := g.Segments[0].Line.Bound()
	total := 0.0
	for i := range g.Segments {
		box = box.Union(g.Segments[i].Line.Bound())
		if minZoom(g.Segments[i].Class) <= z {
			total += geo.Length(g.Segments[i].Line)
		}
	}
	lo, hi := maptile.At(box.LeftTop(), z), maptile.At(box.RightBottom(), z)
	drawn := 0.0
	for x := lo.X; x <= hi.X; x++ {
		for y := lo.Y; y <= hi.Y; y++ {
			b, err := s.Tile(z, x, y)
			if err != nil {
				t.Fatal(err)
			}
			tile := maptile.New(x, y, z)
			ls := read(t, b)
			ls.Clip(orb.Bound{Max: orb.Point{extent, extent}}) // without the buffer
			ls.ProjectToWGS84(tile)
			for _, f := range layer(ls, "streets").Features {
				drawn += geo.Length(f.Geometry)
			}
		}
	}
	if math.Abs(drawn-total) > 0.01*total {
		t.Errorf("the tiles draw %.0f m of %.0f m", drawn, total)
	}
}

func TestNoSuchTile(t *testing.T) {
	s := New(town(t))
	for _, c := range [][3]uint32{{0, 0, 0}, {7, 1, 1}, {19, 1, 1}, {10, 1 << 10, 0}, {10, 0, 1 << 10}, {math.MaxUint32, 0, 0}, {32, math.MaxUint32, 0}, {18, 1 << 18, 1}} {
		if _, err := s.Tile(c[0], c[1], c[2]); !errors.Is(err, fleet.ErrNotFound) {
			t.Errorf("tile %v: %v", c, err)
		}
	}
	b, err := s.Tile(14, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if ls := read(t, b); len(ls) != 0 {
		t.Errorf("a tile of the ocean has %d layers", len(ls))
	}
	if _, err := New(&routing.Graph{}).Tile(14, 0, 0); err != nil {
		t.Errorf("a graph without streets: %v", err)
	}
}

// TestCache: many ask at once, all get the same, and no more is kept than
// allowed.
func TestCache(t *testing.T) {
	s := New(town(t))
	s.keep = 20
	tile := at(16)
	want, err := s.Tile(16, tile.X, tile.Y)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := range 30 {
				if _, err := s.Tile(18, uint32(i), uint32(n)); err != nil {
					t.Error(err)
				}
			}
			if got, err := s.Tile(16, tile.X, tile.Y); err != nil || !bytes.Equal(got, want) {
				t.Errorf("another tile than before: %v", err)
			}
		})
	}
	wg.Wait()
	if len(s.cache) > s.keep || len(s.order) != len(s.cache) {
		t.Errorf("%d tiles kept in an order of %d, want at most %d", len(s.cache), len(s.order), s.keep)
	}
}

func BenchmarkTile(b *testing.B) {
	g := routingtest.City(routingtest.Usual(7, 40, 40))
	s := New(g)
	t := maptile.At(g.Nodes[len(g.Nodes)/2].Point, 15)
	for b.Loop() {
		if _, err := s.make(t); err != nil {
			b.Fatal(err)
		}
	}
}
