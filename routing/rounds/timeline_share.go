package rounds

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Most moves change a stretch of a tour. What comes before it stays as it was,
// and what comes after it is only earlier or later: neither is gone along again.

// clear makes the timeline that of a tour which has not begun.
func (tl *timeline) clear() {
	tl.drive, tl.turn = append(tl.drive[:0], 0), append(tl.turn[:0], 0)
	tl.passes, tl.watch = tl.passes[:0], tl.watch[:0]
}

// share takes over the beginning that the arcs have in common with a tour, and
// tells which of them are left to be gone along, arcs[from:until]; for what
// comes after them there is shareRest.
func (tl *timeline) share(like *tour, arcs []routing.Arc) (from, until int) {
	old, line := like.arcs, &like.line
	n, m := len(arcs), len(old)
	for from < n && from < m && arcs[from] == old[from] {
		from++
	}
	for until = n; until > from && m-n+until > from && arcs[until-1] == old[m-n+until-1]; {
		until--
	}
	until = min(n, until+1) // the turn into the end is another one
	tl.drive, tl.turn = append(tl.drive[:0], line.drive[:from+1]...), append(tl.turn[:0], line.turn[:from+1]...)
	p, _ := slices.BinarySearchFunc(line.passes, from+1, func(x pass, at int) int { return x.at - at })
	tl.passes = append(tl.passes[:0], line.passes[:p]...)
	k, _ := slices.BinarySearch(line.watch, int32(from))
	tl.watch = append(tl.watch[:0], line.watch[:k]...)
	return from, until
}

// shareRest takes over arcs[until:], which a tour ends with too.
func (tl *timeline) shareRest(like *tour, arcs []routing.Arc, until int) {
	line, by := &like.line, len(arcs)-len(like.arcs)
	old := until - by
	later, dearer := tl.drive[until]-line.drive[old], tl.turn[until]-line.turn[old]
	at := len(tl.drive)
	tl.drive, tl.turn = append(tl.drive, line.drive[old+1:]...), append(tl.turn, line.turn[old+1:]...)
	for i := at; i < len(tl.drive); i++ {
		tl.drive[i] += later
		tl.turn[i] += dearer
	}
	p, _ := slices.BinarySearchFunc(line.passes, old+1, func(x pass, at int) int { return x.at - at })
	for _, x := range line.passes[p:] {
		tl.passes = append(tl.passes, pass{x.at + by, x.hot})
	}
	k, _ := slices.BinarySearch(line.watch, int32(old))
	for _, i := range line.watch[k:] {
		tl.watch = append(tl.watch, i+int32(by))
	}
}

// clone is a timeline of its own.
func (tl *timeline) clone() timeline {
	c := *tl
	c.drive, c.turn, c.halts = slices.Clone(tl.drive), slices.Clone(tl.turn), slices.Clone(tl.halts)
	c.passes, c.watch, c.near = slices.Clone(tl.passes), slices.Clone(tl.watch), slices.Clone(tl.near)
	return c
}
