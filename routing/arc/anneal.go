package arc

import "math"

// anneal is simulated annealing whose steps ruin and recreate a part of the
// plan. Its temperature falls with the share of the budget spent.
type anneal struct {
	*plan
	dice     dice
	ruin     *ruin
	recreate *recreate
	best     *plan // a copy of the best plan so far
	record   score // of the best one
	steps    int64
	seen     int     // steps since the toll was set
	fit      int     // of them, those after which every load fits
	warm     float64 // first temperature, as a share of what a task costs
	hot      float64 // first temperature
	cold     float64 // last one
}

func newAnneal(p *plan, seed uint64) *anneal {
	a := &anneal{plan: p, dice: dice{seed}, warm: hotShare}
	a.ruin = newRuin(p, &a.dice)
	a.recreate = newRecreate(p, &a.dice)
	return a
}

// step changes the plan at a temperature; it tells whether the change was kept.
func (a *anneal) step(temperature float64) (kept bool) {
	a.steps++
	a.ruin.run()
	a.recreate.run()
	a.seen++
	total := a.total()
	if total == a.price && a.same() {
		a.undo() // what is remembered about the routes then holds
	} else if total < a.price-temperature*math.Log(1-a.dice.unit()) {
		a.keep()
		kept = true
	} else {
		a.undo()
	}
	if a.over == 0 {
		a.fit++
	}
	return kept
}

// adapt makes overload dearer or cheaper, so that a share of the plans fits.
func (a *anneal) adapt() {
	if a.seen < 100 {
		return
	}
	share := float64(a.fit) / float64(a.seen)
	a.seen, a.fit = 0, 0
	switch {
	case share < fitLow:
		a.toll *= 1.1
	case share > fitHigh:
		a.toll /= 1.1
	default:
		return
	}
	a.reprice()
}

// Between these shares of plans that fit the toll stays as it is.
const fitLow, fitHigh = 0.3, 0.6
