package hotspots

import (
	"cmp"
	"math"
	"slices"
)

// Types that are forecast by densities of their own too.
const (
	// typesMost: so many types at most, the commonest, have densities of their own.
	typesMost = 12
	// typeLeast is how many past events a type needs for them.
	typeLeast = 100
	// typeMemory, in days, is the half-life of the shorter of its memories.
	typeMemory = 30
)

// labels number the types of incidents as the source tells them apart, from 1.
// Those whose places must not be told have none: a weight must not point to them.
type labels map[[3]string]int

// of gives the number of a type; kind is its position in the catalogue.
func (ls labels) of(kind [3]string, at int) int {
	if catalogue[at].Sensitive() {
		return 0
	}
	n, ok := ls[kind]
	if !ok {
		n = len(ls) + 1
		ls[kind] = n
	}
	return n
}

// commonLabels gives the types that have enough past events, the commonest first;
// none where there is only one, since all events tell as much.
func commonLabels(past []event) []int {
	counts := map[int]float64{}
	for _, e := range past {
		if e.label != 0 {
			counts[e.label] += e.weight
		}
	}
	var out []int
	for l, n := range counts {
		if n >= typeLeast {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b int) int {
		if c := cmp.Compare(counts[b], counts[a]); c != 0 {
			return c
		}
		return a - b
	})
	if len(counts) < 2 {
		return nil
	}
	return out[:min(len(out), typesMost)]
}

// typedMemories are those of the full mixture and, for each of the types, a short
// one, one that never forgets and one of its events in the same slot.
func typedMemories(types []int) []memory {
	out := mixtureMemories()
	for _, l := range types {
		out = append(out, memory{scope: sameType, halfLife: typeMemory, label: l}, memory{scope: sameType, halfLife: math.Inf(1), label: l},
			memory{scope: sameTypeAndSlot, halfLife: math.Inf(1), label: l})
	}
	return out
}
