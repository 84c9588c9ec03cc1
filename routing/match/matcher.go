package match

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// Stats counts what became of the fixes.
type Stats struct {
	Fixes      int // accepted
	OffNetwork int // no street near
	Outliers   int // no way could lead there in the time
	Breaks     int // the track broke and started anew
	Bridges    int // breaks over which there was only one way
}

// Matcher matches the fixes of one unit as they come.
type Matcher struct {
	g     *routing.Graph
	cfg   Config
	ways  *ways
	stats Stats

	last     time.Time // of the newest fix
	steps    []*step   // of this run; the first Committed of them are decided
	chosen   []int     // state of each decided step
	emitted  int       // transitions given out: between steps i and i+1, i < emitted
	outliers int       // fixes in a row to which no way led
	cursor   cursor
	bridge   *anchor // end of the run before this one
	strayed  int     // fixes since the last step that lay off the streets
	out      []Traversal

	// Memory that is used again and again.
	free      []*step // named by none, then dropped, the longest ago first
	near      []routing.Candidate
	attempts  []attempt
	best      float64 // score of the best of attempts
	rows      []*row  // by state before
	attempted []routing.Arc
	aims      []routing.Arc
	betas     [][]float64 // backward probabilities by step
	likely    [][]pair    // by step before
	scratch   []part
	parted    []part
	chances   []float64
	path      []int
}

// resting is how many of the steps dropped last are left alone: a step whose fix
// is left out names a step before it, skips back at most, and is itself named by
// the next.
const resting = 2*skips + 2

// newStep gives an empty step for a fix.
func (m *Matcher) newStep(f Fix) *step {
	if len(m.free) <= resting {
		return makeStep(f)
	}
	s := m.free[0]
	m.free = m.free[1:]
	s.reset(f)
	return s
}

// New makes a matcher for one unit.
func New(g *routing.Graph, cfg Config) (*Matcher, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	return &Matcher{g: g, cfg: cfg, ways: waysOf(g, cfg.Mode, cfg.UTurn)}, nil
}

// Match collapses the stops of a unit's fixes, if Config.StopLeast says so, feeds
// all of them and flushes.
func Match(g *routing.Graph, cfg Config, fixes []Fix) ([]Traversal, error) {
	m, err := New(g, cfg)
	if err != nil {
		return nil, err
	}
	m.out = nil
	for i, f := range collapse(fixes, &cfg) {
		if err := m.feed(f); err != nil {
			return nil, fmt.Errorf("fix %d: %w", i+1, err)
		}
	}
	return m.end(), nil
}

// All matches a whole track and ends it: Match for a matcher that is at hand.
// Fixes that Feed refuses are left out, and counted.
func (m *Matcher) All(fixes []Fix) (out []Traversal, refused int) {
	m.out = nil
	for _, f := range collapse(fixes, &m.cfg) {
		if m.feed(f) != nil {
			refused++
		}
	}
	return m.end(), refused
}

// Stats tells what became of the fixes so far.
func (m *Matcher) Stats() Stats { return m.stats }

// Feed takes the next fix and gives the traversals that have become certain.
// Errors are ErrTime and ErrFix, and leave the matcher as it was.
func (m *Matcher) Feed(f Fix) ([]Traversal, error) {
	m.out = nil
	err := m.feed(f)
	return m.out, err
}

// feed is Feed, but that it adds to what is given out.
func (m *Matcher) feed(f Fix) error {
	if !(math.Abs(f.Point[0]) <= 180 && math.Abs(f.Point[1]) <= 90) || f.Time.IsZero() {
		return fmt.Errorf("%w: %v at %v", ErrFix, f.Point, f.Time)
	}
	if !m.last.IsZero() && !f.Time.After(m.last) {
		return fmt.Errorf("%w: %s follows %s", ErrTime, f.Time.UTC().Format(time.RFC3339Nano), m.last.UTC().Format(time.RFC3339Nano))
	}
	m.last = f.Time
	m.stats.Fixes++
	m.take(f)
	return nil
}

// Flush decides what is left and gives it. The matcher can be fed on; the
// track then starts anew.
func (m *Matcher) Flush() []Traversal {
	m.out = nil
	return m.end()
}

// end decides what is left, and gives all that there is to give out.
func (m *Matcher) end() []Traversal {
	m.finish()
	m.bridge = nil
	return m.out
}

// take puts a fix where it belongs: into the place where the unit stands, at
// the end of the run, or at the start of a new one.
func (m *Matcher) take(f Fix) {
	came := 0.0
	if n := len(m.steps); n > 0 {
		came = distance(m.steps[n-1].fix.Point, f.Point)
		if m.stays(m.steps[n-1], f, came) {
			m.outliers = 0
			m.stay(f)
			return
		}
	}
	next := m.newStep(f)
	next.came = came
	next.states = m.appendStates(next.states, f)
	if len(next.states) == 0 {
		m.free = slices.Insert(m.free, 0, next) // named by none, so before those that rest
		m.stats.OffNetwork++
		m.strayed++
		return
	}
	if len(m.steps) == 0 {
		m.begin(next)
		return
	}
	last := m.steps[len(m.steps)-1]
	if f.Time.Sub(last.until) > m.cfg.MaxGap || came > m.cfg.MaxJump {
		m.split(next)
		return
	}
	if m.sticksOut(next) {
		m.doubt()
	}
	if !m.push(next) && !(m.doubt() && m.push(next)) {
		// A fix that cannot be is left out; a second one says that the first
		// was not the error.
		m.outliers++
		m.stats.Outliers++
		if m.outliers > 1 {
			m.split(next)
		}
		return
	}
	m.outliers = 0
	m.settle(f.Time)
}

// stays tells whether the unit is still at the place of a step, d metres from
// which the fix lies.
func (m *Matcher) stays(s *step, f Fix, d float64) bool {
	c := &m.cfg
	near := c.minMove(f)
	standing := f.Speed < c.StopSpeed // false for NaN
	if d >= max(near, c.StopRadius) || d >= near && !standing {
		return false
	}
	if f.Speed >= c.HeadingMin && f.Speed*f.Time.Sub(s.since).Seconds() >= 1.5*near {
		return false // it went there and came back
	}
	silent := f.Time.Sub(s.until)
	return silent <= c.MaxGap || silent <= c.StandGap && !(f.Speed >= c.StopSpeed)
}

// pulse is how often a standing unit makes a step, so that its stay becomes
// known while it lasts.
const pulse = time.Minute

// stay lets time pass at the last step.
func (m *Matcher) stay(f Fix) {
	s := m.steps[len(m.steps)-1]
	s.until, s.speed = f.Time, f.Speed
	if s.until.Sub(s.since) >= pulse {
		again := m.newStep(s.fix)
		again.since, again.until, again.speed = f.Time, f.Time, f.Speed
		for _, st := range s.states {
			if st.of == nil {
				st.logE, st.e = 0, 1 // standing longer says nothing new
				again.states = append(again.states, st)
			}
		}
		m.push(again)
	}
	m.settle(f.Time)
}

func (m *Matcher) begin(s *step) {
	s.blank()
	sum := 0.0
	for i := range s.states {
		s.score[i], s.alpha[i] = s.states[i].logE, s.states[i].e
		sum += s.alpha[i]
	}
	for i := range s.alpha {
		s.alpha[i] /= sum
	}
	m.free = append(m.free, m.steps...)
	m.steps = append(m.steps[:0], s)
	m.chosen = m.chosen[:0]
	m.emitted, m.outliers, m.strayed = 0, 0, 0
}

// split ends the run and begins another.
func (m *Matcher) split(s *step) {
	m.finish()
	m.stats.Breaks++
	m.begin(s)
}

// push adds a step to the run, unless no way leads to it.
func (m *Matcher) push(b *step) bool {
	a := m.steps[len(m.steps)-1]
	b.blank()
	if !m.connect(a, b) {
		return false
	}
	sum := 0.0
	for j := range b.states {
		b.alpha[j] *= b.states[j].e
		sum += b.alpha[j]
	}
	if !(sum > 0) {
		return false
	}
	b.sum = sum
	for j := range b.alpha {
		b.alpha[j] /= sum
	}
	m.steps = append(m.steps, b)
	m.strayed = 0
	return true
}

// distance in metres.
func distance(a, b orb.Point) float64 { return geo.Distance(a, b) }
