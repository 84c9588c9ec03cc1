package patrol

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// Desk is where the plans of one shift are changed: by hand, or in the middle
// of the shift. It is made once for the streets, units and forecast of a shift,
// so that a change takes a fraction of a second. Several goroutines may use it;
// they take turns.
type Desk struct {
	mu     sync.Mutex
	sc     *scene
	g      *routing.Graph
	byID   map[string]routing.SegmentID
	at     map[orb.Point]routing.NodeID
	wanted []bool // segments that count: they belong, and some unit reaches them
	ways   map[routing.Mode]*ways
	reach  map[routing.Start]*routing.Reach
	alike  map[routing.Mode]routing.Mode

	measuring sync.Mutex // of Figures
	bounds    *rounds.Bounds
}

// NewDesk prepares a desk. in is what plans of the shift are made from; its
// units are those that plans have rounds of.
func NewDesk(in DraftInput) (*Desk, error) {
	sc, err := newScene(in)
	if err != nil {
		return nil, err
	}
	d := &Desk{sc: sc, g: in.Graph, byID: make(map[string]routing.SegmentID, len(in.Graph.Segments)), at: make(map[orb.Point]routing.NodeID, len(in.Graph.Nodes)),
		wanted: make([]bool, len(in.Graph.Segments)), ways: map[routing.Mode]*ways{}, reach: map[routing.Start]*routing.Reach{}, alike: map[routing.Mode]routing.Mode{}}
	for i := range d.g.Segments {
		d.byID[d.g.Segments[i].ID] = routing.SegmentID(i)
	}
	for i := range d.g.Nodes {
		d.at[d.g.Nodes[i].Point] = routing.NodeID(i)
	}
	for _, st := range sc.start {
		r := d.reachOf(st)
		for i := range d.wanted {
			d.wanted[i] = d.wanted[i] || d.g.Segments[i].Belongs && r.Segment(routing.SegmentID(i))
		}
	}
	return d, nil
}

func (d *Desk) reachOf(st routing.Start) *routing.Reach {
	r := d.reach[st]
	if r == nil {
		r = d.g.Reachable(st.Mode, st.Base)
		d.reach[st] = r
	}
	return r
}

// ways are the searches of a mode, cost in metres: from a place, and to one.
// Segments that are avoided cost more, or cannot be passed.
type ways struct{ out, back *routing.Search }

func (d *Desk) waysOf(m routing.Mode) *ways {
	m = d.like(m)
	w := d.ways[m]
	if w == nil {
		w = &ways{routing.NewSearch(d.g, m, nil), routing.NewReverseSearch(d.g, m, nil)}
		d.ways[m] = w
	}
	return w
}

// like gives a mode that may go exactly where m may: cars and motorcycles
// mostly may, and then share what was searched for one of them.
func (d *Desk) like(m routing.Mode) routing.Mode {
	if as, ok := d.alike[m]; ok {
		return as
	}
	d.alike[m] = m
	for o := range m {
		if d.sameWays(o, m) {
			d.alike[m] = o
			break
		}
	}
	return d.alike[m]
}

func (d *Desk) sameWays(a, b routing.Mode) bool {
	for i := range d.g.Segments {
		if s := &d.g.Segments[i]; s.Forward.Has(a) != s.Forward.Has(b) || s.Backward.Has(a) != s.Backward.Has(b) {
			return false
		}
	}
	for _, r := range d.g.Restrictions {
		if r.Modes.Has(a) != r.Modes.Has(b) {
			return false
		}
	}
	return true
}

// detour is how many times its length a way round may be before a street that
// should be avoided is passed all the same.
const detour = 5

// waysAround are those of a mode with some segments avoided: closed to it, or
// only taken where the way round is much longer.
func (d *Desk) waysAround(m routing.Mode, closed, avoided map[routing.SegmentID]bool) *ways {
	if len(closed) == 0 && len(avoided) == 0 {
		return d.waysOf(m)
	}
	cost := func(a routing.Arc) float64 {
		switch s := a.Segment(); {
		case closed[s]:
			return math.Inf(1)
		case avoided[s]:
			return detour * d.g.Segments[s].Length
		default:
			return d.g.Segments[s].Length
		}
	}
	return &ways{routing.NewSearch(d.g, m, cost), routing.NewReverseSearch(d.g, m, cost)}
}

// table is a plan taken apart on the desk.
type table struct {
	d       *Desk
	plan    Plan // its head; Rounds as they were
	courses []*course
	notes   []Note
	// onLost is told what had to be left out behind closed streets.
	onLost func(c *course, lost []step, at time.Time)
	undone map[routing.SegmentID]bool // should have been visited by now, and were not
}

// open takes a plan apart.
func (d *Desk) open(p Plan) (*table, error) {
	t := &table{d: d, plan: p, undone: map[routing.SegmentID]bool{}}
	t.plan.Notes = nil
	t.plan.Rules = p.Rules.clone()
	for _, r := range p.Rounds {
		c, err := d.course(r)
		if err != nil {
			return nil, fmt.Errorf("round %d (%s): %w", r.Number, r.Unit, err)
		}
		t.courses = append(t.courses, c)
	}
	return t, nil
}

func (t *table) course(unit string) (*course, error) {
	for _, c := range t.courses {
		if c.round.Unit == unit {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrUnknownUnit, unit)
}

// segments finds segments by their ids.
func (t *table) segments(ids []string) ([]routing.SegmentID, error) {
	out := make([]routing.SegmentID, 0, len(ids))
	for _, id := range ids {
		s, ok := t.d.byID[id]
		if !ok {
			return nil, fmt.Errorf("%w: %q", ErrUnknownStreet, id)
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// change puts the plan together again and judges it.
func (t *table) change(old Plan, before Standing) Change {
	t.settle()
	out := Change{Before: before, Units: []string{}, Notes: t.notes}
	if out.Notes == nil {
		out.Notes = []Note{}
	}
	out.Plan = t.plan
	out.Plan.Rounds = nil
	for _, c := range t.courses {
		r := c.finish()
		if len(r.Legs) == 0 && c.gone {
			out.Units = append(out.Units, r.Unit)
			continue
		}
		if c.changed {
			out.Units = append(out.Units, r.Unit)
		}
		out.Plan.Rounds = append(out.Plan.Rounds, r)
	}
	p := &out.Plan
	p.Parent, p.ID, p.Version, p.State = old.ID, "", 0, Draft
	p.CreatedAt, p.CreatedBy, p.ApprovedAt, p.ApprovedBy = time.Time{}, "", time.Time{}, ""
	p.Notes = out.Notes
	out.Violations = append(Review(*p, t.d.g, Span{t.d.sc.in.Shift.Start, t.d.sc.in.Shift.End}), Keeps(*p, t.d.sc.in)...)
	if out.Violations == nil {
		out.Violations = []Violation{}
	}
	out.After = t.d.standing(t)
	return out
}

// Figures measures a plan of the desk's units, in their order, as NewDraft
// does; was are the figures of the plan that it was made from, of which what no
// change can alter is kept. It takes longer than an edit, the first time much
// longer.
func (d *Desk) Figures(p Plan, was Figures) (Figures, error) {
	d.measuring.Lock()
	defer d.measuring.Unlock()
	if d.bounds == nil {
		b, err := d.sc.bounds()
		if err != nil {
			return Figures{}, err
		}
		d.bounds = &b
	}
	f, err := d.sc.figures(p, *d.bounds)
	if err != nil {
		return f, err
	}
	f.SolveS, f.PoliceOverlapBlindPct = was.SolveS, was.PoliceOverlapBlindPct
	if r := was.Rotation; r != nil && p.Streets == d.sc.in.Streets {
		f.Rotation = r.of(d.g, p)
	}
	return f, nil
}

// window is when the shift is.
func (d *Desk) window() Span { return Span{d.sc.in.Shift.Start, d.sc.in.Shift.End} }

// nodeNear finds the junction nearest to a place that a unit reaches from its
// base and returns from.
func (d *Desk) nodeNear(c *course, p orb.Point) (routing.NodeID, error) {
	reach := d.reachOf(routing.Start{Mode: c.round.Mode, Base: c.base})
	best, least := routing.NodeID(-1), math.Inf(1)
	for _, s := range d.g.Snap(p, snapMetres) {
		if !reach.Segment(s.Segment) {
			continue
		}
		for _, n := range [...]routing.NodeID{d.g.Segments[s.Segment].From, d.g.Segments[s.Segment].To} {
			if m := planeAt(p).metres(d.g.Nodes[n].Point, p); m < least {
				best, least = n, m
			}
		}
	}
	if best < 0 {
		return best, fmt.Errorf("%w: %.6f,%.6f is not within %d m of a street that unit %s reaches", ErrNoWay, p[0], p[1], snapMetres, c.round.Unit)
	}
	return best, nil
}

// unitOf is what is known of a unit beside its round.
func (d *Desk) unitOf(id string) (fleet.Unit, bool) {
	for _, u := range d.sc.in.Units {
		if u.ID == id {
			return u, true
		}
	}
	return fleet.Unit{}, false
}
