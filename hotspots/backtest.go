package hotspots

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Horizon is how long ahead a ranking serves.
type Horizon string

// Horizons of a backtest.
const (
	HorizonShift Horizon = "shift" // ranked for the shift that begins
	HorizonDay   Horizon = "day"   // ranked at 06:00 for the operational day
	Horizon28    Horizon = "28d"   // ranked at the period's first 06:00 for 28 days
)

// ErrBacktest says that a backtest cannot be made of what was given.
var ErrBacktest = errors.New("unusable backtest")

// periodDays is how long the long horizon is.
const periodDays = 28

// DayRange is a run of operational days: from From's 06:00 up to, not
// including, To's 06:00. Only the dates count.
type DayRange struct{ From, To time.Time }

func (r DayRange) String() string {
	return r.From.Format(time.DateOnly) + ".." + r.To.Format(time.DateOnly)
}

// Backtest asks how well each model would have foretold what came: it walks
// through the incidents once, fits on one period and then foretells another,
// each time from what had happened before and nothing else.
type Backtest struct {
	Grid      *Grid
	Incidents []Incident     // in any order; those outside the grid do not count
	Loc       *time.Location // of the clock that shifts go by; nil: UTC
	Fit, Test DayRange
	Models    []string                // of ModelNames; nil: all
	Seed      uint64                  // of the randomised part of the calibration
	Progress  func(done, total int)   // slots gone through; may be nil
	Log       func(model, say string) // what a model fitted; may be nil
}

// BacktestResult is what a backtest found.
type BacktestResult struct {
	Cells   int
	History int // events before the fit period
	Fit     int // events in it
	Test    int // events in the test period
	Scores  []Score
	Chosen  string // the model to use: most gain at the shift's horizon, the simpler one of equals
	Why     string // in words
	// Calibration is that of mix_shift's counts in 28 days; nil without that
	// model, or if the fit or the test period is shorter.
	Calibration *Calibration
}

// contender is a model in a backtest.
type contender interface {
	// learn tells of a slot that is over: what happened in it and what became
	// known in it, which may be older. Every slot is told, in order; fitting
	// says that it lies in the fit period.
	learn(h *history, slot int, now, known []event, fitting bool)
	// settle ends the fit.
	settle(h *history)
	// foretell orders the cells for the slots from a up to b, of which a is
	// the next one; density adds up to 1, or is nil if the model only ranks.
	foretell(h *history, a, b int) (rank, density []float64)
}

// Run makes the backtest. It costs one walk over the slots of the whole
// history.
func (b Backtest) Run(ctx context.Context) (BacktestResult, error) {
	if b.Loc == nil {
		b.Loc = time.UTC
	}
	names, err := checkModels(b.Models)
	if err != nil {
		return BacktestResult{}, err
	}
	h := newHistory(b.Grid, threeShifts(b.Loc), b.Incidents)
	fit, test, end := h.dayStart(b.Fit.From), h.dayStart(b.Test.From), h.dayStart(b.Test.To)
	if err := b.check(h, fit, test, end); err != nil {
		return BacktestResult{}, err
	}
	fitEnd := h.dayStart(b.Fit.To)
	w := walk{h: h, names: names, models: newContenders(names), tallies: map[string]*[3]tally{}}
	for _, n := range names {
		w.tallies[n] = new([3]tally)
	}
	first := h.events[0].slot
	first -= h.slots.kind(first)
	for slot := first; slot < end; slot++ {
		if err := ctx.Err(); err != nil {
			return BacktestResult{}, err
		}
		if slot == fitEnd {
			for _, m := range w.models {
				m.settle(h)
			}
		}
		now := h.between(slot, slot+1)
		if slot >= test {
			w.judge(slot, test, end, now)
		}
		known := h.news(slot)
		for _, m := range w.models {
			m.learn(h, slot, now, known, slot >= fit && slot < fitEnd)
		}
		if b.Progress != nil {
			b.Progress(slot-first+1, end-first)
		}
	}
	if b.Log != nil {
		for i, m := range w.models {
			if s, ok := m.(fmt.Stringer); ok {
				b.Log(names[i], s.String())
			}
		}
	}
	r := BacktestResult{Cells: b.Grid.Len(), History: h.before(fit), Fit: h.before(fitEnd) - h.before(fit), Test: h.before(end) - h.before(test)}
	r.Scores = w.scores()
	for _, m := range w.models {
		if mix, ok := m.(*mixContender); ok && !mix.typed {
			past, ahead := mix.m.periods(h, fit, fitEnd), mix.m.periods(h, test, end)
			if len(past) > 0 && len(ahead) > 0 {
				c := calibrate(b.Grid, fitDispersion(b.Grid, past), ahead, b.Seed)
				r.Calibration = &c
			}
		}
	}
	r.choose(h.before(test))
	return r, nil
}

// check refuses ranges that leave nothing to fit on or to foretell.
func (b Backtest) check(h *history, fit, test, end int) error {
	switch {
	case !b.Fit.To.After(b.Fit.From):
		return fmt.Errorf("%w: the fit period %s is empty: it ends before its second date", ErrBacktest, b.Fit)
	case !b.Test.To.After(b.Test.From):
		return fmt.Errorf("%w: the test period %s is empty: it ends before its second date", ErrBacktest, b.Test)
	case b.Test.From.Before(b.Fit.To):
		return fmt.Errorf("%w: the test period %s begins within the fit period %s: a model must not know what it is to foretell", ErrBacktest, b.Test, b.Fit)
	case len(h.events) == 0:
		return fmt.Errorf("%w: none of the %d incidents lies within the boundary", ErrBacktest, len(b.Incidents))
	}
	first, last := dayOf(h.days[0]), dayOf(h.days[len(h.days)-1])
	switch {
	case h.before(fit) == 0:
		return fmt.Errorf("%w: no incident before the fit period %s; the incidents go from %s to %s", ErrBacktest, b.Fit, first, last)
	case h.before(h.dayStart(b.Fit.To)) == h.before(fit):
		return fmt.Errorf("%w: no incident in the fit period %s; the incidents go from %s to %s", ErrBacktest, b.Fit, first, last)
	case h.before(end) == h.before(test):
		return fmt.Errorf("%w: no incident in the test period %s; the incidents go from %s to %s", ErrBacktest, b.Test, first, last)
	}
	return nil
}

func dayOf(days float64) string {
	return time.Unix(int64(math.Floor(days))*86400, 0).UTC().Format(time.DateOnly)
}

// walk is the state of a backtest under way.
type walk struct {
	h       *history
	names   []string
	models  []contender
	tallies map[string]*[3]tally
	daily   []opinion // of the operational day that runs
}

// opinion is what a model foretold.
type opinion struct{ rank, density []float64 }

// judge foretells a slot of the test period, and at 06:00 the day and the
// period. Yardsticks are ranked once a day; only a mixture that knows the
// shifts ranks before each.
func (w *walk) judge(slot, test, end int, now []event) {
	h := w.h
	perDay := h.slots.perDay()
	if h.slots.kind(slot) == 0 {
		day := h.between(slot, min(slot+perDay, end))
		period := periodDays * perDay
		long := (slot-test)%period == 0 && slot+period <= end
		w.daily = w.daily[:0]
		for i, m := range w.models {
			var o opinion
			o.rank, o.density = m.foretell(h, slot, slot+perDay)
			w.daily = append(w.daily, o)
			w.tallies[w.names[i]][1].add(o.rank, o.density, day)
			if long {
				p := o
				if _, ok := m.(perShift); ok {
					p.rank, p.density = m.foretell(h, slot, slot+period)
				}
				w.tallies[w.names[i]][2].add(p.rank, p.density, h.between(slot, slot+period))
			}
		}
	}
	if len(now) == 0 {
		return
	}
	for i, m := range w.models {
		o := w.daily[i]
		if _, ok := m.(perShift); ok {
			o.rank, o.density = m.foretell(h, slot, slot+1)
		}
		w.tallies[w.names[i]][0].add(o.rank, o.density, now)
	}
}

// perShift marks models whose forecast depends on the shift.
type perShift interface{ knowsShifts() }

func (w *walk) scores() []Score {
	var out []Score
	for i, horizon := range []Horizon{HorizonShift, HorizonDay, Horizon28} {
		for _, n := range w.names {
			if s := w.tallies[n][i].score(n, horizon, w.h.grid.Len()); s.Events > 0 {
				out = append(out, s)
			}
		}
	}
	return out
}

// tie is how much gain, in nats, is too little to prefer a model for.
const tie = 0.001

// choose picks the model to use, known events before the test period.
func (r *BacktestResult) choose(known int) {
	if known < fewIncidents && slices.ContainsFunc(r.Scores, func(s Score) bool { return s.Model == "kde" }) {
		r.Chosen, r.Why = "kde", fmt.Sprintf("only %d incidents before the test period, fewer than %d: a plain kernel density", known, fewIncidents)
		return
	}
	best := math.Inf(-1)
	for _, name := range ModelNames { // from simple to rich
		i := slices.IndexFunc(r.Scores, func(s Score) bool { return s.Model == name && s.Horizon == HorizonShift })
		if i < 0 || math.IsNaN(r.Scores[i].Gain) {
			continue
		}
		if g := r.Scores[i].Gain; g > best+tie {
			best, r.Chosen = g, name
		}
	}
	if r.Chosen != "" {
		r.Why = fmt.Sprintf("most gain a shift: %.3f nats an incident", best)
	}
}

// checkModels gives the models of a backtest in the order of ModelNames.
func checkModels(names []string) ([]string, error) {
	if len(names) == 0 {
		return ModelNames, nil
	}
	for _, n := range names {
		if !slices.Contains(ModelNames, n) {
			return nil, fmt.Errorf("%w: no model is called %q: choose of %s", ErrBacktest, n, strings.Join(ModelNames, ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(ModelNames), func(n string) bool { return !slices.Contains(names, n) }), nil
}

// threeShifts are the shifts of the protocol: 06–14, 14–22 and 22–06.
func threeShifts(loc *time.Location) slotting {
	return slotting{loc: loc, anchor: 6 * 60, bounds: []int{0, 8 * 60, 16 * 60}}
}
