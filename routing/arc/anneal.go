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
	steps    int64
	hot      float64 // first temperature
	cold     float64 // last one
}

func newAnneal(p *plan, seed uint64) *anneal {
	a := &anneal{plan: p, dice: dice{seed}}
	a.ruin = newRuin(p, &a.dice)
	a.recreate = newRecreate(p, &a.dice)
	return a
}

// step changes the plan at a temperature; it tells whether the change was kept.
func (a *anneal) step(temperature float64) bool {
	a.steps++
	a.ruin.run()
	a.recreate.run()
	if a.total() < a.price-temperature*math.Log(1-a.dice.unit()) {
		a.keep()
		return true
	}
	a.undo()
	return false
}
