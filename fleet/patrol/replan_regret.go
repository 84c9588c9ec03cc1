package patrol

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// neighbours is how many rounds a piece of work is offered to.
	neighbours = 5
	// improveMost is how many pieces are tried elsewhere afterwards.
	improveMost = 60
	// roamShare is how much of the time that roaming could give is counted on.
	roamShare = 0.95
	// stopShift is how far from its time a stop may be made by another unit.
	stopShift = 40 * time.Minute
)

// offer is a piece of work with the places that rounds have for it.
type offer struct {
	ch    *chain
	slots map[*course]slot
}

// reinsert puts what was freed into other rounds.
func (r *replan) reinsert() {
	streets, stops := r.orphans()
	room := map[*course]time.Duration{}
	var takers []*course
	for _, c := range r.courses {
		if !c.gone && !r.plan.Rules.round(c.round.Unit) {
			takers = append(takers, c)
		}
	}
	r.regret(streets, takers, room)
	r.improve()
	slices.SortStableFunc(stops, func(a, b *chain) int { return a.at.Compare(b.at) })
	for _, st := range stops {
		r.putOrphanStop(st, takers, room)
	}
	for _, c := range r.added {
		r.roam(c)
	}
	for _, c := range takers {
		if c.excess() > 0 {
			r.fit(c, r.waysFor(c), c.frozen)
		}
		for c.excess() > 0 && r.giveBack(c) {
		}
	}
	r.noteTaken()
}

func (r *replan) waysFor(c *course) *ways {
	key := r.d.like(c.round.Mode).String() // most streets are closed to all
	for _, b := range r.plan.Rules.Forbids {
		if b.Unit == c.round.Unit {
			key = c.round.Unit + "/" + key
			break
		}
	}
	if w := r.unitWays[key]; w != nil {
		return w
	}
	w := r.d.waysAround(c.round.Mode, r.closedTo(c.round.Unit), nil)
	if r.unitWays == nil {
		r.unitWays = map[string]*ways{}
	}
	r.unitWays[key] = w
	return w
}

// roomOf is how long a unit can work more: the time until it must be back,
// and what it can leave out of its roaming.
func (r *replan) roomOf(c *course) time.Duration {
	w, metres := r.waysFor(c), 0.0
	for i := c.frozen; i < len(c.steps); i++ {
		if c.steps[i].kind != Fill || c.steps[i].reason != "" {
			continue
		}
		j := i
		for j < len(c.steps) && c.steps[j].kind == Fill && c.steps[j].reason == "" {
			j++
		}
		if arcs, ok := c.join(w, i-1, j); ok {
			metres += c.length(i, j) - c.lengthOf(c.way(arcs, Fill, ""))
		}
		i = j
	}
	return time.Duration(roamShare*max(0, metres)/c.speed*float64(time.Second)) - c.excess()
}

// regret inserts the piece that would lose most by not getting its best place,
// then the next.
func (r *replan) regret(chains []*chain, takers []*course, room map[*course]time.Duration) {
	var open []*offer
	for _, ch := range chains {
		o := &offer{ch: ch, slots: map[*course]slot{}}
		r.ask(o, takers)
		open = append(open, o)
	}
	for _, o := range open {
		for c := range o.slots {
			if _, ok := room[c]; !ok {
				room[c] = r.roomOf(c)
			}
		}
	}
	for len(open) > 0 {
		best, at := -1, slot{}
		most := math.Inf(-1)
		for k, o := range open {
			first, second := slot{metres: math.Inf(1)}, math.Inf(1)
			for _, c := range takers {
				s, ok := o.slots[c]
				if !ok || r.needs(c, s.metres) > room[c] {
					continue
				}
				switch {
				case s.metres < first.metres:
					first, second = s, first.metres
				case s.metres < second:
					second = s.metres
				}
			}
			if math.IsInf(first.metres, 1) {
				continue
			}
			if math.IsInf(second, 1) {
				second = first.metres + 2000 // nobody else
			}
			if regret := second - first.metres; regret > most {
				best, at, most = k, first, regret
			}
		}
		if best < 0 {
			return // what is left fits nowhere
		}
		o := open[best]
		before := at.c.end()
		if !r.put(o.ch, at) {
			delete(o.slots, at.c)
			continue
		}
		room[at.c] -= at.c.end().Sub(before)
		open = slices.Delete(open, best, best+1)
		for _, o := range open {
			if _, ok := o.slots[at.c]; ok {
				r.askOne(o, at.c)
			}
		}
	}
}

func (r *replan) needs(c *course, metres float64) time.Duration {
	return time.Duration(metres / c.speed * float64(time.Second))
}

// ask finds the places of the few rounds that pass nearest.
func (r *replan) ask(o *offer, takers []*course) {
	for _, limit := range [...]float64{chainReach / 2, math.Inf(1)} {
		o.ch.reach = nil
		for _, c := range takers {
			if s, ok := r.d.bestSlot(c, o.ch, r.waysFor(c), limit, nil); ok {
				o.slots[c] = s
			}
		}
		if len(o.slots) > 1 || len(o.slots) == len(takers) {
			break
		}
	}
	if len(o.slots) > neighbours {
		var cs []*course
		for _, c := range takers {
			if _, ok := o.slots[c]; ok {
				cs = append(cs, c)
			}
		}
		slices.SortStableFunc(cs, func(a, b *course) int { return cmp.Compare(o.slots[a].metres, o.slots[b].metres) })
		for _, c := range cs[neighbours:] {
			delete(o.slots, c)
		}
	}
}

func (r *replan) askOne(o *offer, c *course) {
	s, ok := r.d.bestSlot(c, o.ch, r.waysFor(c), chainReach/2, nil)
	if !ok {
		delete(o.slots, c)
		return
	}
	o.slots[c] = s
}

// put inserts a chain and remembers it.
func (r *replan) put(ch *chain, s slot) bool {
	if ch.id == 0 {
		r.lastID++
		ch.id = r.lastID
	}
	if !s.c.insert(r.waysFor(s.c), ch, s) {
		return false
	}
	ch.in = s.c
	if !slices.Contains(r.puts, ch) {
		r.puts = append(r.puts, ch)
	}
	return true
}

// pull takes a chain out again.
func (r *replan) pull(ch *chain) bool {
	c := ch.in
	_, ok := c.cut(r.waysFor(c), func(s step) bool { return s.chain == ch.id })
	return ok
}

// improve tries each piece elsewhere among the rounds that got some.
func (r *replan) improve() {
	var touched []*course
	for _, ch := range r.puts {
		if !slices.Contains(touched, ch.in) {
			touched = append(touched, ch.in)
		}
	}
	for _, ch := range r.puts[:min(len(r.puts), improveMost)] {
		from := ch.in
		steps, same := from.steps, from.same
		before := from.lengthOf(from.steps)
		if !r.pull(ch) {
			continue
		}
		saved := before - from.lengthOf(from.steps)
		var best slot
		found := false
		for _, c := range touched {
			s, ok := r.d.bestSlot(c, ch, r.waysFor(c), chainReach/2, nil)
			if ok && s.metres < saved-1 && (!found || s.metres < best.metres) && (c == from || c.excess()+r.needs(c, s.metres) <= 0 || r.roomOf(c) >= r.needs(c, s.metres)) {
				best, found = s, true
			}
		}
		if !found || !r.put(ch, best) {
			from.steps, from.same, ch.in = steps, same, from
		}
	}
}

// putOrphanStop has another unit make a stop, at about its time.
func (r *replan) putOrphanStop(ch *chain, takers []*course, room map[*course]time.Duration) {
	var best slot
	found := false
	at := ch.at
	for _, c := range takers {
		if _, ok := room[c]; !ok {
			room[c] = r.roomOf(c)
		}
		if room[c] < ch.stop.took {
			continue
		}
		s, ok := r.d.bestSlot(c, ch, r.waysFor(c), chainReach/2, near(at, metresPerMinute))
		if !ok || s.score-s.metres > metresPerMinute*stopShift.Minutes() || r.needs(c, s.metres)+ch.stop.took > room[c] {
			continue
		}
		if !found || s.score < best.score {
			best, found = s, true
		}
	}
	if found {
		before := best.c.end()
		if r.put(ch, best) {
			room[best.c] -= best.c.end().Sub(before)
			c := best.c
			r.notes = append(r.notes, Note{Code: StopTaken, Unit: c.round.Unit, From: ch.from, Name: ch.stop.name, Minutes: ch.stop.took.Minutes(), At: at})
			return
		}
	}
	r.notes = append(r.notes, Note{Code: StopLost, Unit: ch.from, Name: ch.stop.name, Minutes: ch.stop.took.Minutes(), At: at})
}

// giveBack takes the piece that costs a round most out of it again.
func (r *replan) giveBack(c *course) bool {
	var worst *chain
	for _, ch := range r.puts {
		if ch.in == c && !ch.isStop() && (worst == nil || ch.metres > worst.metres) {
			worst = ch
		}
	}
	if worst == nil || !r.pull(worst) {
		return false
	}
	worst.in = nil
	r.puts = slices.DeleteFunc(r.puts, func(ch *chain) bool { return ch == worst })
	return true
}

// noteTaken tells who took which streets over from whom.
func (r *replan) noteTaken() {
	type key struct{ unit, from string }
	at := map[key]int{}
	for _, ch := range r.puts {
		if ch.isStop() || ch.in == nil {
			continue
		}
		k := key{ch.in.round.Unit, ch.from}
		i, ok := at[k]
		if !ok {
			i = len(r.notes)
			at[k] = i
			r.notes = append(r.notes, Note{Code: TakenBy, Unit: k.unit, From: k.from, Name: nameOf(r.d.g.Segment(ch.arcs[0]))})
		}
		n := &r.notes[i]
		for id := range ch.need {
			n.Segments = append(n.Segments, r.d.g.Segments[id].ID)
			n.Metres += r.d.g.Segments[id].Length
		}
		slices.Sort(n.Segments)
	}
}
