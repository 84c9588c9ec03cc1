package address

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

func data(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	name := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(name); err != nil {
		t.Skipf("no data file %s: set SERENAZGO_DATA to the folder that holds it", filepath.Join(parts...))
	}
	return name
}

// Every junction of two named streets of a real district is asked for by their
// names: what is found must be a place where streets of these names meet, and
// most are found. The others have names that fit several places.
func TestCrossingsOfElPorvenir(t *testing.T) {
	imp, err := osm.Load(context.Background(), osm.Source{File: data(t, "streets", "el-porvenir.osm.pbf"), BoundaryFile: data(t, "boundaries", "el-porvenir-130102-osm.geojson")})
	if err != nil {
		t.Fatal(err)
	}
	g := imp.Graph
	names := make([]map[string]bool, len(g.Nodes))
	for i := range g.Segments {
		s := &g.Segments[i]
		for _, n := range [2]routing.NodeID{s.From, s.To} {
			if names[n] == nil {
				names[n] = map[string]bool{}
			}
			if s.Name != "" {
				names[n][s.Name] = true
			}
		}
	}
	places := map[string][]orb.Point{}
	for n, has := range names {
		for a := range has {
			for b := range has {
				if a < b {
					key := fmt.Sprintf("%s con %s", a, b)
					places[key] = append(places[key], g.Nodes[n].Point)
				}
			}
		}
	}
	x := New(g, orb.Point{-79.0, -8.08})
	found, once, far := 0, 0, 0
	for address, at := range places {
		p, ok := x.Find(address)
		if len(at) == 1 {
			once++
			if ok {
				found++
			}
		}
		near := false
		for _, q := range at {
			near = near || geo.Distance(p.Point, q) <= spreadMetres
		}
		if ok && !near {
			far++
			t.Logf("%s: found at %v, lies at %v", address, p.Point, at)
		}
	}
	t.Logf("%d crossings of two streets, %d of them met once, of which %d found; %d found where no such streets meet", len(places), once, found, far)
	if once < 500 || float64(found) < 0.97*float64(once) || far > 0 {
		t.Errorf("%d of %d found, %d in the wrong place", found, once, far)
	}
}
