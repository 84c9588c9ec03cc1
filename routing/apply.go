package routing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// CorrectionResult says what became of one correction.
type CorrectionResult struct {
	ID       string         `json:"id"`
	Kind     CorrectionKind `json:"kind"`
	By       FoundBy        `json:"found_by"`           // how its street was found
	Segments []string       `json:"segments,omitempty"` // Segment.ID in the new graph
	InForce  bool           `json:"in_force"`           // it changes something in the window
	Note     string         `json:"note,omitempty"`     // why it was not found, or what to know
}

// FoundBy says how a correction found its street.
type FoundBy string

// The ways to find a street.
const (
	NotFound FoundBy = "not_found" // look at the map and write the correction anew
	ByID     FoundBy = "id"        // by the segment's id
	ByLine   FoundBy = "line"      // the id is gone; by the line it had
	Drawn    FoundBy = "drawn"     // a street of its own
)

// Apply gives the graph as the municipality knows it for a stretch of time,
// usually a shift. A correction that holds at any moment of the window holds
// for all of it: nobody is sent into a street that shuts meanwhile. A zero
// window leaves only what holds for ever. Times of day are of loc.
//
// The graph given stays as it is, and is the answer when there is nothing to
// correct. Segments keep their numbers, but for those that a drawn street cuts:
// the first piece has the number, the others and the drawn ones come last.
// There is a result for each correction, in their order; a correction that
// cannot be used has a note that says why, and changes nothing.
func Apply(g *Graph, cs []Correction, window [2]time.Time, loc *time.Location) (*Graph, []CorrectionResult, error) {
	if loc == nil {
		return nil, nil, errors.New("corrections need the district's time zone")
	}
	if window[0].IsZero() != window[1].IsZero() || window[1].Before(window[0]) {
		return nil, nil, fmt.Errorf("the window from %v to %v is no stretch of time", window[0], window[1])
	}
	results := make([]CorrectionResult, len(cs))
	if len(cs) == 0 {
		return g, results, nil
	}
	// Later corrections win over earlier ones.
	order := make([]int, len(cs))
	for i := range cs {
		order[i] = i
		results[i] = CorrectionResult{ID: cs[i].ID, Kind: cs[i].Kind, By: NotFound}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cs[a].CreatedAt.Compare(cs[b].CreatedAt), cmp.Compare(cs[a].ID, cs[b].ID))
	})
	e := newEditor(g)
	for _, i := range order {
		if cs[i].Kind == CorrectStreet {
			e.draw(&cs[i], i, &results[i], window, loc)
		}
	}
	out := e.finish()
	if err := out.Build(); err != nil {
		return nil, nil, err
	}
	for k, i := range e.drawnBy {
		pieces := e.pieces[len(g.Segments)+k]
		for _, s := range pieces {
			results[i].Segments = append(results[i].Segments, out.Segments[s].ID)
		}
		if len(pieces) == 0 {
			results[i].By, results[i].InForce, results[i].Note = NotFound, false, "both its ends meet the same junction; draw it longer"
		}
	}
	p := &patcher{g: out, cut: e.aliases(), window: window, loc: loc, shut: map[SegmentID]ModeSet{}}
	for _, i := range order {
		if cs[i].Kind != CorrectStreet {
			p.apply(&cs[i], &results[i])
		}
	}
	p.listShut()
	if p.renamed || len(e.drawn) > 0 {
		out.Describe()
	}
	return out, results, nil
}

// patcher applies the corrections that leave the geometry alone.
type patcher struct {
	g       *Graph
	ids     map[string]SegmentID
	cut     map[string][]SegmentID // ids that a drawn street cut, and their pieces
	window  [2]time.Time
	loc     *time.Location
	shut    map[SegmentID]ModeSet
	renamed bool
}

func (p *patcher) apply(c *Correction, r *CorrectionResult) {
	segments, by := p.find(c)
	if by == NotFound {
		r.Note = "no street of the network follows its line; mark it again on the map"
		return
	}
	var f force
	var err error
	switch c.Kind {
	case CorrectName:
		if f = always; c.Name == "" {
			err = errors.New("it has no name")
		}
	case CorrectClosed:
		f, err = c.inForce(p.window, p.loc)
	case CorrectForbidden:
		f = always
	case CorrectGate:
		f, err = c.gateShut(p.window, p.loc)
	default:
		err = fmt.Errorf("its kind %q is not known", c.Kind)
	}
	if err != nil {
		r.Note = err.Error()
		return
	}
	r.By, r.InForce = by, f != never
	if f == partly {
		r.Note = "it holds for a part of the time and counts for all of it"
	}
	modes := AllModes
	if len(c.Modes) > 0 {
		modes = SetOf(c.Modes...)
	}
	for _, id := range segments {
		s := &p.g.Segments[id]
		r.Segments = append(r.Segments, s.ID)
		switch {
		case c.Kind == CorrectName:
			s.Name, p.renamed = c.Name, true
		case c.Kind == CorrectGate:
			s.Gate = true
		}
		if c.Kind != CorrectName && f != never {
			p.shut[id] |= (s.Forward | s.Backward) & modes
			s.Forward &^= modes
			s.Backward &^= modes
		}
	}
}

// listShut adds what corrections closed to the excluded streets.
func (p *patcher) listShut() {
	for i := range p.g.Segments {
		s := &p.g.Segments[i]
		modes := p.shut[SegmentID(i)]
		if modes == 0 {
			continue
		}
		x := Excluded{Name: s.Label, Class: s.Class, Line: s.Line, Length: s.Length, Modes: modes}
		if len(s.WayIDs) > 0 {
			x.WayID = s.WayIDs[0]
		}
		if s.Belongs {
			x.Inside = s.Length
		}
		p.g.Excluded = append(p.g.Excluded, x)
	}
}

// find gives the segments that a correction is about.
func (p *patcher) find(c *Correction) ([]SegmentID, FoundBy) {
	if p.ids == nil {
		p.ids = make(map[string]SegmentID, len(p.g.Segments))
		for i := range p.g.Segments {
			p.ids[p.g.Segments[i].ID] = SegmentID(i)
		}
	}
	if pieces := p.cut[c.Segment]; len(pieces) > 0 {
		return pieces, ByID
	}
	if id, ok := p.ids[c.Segment]; ok && p.stillThere(id, c.Line) {
		return []SegmentID{id}, ByID
	}
	if found := p.g.follow(c.Line); len(found) > 0 {
		return found, ByLine
	}
	return nil, NotFound
}

// stillThere tells whether a segment lies where it lay when the correction was
// made; the map may reuse its nodes elsewhere.
func (p *patcher) stillThere(id SegmentID, line orb.LineString) bool {
	if len(line) < 2 {
		return true
	}
	_, d := distanceTo(p.g.Segments[id].Line, PointAlong(line, lineLength(line)/2))
	return d <= 50
}
