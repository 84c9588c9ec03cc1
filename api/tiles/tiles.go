// Package tiles makes vector tiles of the streets of a district (Mapbox Vector
// Tile 2.1), so that the map needs nothing from outside.
//
// Layers: "streets" (class, name, label, belongs, oneway; the feature's id is
// the index of the segment in the graph plus one) and "boundary". Small streets
// come in as one zooms: the rest would be noise.
package tiles

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/simplify"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// Zooms that are served.
const (
	MinZoom = 8
	MaxZoom = 18
)

const (
	extent     = 4096
	buffer     = 64   // of the extent, around a tile: lines are not cut at the edge
	cacheTiles = 2000 // kept
	gridZoom   = 15   // of the index
)

// Set makes the tiles of one version of a district's streets. It is safe for
// concurrent use.
type Set struct {
	g     *routing.Graph
	index map[maptile.Tile][]int32 // segments by tile of gridZoom

	keep  int // tiles
	mu    sync.Mutex
	cache map[maptile.Tile][]byte
	order []maptile.Tile // oldest first
}

// New prepares the tiles of a graph.
func New(g *routing.Graph) *Set {
	s := &Set{g: g, keep: cacheTiles, index: map[maptile.Tile][]int32{}, cache: map[maptile.Tile][]byte{}}
	for i := range g.Segments {
		b := g.Segments[i].Line.Bound()
		lo, hi := maptile.At(b.LeftTop(), gridZoom), maptile.At(b.RightBottom(), gridZoom)
		for x := lo.X; x <= hi.X; x++ {
			for y := lo.Y; y <= hi.Y; y++ {
				t := maptile.New(x, y, gridZoom)
				s.index[t] = append(s.index[t], int32(i))
			}
		}
	}
	return s
}

// minZoom is the zoom from which a class is drawn.
func minZoom(c routing.Class) uint32 {
	switch c {
	case routing.Motorway, routing.Trunk, routing.Primary:
		return MinZoom
	case routing.Secondary:
		return 10
	case routing.Tertiary:
		return 11
	case routing.Residential, routing.Unclassified, routing.LivingStreet, routing.Road:
		return 12
	case routing.Service, routing.Pedestrian:
		return 14
	}
	return 15
}

// Tile gives a tile, compressed with gzip. A tile without streets is valid and
// empty. fleet.ErrNotFound: there is no such tile.
func (s *Set) Tile(z, x, y uint32) ([]byte, error) {
	if z < MinZoom || z > MaxZoom || x >= 1<<z || y >= 1<<z {
		return nil, fmt.Errorf("%w: tile %d/%d/%d; zooms %d to %d are served", fleet.ErrNotFound, z, x, y, MinZoom, MaxZoom)
	}
	t := maptile.New(x, y, maptile.Zoom(z))
	s.mu.Lock()
	b, ok := s.cache[t]
	s.mu.Unlock()
	if ok {
		return b, nil
	}
	b, err := s.make(t)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.cache[t]; !ok {
		if len(s.order) == s.keep {
			delete(s.cache, s.order[0])
			s.order = s.order[1:]
		}
		s.cache[t] = b
		s.order = append(s.order, t)
	}
	return b, nil
}

// make draws a tile.
func (s *Set) make(t maptile.Tile) ([]byte, error) {
	bound := t.Bound(float64(buffer) / extent)
	streets := geojson.NewFeatureCollection()
	for _, i := range s.near(t, bound) {
		sg := &s.g.Segments[i]
		if uint32(t.Z) < minZoom(sg.Class) || !sg.Line.Bound().Intersects(bound) {
			continue
		}
		parts := clip.LineString(bound, sg.Line.Clone())
		if len(parts) == 0 {
			continue
		}
		var line orb.Geometry = parts
		if len(parts) == 1 {
			line = parts[0]
		}
		f := geojson.NewFeature(line)
		f.ID = uint64(i) + 1
		f.Properties = geojson.Properties{"class": sg.Class.String(), "belongs": sg.Belongs}
		if uint32(t.Z) >= 13 {
			f.Properties["label"] = sg.Label
			if sg.Name != "" {
				f.Properties["name"] = sg.Name
			}
			if sg.Forward.Has(routing.Car) != sg.Backward.Has(routing.Car) {
				f.Properties["oneway"] = true
			}
		}
		streets.Append(f)
	}
	edge := geojson.NewFeatureCollection()
	for _, p := range s.g.Boundary {
		for _, ring := range p {
			for _, part := range clip.LineString(bound, orb.LineString(ring).Clone()) {
				edge.Append(geojson.NewFeature(part))
			}
		}
	}
	// In this order always: a tile made twice has the same bytes.
	layers := mvt.Layers{mvt.NewLayer("streets", streets), mvt.NewLayer("boundary", edge)}
	for _, l := range layers {
		l.Version, l.Extent = 2, extent
	}
	layers.ProjectToTile(t)
	// A vertex nearer than a quarter of a pixel to the line is not seen.
	layers.Simplify(simplify.DouglasPeucker(extent / 256 / 4))
	layers.RemoveEmpty(0, 0)
	layers = slices.DeleteFunc(layers, func(l *mvt.Layer) bool { return len(l.Features) == 0 })
	raw, err := mvt.Marshal(layers)
	if err != nil {
		return nil, fmt.Errorf("tile %d/%d/%d: %w", t.Z, t.X, t.Y, err)
	}
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	if _, err := zw.Write(raw); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// near gives the segments that may show in a tile, in order.
func (s *Set) near(t maptile.Tile, bound orb.Bound) []int32 {
	if t.Z < gridZoom-3 {
		all := make([]int32, len(s.g.Segments))
		for i := range all {
			all[i] = int32(i)
		}
		return all
	}
	lo, hi := maptile.At(bound.LeftTop(), gridZoom), maptile.At(bound.RightBottom(), gridZoom)
	seen := map[int32]bool{}
	first, last := int32(math.MaxInt32), int32(-1)
	for x := lo.X; x <= hi.X; x++ {
		for y := lo.Y; y <= hi.Y; y++ {
			for _, i := range s.index[maptile.New(x, y, gridZoom)] {
				seen[i] = true
				first, last = min(first, i), max(last, i)
			}
		}
	}
	out := make([]int32, 0, len(seen))
	for i := first; i <= last && last >= 0; i++ {
		if seen[i] {
			out = append(out, i)
		}
	}
	return out
}
