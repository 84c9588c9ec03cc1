package hotspots

import "math"

// scope says which past events a component of the mixture looks at.
type scope int

const (
	everyEvent scope = iota
	sameSlot         // of the same slot of the day
	sameSlotAndWeekend
	sameType        // of one type
	sameTypeAndSlot // of one type, in the same slot of the day
)

// memory is a scope with a half-life in days; infinite: it never forgets.
type memory struct {
	scope    scope
	halfLife float64
	label    int // of the type, for scopes of one type; 0: all types
}

// bank keeps decayed counts of events per cell, one row for each memory and
// class of slot. Decay is lazy: instead of every count shrinking with time,
// the weight of new events grows, so that an event costs one addition a row.
type bank struct {
	slots    slotting
	memories []memory
	first    []int // row of each memory's first class
	rows     [][]float64
	total    []float64 // sum of each row
	zero     []float64 // day at which each memory's weight was 1
}

func newBank(cells int, slots slotting, memories []memory) *bank {
	b := &bank{slots: slots, memories: memories, zero: make([]float64, len(memories))}
	for _, m := range memories {
		b.first = append(b.first, len(b.rows))
		n := 1
		switch m.scope {
		case sameSlot, sameTypeAndSlot:
			n = slots.perDay()
		case sameSlotAndWeekend:
			n = 2 * slots.perDay()
		}
		for range n {
			b.rows = append(b.rows, make([]float64, cells))
		}
	}
	b.total = make([]float64, len(b.rows))
	for i := range b.zero {
		b.zero[i] = math.NaN()
	}
	return b
}

// row gives the row of memory m for a slot.
func (b *bank) row(m, slot int) int {
	switch b.memories[m].scope {
	case sameSlot, sameTypeAndSlot:
		return b.first[m] + b.slots.kind(slot)
	case sameSlotAndWeekend:
		r := b.first[m] + 2*b.slots.kind(slot)
		if b.slots.weekend(slot) {
			r++
		}
		return r
	}
	return b.first[m]
}

// add counts an event. Slots must not go back by more than some half-lives, or
// the older events count for more than they should; order does not matter
// otherwise.
func (b *bank) add(e event) {
	for m := range b.memories {
		if l := b.memories[m].label; l != 0 && l != e.label {
			continue
		}
		amp := e.weight * b.amplitude(m, e.slot)
		r := b.row(m, e.slot)
		b.rows[r][e.cell] += amp
		b.total[r] += amp
	}
}

// addSpread counts an event at once where a kernel spreads it.
func (b *bank) addSpread(slot, cell int, k *kernel) {
	for m := range b.memories {
		amp := b.amplitude(m, slot)
		r := b.row(m, slot)
		row := b.rows[r]
		k.around(cell, func(j int, w float64) { row[j] += amp * w })
		b.total[r] += amp
	}
}

// amplitude gives the weight with which an event of a slot enters memory m.
func (b *bank) amplitude(m, slot int) float64 {
	half := b.memories[m].halfLife
	if math.IsInf(half, 1) {
		return 1
	}
	day := b.slots.days(slot)
	if math.IsNaN(b.zero[m]) {
		b.zero[m] = day
	}
	age := (day - b.zero[m]) / half
	if age > 300 { // long before 2^age overflows
		b.rescale(m, math.Exp2(-age))
		b.zero[m], age = day, 0
	}
	return math.Exp2(age)
}

func (b *bank) rescale(m int, f float64) {
	end := len(b.rows)
	if m+1 < len(b.first) {
		end = b.first[m+1]
	}
	for r := b.first[m]; r < end; r++ {
		for i := range b.rows[r] {
			b.rows[r][i] *= f
		}
		b.total[r] *= f
	}
}
