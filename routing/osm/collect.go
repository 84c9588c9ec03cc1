package osm

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"github.com/serenazgo/serenazgo/routing"
)

// rawWay is a street as mapped, before it is cut at junctions.
type rawWay struct {
	id    int64
	nodes []int64
	street
}

// member is one member of a relation.
type member struct {
	kind osm.Type
	ref  int64
	role string
}

// outline is a relation that may bound the district.
type outline struct {
	id      int64
	name    string
	ubigeo  string
	exact   bool // found by its id or by pe:ubigeo, not by a mere ref
	members []member
}

// want says which elements a pass over the file is for.
type want struct{ nodes, ways, relations bool }

// collector takes from an extract what a street graph is made of. It sees the
// elements in any order, in one pass or in several.
type collector struct {
	modes    routing.ModeSet // who the graph is for
	paths    bool            // with the ways where only people walk
	relation int64           // boundary relation to look for; 0: none
	ubigeo   string          // or the district code of that relation
	want     want
	allNodes bool // nodes come before the ways that need them: keep them all

	ways     []rawWay
	turns    []rawTurn
	outlines []outline
	lines    map[int64][]int64 // nodes of ways that may be part of an outline
	barriers map[int64]barrier
	places   nodeTable
	seen     struct{ nodes, ways, relations int }
	doubts   []doubt
	// conditional counts ways with access that changes with the hour.
	conditional int
}

// doubt is something odd about a way, reported with its place.
type doubt struct {
	way  int64
	text string
}

func newCollector(modes routing.ModeSet, paths bool) *collector {
	return &collector{modes: modes, paths: paths, lines: map[int64][]int64{}, barriers: map[int64]barrier{}}
}

// seeksOutline tells whether the boundary is to come from the extract.
func (c *collector) seeksOutline() bool { return c.relation != 0 || c.ubigeo != "" }

// Bounds on what one import holds in memory.
const (
	maxNodes = 40_000_000
	maxWays  = 4_000_000
)

var errTooLarge = errors.New("more than an import takes")

func (c *collector) node(id int64, lon, lat float64, tags osm.Tags) error {
	c.seen.nodes++
	if !(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90) {
		return fmt.Errorf("node %d at longitude %g, latitude %g: not on Earth", id, lon, lat)
	}
	if !c.places.put(id, orb.Point{lon, lat}, c.allNodes) {
		return nil
	}
	if len(c.places.ids) > maxNodes {
		return errTooLarge
	}
	if b, ok := readBarrier(tags); ok {
		c.barriers[id] = b
	}
	return nil
}

// wantsWay tells whether the way's nodes are worth reading.
func (c *collector) wantsWay(id int64, tags osm.Tags) bool {
	if tags.Find("highway") != "" {
		return true
	}
	if !c.seeksOutline() {
		c.seen.ways++
		return false
	}
	if c.allNodes {
		return true
	}
	_, ok := c.lines[id]
	c.seen.ways++
	return ok
}

func (c *collector) way(id int64, tags osm.Tags, nodes []int64) error {
	if tags.Find("highway") != "" {
		c.seen.ways++
	}
	if _, ok := c.lines[id]; ok || c.seeksOutline() && c.allNodes {
		c.lines[id] = nodes
	}
	s, ok := readStreet(tags)
	if !ok || !c.paths && !s.class.Drivable() {
		return nil
	}
	s.forward &= c.modes
	s.backward &= c.modes
	s.excluded &= c.modes
	if s.forward|s.backward|s.excluded == 0 {
		return nil
	}
	if len(nodes) < 2 {
		c.doubts = append(c.doubts, doubt{id, "street with fewer than two points; left out"})
		return nil
	}
	if s.doubtful != "" {
		c.doubts = append(c.doubts, doubt{id, s.doubtful})
	}
	for _, t := range tags {
		if strings.HasSuffix(t.Key, ":conditional") && !strings.HasPrefix(t.Key, "maxspeed") {
			c.conditional++
			break
		}
	}
	if len(c.ways) >= maxWays {
		return errTooLarge
	}
	c.ways = append(c.ways, rawWay{id: id, nodes: nodes, street: s})
	return nil
}

// wantsRelation tells whether the relation's members are worth reading.
func (c *collector) wantsRelation(id int64, tags osm.Tags) bool {
	c.seen.relations++
	kind := tags.Find("type")
	return strings.HasPrefix(kind, "restriction") || c.bounds(id, tags)
}

// bounds tells whether a relation is the district's boundary.
func (c *collector) bounds(id int64, tags osm.Tags) bool {
	if c.relation != 0 {
		return id == c.relation
	}
	if c.ubigeo == "" {
		return false
	}
	kind := tags.Find("type")
	return (kind == "boundary" || kind == "multipolygon") && (tags.Find("pe:ubigeo") == c.ubigeo || tags.Find("ref") == c.ubigeo)
}

func (c *collector) addRelation(id int64, tags osm.Tags, members []member) error {
	if c.bounds(id, tags) {
		o := outline{id: id, name: tags.Find("name"), ubigeo: tags.Find("pe:ubigeo"), members: members}
		o.exact = c.relation != 0 || o.ubigeo == c.ubigeo
		if o.ubigeo == "" {
			if ref := tags.Find("ref"); isUbigeo(ref) {
				o.ubigeo = ref
			}
		}
		c.outlines = append(c.outlines, o)
		for _, m := range members {
			if m.kind == osm.TypeWay && c.lines[m.ref] == nil {
				c.lines[m.ref] = nil
			}
		}
	}
	if strings.HasPrefix(tags.Find("type"), "restriction") {
		c.turns = append(c.turns, readTurn(id, tags, members))
	}
	return nil
}

// needNodes tells the node table which nodes the ways need.
func (c *collector) needNodes() {
	n := 0
	for i := range c.ways {
		n += len(c.ways[i].nodes)
	}
	ids := make([]int64, 0, n)
	for i := range c.ways {
		ids = append(ids, c.ways[i].nodes...)
	}
	for _, l := range c.lines {
		ids = append(ids, l...)
	}
	c.places.need(ids)
}

// nodeTable holds the places of nodes: either of those needed, sorted by id,
// or of all that came along.
type nodeTable struct {
	ids    []int64
	points []orb.Point
	have   []bool
}

// need fixes the ids to be filled in. Places already there are kept.
func (t *nodeTable) need(ids []int64) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	n := nodeTable{ids: ids, points: make([]orb.Point, len(ids)), have: make([]bool, len(ids))}
	for i, id := range ids {
		n.points[i], n.have[i] = t.at(id)
	}
	*t = n
}

// index sorts a table that holds all nodes; of a node given twice the last
// place counts.
func (t *nodeTable) index() {
	order := make([]int32, len(t.ids))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return cmp.Or(cmp.Compare(t.ids[i], t.ids[j]), cmp.Compare(i, j)) })
	n := nodeTable{ids: make([]int64, 0, len(order)), points: make([]orb.Point, 0, len(order)), have: make([]bool, 0, len(order))}
	for k, i := range order {
		if k+1 < len(order) && t.ids[order[k+1]] == t.ids[i] {
			continue
		}
		n.ids, n.points, n.have = append(n.ids, t.ids[i]), append(n.points, t.points[i]), append(n.have, true)
	}
	*t = n
}

// put stores a node's place and tells whether anybody may need it.
func (t *nodeTable) put(id int64, p orb.Point, all bool) bool {
	if all {
		t.ids = append(t.ids, id)
		t.points = append(t.points, p)
		t.have = append(t.have, true)
		return true
	}
	j, ok := slices.BinarySearch(t.ids, id)
	if ok {
		t.points[j], t.have[j] = p, true
	}
	return ok
}

// at gives a node's place; ok is false if the extract lacks the node.
func (t *nodeTable) at(id int64) (p orb.Point, ok bool) {
	j, ok := slices.BinarySearch(t.ids, id)
	if !ok || !t.have[j] {
		return p, false
	}
	return t.points[j], true
}

// round7 rounds degrees to the map's precision.
func round7(v float64) float64 { return math.Round(v*1e7) / 1e7 }

func isUbigeo(s string) bool {
	if len(s) != 6 {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
