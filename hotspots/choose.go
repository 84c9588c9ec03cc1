package hotspots

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// DefaultExplore is the part of the cells to stop in that is not chosen by the
// forecast. Where nobody looks nothing is found: without it a cell that once
// seemed quiet would never be looked at again.
const DefaultExplore = 0.2

// Choose picks at most k cells to patrol: most of them those with the largest
// share of the forecast, and the part explore, rounded down, by who has waited
// longest (waited; nil: all alike), equal ones by lot. Only cells are taken that
// are usable, which is asked as seldom as possible. The chosen come first, then
// the explored.
func Choose(share []float64, waited []int, k int, explore float64, seed uint64, usable func(cell int) bool) (chosen, explored []int) {
	order := make([]int, len(share))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(share[b], share[a]) })
	look := int(explore * float64(k))
	rest := order
	for len(rest) > 0 && len(chosen) < k-look {
		if usable(rest[0]) {
			chosen = append(chosen, rest[0])
		}
		rest = rest[1:]
	}
	if look == 0 {
		return chosen, nil
	}
	rest = slices.Clone(rest)
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	r.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	if waited != nil {
		slices.SortStableFunc(rest, func(a, b int) int { return cmp.Compare(waited[b], waited[a]) })
	}
	for _, i := range rest {
		if len(explored) == look {
			break
		}
		if usable(i) {
			explored = append(explored, i)
		}
	}
	return chosen, explored
}
