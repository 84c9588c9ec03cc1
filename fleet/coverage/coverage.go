package coverage

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// Coverage is what the units of a district have covered in one shift. It is
// safe for concurrent use.
type Coverage struct {
	g      *routing.Graph
	cfg    Config
	shift  fleet.Shift
	index  *Index
	inCell []bool // cell: a street that counts touches it

	counts   []bool // segment: belongs and can be reached
	metres   float64
	segments int

	mu       sync.Mutex
	units    map[string]*unit
	expected map[routing.SegmentID][]expectation

	// What follows is derived, per segment or cell; dirty ones are evaluated
	// again before they are read.
	streets    []street
	dirty      []routing.SegmentID
	cells      []cellSum
	dirtyCells []int32
	version    uint64
}

// New makes the coverage of a shift, with nothing covered. Reachable tells for
// each segment whether some unit can get there and back; nil: all can. Streets
// that do not belong to the district are followed, but do not count.
func New(g *routing.Graph, reachable []bool, shift fleet.Shift, cfg Config) (*Coverage, error) {
	return newOn(nil, g, reachable, shift, cfg)
}

// newOn is New with an index of the graph; another one, or none, is made anew.
func newOn(x *Index, g *routing.Graph, reachable []bool, shift fleet.Shift, cfg Config) (*Coverage, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	counts, err := counted(g, reachable)
	if err != nil {
		return nil, err
	}
	if !x.Of(g, cfg.Resolutions) {
		if x, err = NewIndex(g, cfg.Resolutions); err != nil {
			return nil, err
		}
	}
	c := &Coverage{g: g, cfg: cfg, shift: shift, index: x, inCell: x.touched(counts), counts: counts}
	for i, ok := range counts {
		if ok {
			c.segments++
			c.metres += g.Segments[i].Length
		}
	}
	c.clear()
	return c, nil
}

// counted tells which segments count: they belong to the district, and
// somebody can reach them.
func counted(g *routing.Graph, reachable []bool) ([]bool, error) {
	if reachable != nil && len(reachable) != len(g.Segments) {
		return nil, fmt.Errorf("%w: %d reachability marks for %d street segments; make them from the same street version", ErrConfig, len(reachable), len(g.Segments))
	}
	out := make([]bool, len(g.Segments))
	for i := range g.Segments {
		out[i] = g.Segments[i].Belongs && (reachable == nil || reachable[i])
	}
	return out, nil
}

func (c *Coverage) clear() {
	c.units = map[string]*unit{}
	c.expected = map[routing.SegmentID][]expectation{}
	c.streets = make([]street, len(c.g.Segments))
	c.cells = make([]cellSum, len(c.index.cells))
	for i := range c.streets {
		if !c.counts[i] {
			c.streets[i].shown = Outside
		}
	}
}

// checkTraversals refuses what cannot be a unit's track on this graph.
func (c *Coverage) checkTraversals(name string, ts []match.Traversal) error {
	for i, t := range ts {
		switch {
		case t.Arc < 0 || int(t.Arc.Segment()) >= len(c.g.Segments):
			return fmt.Errorf("%w %d of unit %s: arc %d is not in this street graph; match with the current street version", ErrTraversal, i+1, name, t.Arc)
		case !(t.From >= 0 && t.From <= t.To && t.To <= 1):
			return fmt.Errorf("%w %d of unit %s: part %v to %v of its arc: want 0 ≤ from ≤ to ≤ 1", ErrTraversal, i+1, name, t.From, t.To)
		case !(t.Posterior >= 0 && t.Posterior <= 1) || math.IsInf(t.Speed, 0) || t.Speed < 0:
			return fmt.Errorf("%w %d of unit %s: posterior %v, speed %v m/s", ErrTraversal, i+1, name, t.Posterior, t.Speed)
		case t.End.Before(t.Start) || i > 0 && t.Start.Before(ts[i-1].Start):
			return fmt.Errorf("%w %d of unit %s: it ends before it starts, or starts before the one ahead of it; sort by time", ErrTraversal, i+1, name)
		}
	}
	return nil
}

// Add counts the next traversals of a unit, in the order of time.
func (c *Coverage) Add(f Force, name string, ts []match.Traversal) error {
	if len(ts) == 0 {
		return nil
	}
	if f >= numForces {
		return fmt.Errorf("%w: force %d of unit %s is not known", ErrTraversal, f, name)
	}
	if err := c.checkTraversals(name, ts); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	u, err := c.unit(name, f)
	if err != nil {
		return err
	}
	if n := len(u.pieces); n > 0 && ts[0].Start.Before(u.pieces[n-1].Start) {
		return fmt.Errorf("%w of unit %s: it starts at %s, before the last one counted; replace the unit's track instead", ErrTraversal, name, ts[0].Start.UTC().Format(time.RFC3339))
	}
	for _, t := range ts {
		u.add(t, c.g, c.index, &c.cfg, c.touch)
	}
	return nil
}

// Replace forgets what a unit has done and counts its track anew. Its duty
// stays, its signal is as given.
func (c *Coverage) Replace(f Force, name string, ts []match.Traversal, s Signal) error {
	if f >= numForces {
		return fmt.Errorf("%w: force %d of unit %s is not known", ErrTraversal, f, name)
	}
	if err := c.checkTraversals(name, ts); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := newUnit(f)
	if u := c.units[name]; u != nil {
		n.duty = u.duty
		c.touchAll(u)
	}
	n.signal = s
	c.units[name] = n
	for _, t := range ts {
		n.add(t, c.g, c.index, &c.cfg, c.touch)
	}
	return nil
}

// unit finds or makes a unit.
func (c *Coverage) unit(name string, f Force) (*unit, error) {
	u := c.units[name]
	if u == nil {
		u = newUnit(f)
		c.units[name] = u
	}
	if u.force != f {
		return nil, fmt.Errorf("%w: %s is %s, not %s; replace its track to change it", ErrUnit, name, u.force, f)
	}
	return u, nil
}

// touch marks what a passage has to do with for evaluation.
func (c *Coverage) touch(p passage) {
	c.touchSegment(p.segment)
	for _, s := range p.stays {
		c.touchCell(s.cell)
	}
}

func (c *Coverage) touchSegment(s routing.SegmentID) {
	if !c.streets[s].dirty {
		c.streets[s].dirty = true
		c.dirty = append(c.dirty, s)
	}
}

func (c *Coverage) touchCell(i int32) {
	if !c.cells[i].dirty {
		c.cells[i].dirty = true
		c.dirtyCells = append(c.dirtyCells, i)
	}
}

func (c *Coverage) touchAll(u *unit) {
	for s := range u.segments {
		c.touchSegment(s)
	}
	for i := range u.cells {
		c.touchCell(i)
	}
	if len(u.pieces) > 0 {
		c.touch(u.open)
	}
}

// names gives the units in a fixed order.
func (c *Coverage) names() []string {
	out := make([]string, 0, len(c.units))
	for n := range c.units {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
