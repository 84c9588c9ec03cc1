package patrol

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// What holds for every round.
const (
	BreakLength = 45 * time.Minute
	// StopMin is the least length of a tactical stop.
	StopMin = 10 * time.Minute
	// baseMetres is how far a unit's base may lie from the street network.
	baseMetres = 500
	// leastShare is the part of the time given that rounds are planned in, even
	// where a rotation took all of it.
	leastShare = 0.02
)

// HotCell is a cell that wants tactical stops.
type HotCell struct {
	Cell     hotspots.Cell
	Expected float64 // incidents in the shift
}

// DraftInput is all that a plan depends on.
type DraftInput struct {
	District fleet.District
	Graph    *routing.Graph
	Streets  string // version of the graph
	Shift    fleet.Shift
	Loc      *time.Location
	Units    []fleet.Unit
	Presence []Presence
	Posts    []FixedPost
	// Sectors are the areas that units may be bound to, by their ids.
	Sectors map[string]orb.MultiPolygon
	// Surface is the forecast for the shift; nil: no tactical stops.
	Surface *hotspots.Surface
	// Ages tells for every segment how many shifts went by since it was last
	// driven, 0 if it was in the last one; nil: not known.
	Ages []int
	// Terms are what the municipality settles; zero: DefaultTerms.
	Terms Terms
	// Priority are the areas to be preferred in the shift.
	Priority []PriorityArea
	// Rotate: where one shift is not enough for every street, this one takes its
	// part of a rotation.
	Rotate bool
	// Keep are rounds that stay as they are; the other units are planned around
	// them, and no rotation.
	Keep []Round
	Seed int64
	// Pool is how many plans are made at most, to choose the one that is least
	// like those of Past, the same shift on days before; 0 and 1: the best found.
	Pool int
	Past []PastShift
	// Solve finds the rounds; nil: rounds.Solve.
	Solve func(context.Context, *rounds.Problem, rounds.Control) (*rounds.Solution, error)
	// Elapsed is the share of the time given that is used up; nil: a fixed,
	// short effort, the same on every machine.
	Elapsed  func() float64
	Progress func(Progress)
}

// Progress tells how the planning goes.
type Progress struct {
	Phase   string  `json:"phase"`
	Best    float64 `json:"best_s"`  // longest cover phase so far
	Bound   float64 `json:"bound_s"` // no plan's is shorter
	Elapsed float64 `json:"elapsed"` // share of the time given
	// Sketch gives the best rounds so far, one of each unit; nil before there are
	// any. Only while Progress runs.
	Sketch func() []Sketch `json:"-"`
}

// NewDraft makes a plan of rounds and its figures. Cancelling ctx ends the search
// early with the best plan so far.
func NewDraft(ctx context.Context, in DraftInput) (Plan, Figures, error) {
	if err := checkLimits(in); err != nil {
		return Plan{}, Figures{}, err
	}
	sc, err := newScene(in)
	if err != nil {
		return Plan{}, Figures{}, err
	}
	ctl := rounds.Control{Elapsed: in.Elapsed, Workers: runtime.GOMAXPROCS(0)}
	k, err := sc.keep()
	if err != nil {
		return Plan{}, Figures{}, err
	}
	if in.Progress != nil {
		ctl.Progress = func(p rounds.Progress) {
			in.Progress(Progress{Phase: p.Phase, Best: p.Best, Bound: p.Bound, Elapsed: p.Elapsed, Sketch: k.sketcher(p)})
		}
	}
	p := sc.problem()
	p.Pool, p.Past = in.Pool, sc.past()
	k.rest(p)
	var rotation *Rotation
	if in.Rotate && len(in.Keep) == 0 {
		b, err := sc.bounds()
		if err != nil {
			return Plan{}, Figures{}, err
		}
		if rotation, err = sc.rotate(ctx, p, b, ctl); err != nil {
			return Plan{}, Figures{}, err
		}
		if ctl.Elapsed != nil { // the rest of the time is the rounds'
			ctl.Elapsed = part(ctl.Elapsed, max(leastShare, 1-ctl.Elapsed()))
		}
	}
	solve := rounds.Solve
	if in.Solve != nil {
		solve = in.Solve
	}
	sol, err := solve(ctx, p, ctl)
	if err != nil {
		return Plan{}, Figures{}, fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	k.back(sol)
	plan := sc.plan(p, sol, k.served)
	b := sol.Bounds
	if len(in.Keep) > 0 {
		k.join(&plan)
		if b, err = sc.bounds(); err != nil {
			return Plan{}, Figures{}, err
		}
	}
	figures, err := sc.figures(plan, b)
	if err != nil {
		return Plan{}, Figures{}, err
	}
	if rotation != nil {
		figures.Rotation = rotation.of(sc.g, plan)
	}
	figures.Pool = poolOf(p, sol)
	for _, i := range sol.Unkept {
		if _, ok := sc.times[i].kept(plan); !ok { // by no round that stays as it is either
			figures.Verdict.PostsOut = append(figures.Verdict.PostsOut, sc.times[i].Name)
		}
	}
	return plan, figures, nil
}

// scene is the input of a plan with everything placed on the map.
type scene struct {
	in      DraftInput
	g       *routing.Graph
	start   []routing.Start // per unit
	hot     []hotPlace
	isHot   map[hotspots.Cell]int
	present map[CellHalf]float64 // police rounds and posts, trust ≥ 0.5
	samples [][]sample           // per segment, lazily
	times   []PostTime           // of the fixed posts in the shift
	reach   map[routing.Start]*routing.Reach
	serves  map[string][]bool // by sectors
	risk    []float64         // per segment: expected incidents; nil without a forecast
}

// hotPlace is a hot cell on the map.
type hotPlace struct {
	HotCell
	nodes    []routing.NodeID // where to stop
	explored bool             // not by the forecast: who waited longest
	inside   bool             // they lie in the cell; else within 75 m of it
	posts    []Span           // police posts of trust 1 in the cell
}

// newScene checks the input and places it on the map.
func newScene(in DraftInput) (*scene, error) {
	if in.Graph == nil || len(in.Graph.Segments) == 0 {
		return nil, fmt.Errorf("%w: district %s has no streets: import them first", fleet.ErrInvalid, in.District.Ubigeo)
	}
	if len(in.Units) == 0 {
		return nil, fmt.Errorf("%w: no unit works in shift %s: register units, or let them work in it", fleet.ErrInvalid, in.Shift.ID)
	}
	if !in.Shift.End.After(in.Shift.Start) {
		return nil, fmt.Errorf("%w: shift %s ends before it starts", fleet.ErrInvalid, in.Shift.ID)
	}
	if in.Ages != nil && len(in.Ages) != len(in.Graph.Segments) {
		return nil, fmt.Errorf("%w: %d ages for %d segments", fleet.ErrInvalid, len(in.Ages), len(in.Graph.Segments))
	}
	if in.Loc == nil {
		in.Loc = time.UTC
	}
	if in.Terms == (Terms{}) {
		in.Terms = DefaultTerms()
	}
	if err := in.Terms.Check(); err != nil {
		return nil, err
	}
	sc := &scene{in: in, g: in.Graph, isHot: map[hotspots.Cell]int{}, samples: make([][]sample, len(in.Graph.Segments)),
		reach: map[routing.Start]*routing.Reach{}, serves: map[string][]bool{}, times: PostTimes(in.Posts, in.Shift, in.Loc)}
	var err error
	if sc.start, err = Starts(in.Graph, in.Units); err != nil {
		return nil, err
	}
	if err := sc.findHot(); err != nil {
		return nil, err
	}
	all, err := PresentCells(in.Presence, in.Shift, in.Loc, 9)
	if err != nil {
		return nil, err
	}
	sc.present = map[CellHalf]float64{}
	for k, trust := range all {
		if trust >= 0.5 {
			sc.present[k] = trust
		}
	}
	return sc, nil
}

// BaseError is a unit that cannot start: no street open to it is near its base
// or, if it has none, anywhere. It is a fleet.ErrInvalid.
type BaseError struct{ Unit fleet.Unit }

// Error says it in English.
func (e BaseError) Error() string {
	u := e.Unit
	if u.Base == (orb.Point{}) {
		return fmt.Sprintf("%v: no street is open to unit %s (%s)", fleet.ErrInvalid, u.ID, u.Mode)
	}
	return fmt.Sprintf("%v: the base %.6f,%.6f of unit %s is not within %d m of a street open to it (%s)",
		fleet.ErrInvalid, u.Base[0], u.Base[1], u.ID, baseMetres, u.Mode)
}

// Unwrap makes it a fleet.ErrInvalid.
func (BaseError) Unwrap() error { return fleet.ErrInvalid }

// checkLimits refuses units whose limits make no sense in the shift.
func checkLimits(in DraftInput) error {
	loc := in.Loc
	if loc == nil {
		loc = time.UTC
	}
	for _, u := range in.Units {
		if _, _, ok := u.Out(in.Shift, loc); !ok {
			return fmt.Errorf("%w: unit %s works from %s to %s, not in shift %s", fleet.ErrInvalid, u.ID, u.From, u.To, in.Shift.ID)
		}
		for _, id := range u.Sectors {
			if _, ok := in.Sectors[id]; !ok {
				return fmt.Errorf("%w: unit %s is bound to sector %q, which the district does not have: load it, or change the unit", fleet.ErrInvalid, u.ID, id)
			}
		}
	}
	return nil
}

// Starts gives where the units start: the junction nearest to each base among
// the streets open to its mode; the mode's default base for a unit without. The
// error is a BaseError.
func Starts(g *routing.Graph, units []fleet.Unit) ([]routing.Start, error) {
	out := make([]routing.Start, len(units))
	defaults := map[routing.Mode]routing.NodeID{}
	for i, u := range units {
		if u.Base == (orb.Point{}) {
			n, ok := defaults[u.Mode]
			if !ok {
				if n, ok = g.DefaultBase(u.Mode); !ok {
					return nil, BaseError{Unit: u}
				}
				defaults[u.Mode] = n
			}
			out[i] = routing.Start{Mode: u.Mode, Base: n}
			continue
		}
		best, found := routing.NodeID(0), false
		least := math.Inf(1)
		for _, c := range g.Snap(u.Base, baseMetres) {
			s := &g.Segments[c.Segment]
			if !(s.Forward | s.Backward).Has(u.Mode) {
				continue
			}
			for _, n := range [...]routing.NodeID{s.From, s.To} {
				if d := planeAt(u.Base).metres(g.Nodes[n].Point, u.Base); d < least {
					best, least, found = n, d, true
				}
			}
		}
		if !found {
			return nil, BaseError{Unit: u}
		}
		out[i] = routing.Start{Mode: u.Mode, Base: best}
	}
	return out, nil
}

// metres is the distance of two places on the plane.
func (pl plane) metres(a, b orb.Point) float64 {
	p, q := pl.xy(a), pl.xy(b)
	return math.Hypot(p[0]-q[0], p[1]-q[1])
}

// seconds is a time as seconds of the shift.
func (sc *scene) seconds(t time.Time) float64 { return t.Sub(sc.in.Shift.Start).Seconds() }

// instant is a second of the shift as a time, to the millisecond.
func (sc *scene) instant(s float64) time.Time {
	return sc.in.Shift.Start.Add(time.Duration(math.Round(s*1000)) * time.Millisecond)
}

// Bounds gives the bounds of the plan's problem.
func (sc *scene) bounds() (rounds.Bounds, error) {
	b, err := rounds.LowerBounds(sc.g, sc.units())
	if err != nil {
		return b, fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	return b, nil
}

func (sc *scene) units() []rounds.Unit {
	out := make([]rounds.Unit, len(sc.in.Units))
	for i, u := range sc.in.Units {
		from, to, ok := u.Out(sc.in.Shift, sc.in.Loc)
		if !ok { // its hours were changed after it was planned
			from, to = sc.in.Shift.Start, sc.in.Shift.End
		}
		out[i] = rounds.Unit{Mode: u.Mode, Base: sc.start[i].Base, Speed: fleet.DefaultSpeeds(u.Mode).Patrol,
			Start: sc.seconds(from), End: sc.seconds(to), Break: min(BreakLength.Seconds(), to.Sub(from).Seconds()/8),
			MaxMetres: 1000 * u.MaxKm, Serves: sc.servesOf(u)}
	}
	return out
}
