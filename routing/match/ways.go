package match

import (
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	// wayStep is what the reach of a row is rounded up to, in metres of cost.
	wayStep = 128
	// wayMost is the greatest reach of a row, in metres; farther ways are sought
	// each time.
	wayMost = 640
	// waysKept bounds how many ways all tables of a process keep together, about
	// 22 bytes each: 92 MB.
	waysKept = 4 << 20
)

// budget is what tables may keep together. A table that nobody has any more gives
// back what it kept once the garbage collector has found it.
type budget struct {
	kept atomic.Int64 // ways
	most int64        // of kept; each goroutine may go over it by one row
}

// shared is the budget of all tables of the process.
var shared = &budget{most: waysKept}

// ways is the table of the shortest ways between arcs of a graph for one mode
// that lie no farther apart than the drives between two fixes (an upper-bounded
// origin-destination table: Yang & Gidófalvi, "Fast map matching", 2018). A row is
// made when it is first asked for, so that the table grows with the streets that
// are driven. It is safe for concurrent use and gives what reach finds, in any
// order of asking.
type ways struct {
	g        *routing.Graph
	rows     []atomic.Pointer[row] // by the arc driven from
	kept     *atomic.Int64         // ways in all rows; it outlives the table
	budget   *budget
	searches sync.Pool // of *reach
}

// way is the shortest way from the end of a row's source to the tail of an arc.
type way struct {
	arc    routing.Arc
	cost   float32 // metres, with what U-turns cost
	metres float32
	before uint16 // the row's way to the arc driven before; noWay: the source itself
}

// noWay stands for "none" where a way is named by its place in a row.
const noWay = math.MaxUint16

// row holds the ways from the end of one arc.
type row struct {
	limit float64  // all ways that cost so much or less are here
	ways  []way    // in the order of their arcs
	slots []uint16 // where the way to an arc is: open addressing, noWay where empty
}

// tableKey names a table among what is derived of a graph.
type tableKey struct {
	mode  routing.Mode
	uturn float64
}

// waysOf gives the table of a graph.
func waysOf(g *routing.Graph, mode routing.Mode, uturn float64) *ways {
	return g.Derived(tableKey{mode, uturn}, func() any { return newWays(g, mode, uturn, shared) }).(*ways)
}

func newWays(g *routing.Graph, mode routing.Mode, uturn float64, b *budget) *ways {
	w := &ways{g: g, rows: make([]atomic.Pointer[row], 2*len(g.Segments)), kept: &atomic.Int64{}, budget: b}
	w.searches.New = func() any { return newReach(g, mode, uturn) }
	runtime.AddCleanup(w, func(kept *atomic.Int64) { b.kept.Add(-kept.Load()) }, w.kept)
	return w
}

// Kept tells how many ways the matchers of a graph with such parameters have kept
// by now, about 22 bytes each.
func Kept(g *routing.Graph, cfg Config) int64 {
	return waysOf(g, cfg.Mode, cfg.UTurn).kept.Load()
}

// search lends a search; give it back with done.
func (w *ways) search() *reach { return w.searches.Get().(*reach) }

func (w *ways) done(r *reach) { w.searches.Put(r) }

// from gives the row of an arc with all ways that cost limit metres or less; nil
// if the table does not hold rows so long, or the budget is spent.
func (w *ways) from(source routing.Arc, limit float64) *row {
	old := w.rows[source].Load()
	if old != nil && limit <= old.limit {
		return old
	}
	if limit > wayMost || w.budget.kept.Load() >= w.budget.most {
		return nil
	}
	r := w.search()
	defer w.done(r)
	limit = wayStep * math.Ceil(limit/wayStep)
	r.from(source, limit, routing.NoArc)
	if len(r.found) >= noWay {
		return nil
	}
	made := r.row(limit)
	if w.rows[source].CompareAndSwap(old, made) {
		more := int64(len(made.ways))
		if old != nil {
			more -= int64(len(old.ways))
		}
		w.kept.Add(more)
		w.budget.kept.Add(more)
	}
	return made
}

// row gives what the last search found; it must be fewer than noWay.
func (r *reach) row(limit float64) *row {
	slices.Sort(r.found)
	size := 1 << bits.Len(uint(2*len(r.found)))
	out := &row{limit: limit, ways: make([]way, len(r.found)), slots: make([]uint16, size)}
	for i := range out.slots {
		out.slots[i] = noWay
	}
	for i, a := range r.found {
		cost, metres, _ := r.to(a)
		out.ways[i] = way{arc: a, cost: float32(cost), metres: float32(metres), before: noWay}
		at := slot(a, size)
		for out.slots[at] != noWay {
			at = (at + 1) & (size - 1)
		}
		out.slots[at] = uint16(i)
	}
	for i, a := range r.found {
		if b := r.before[a]; b != routing.NoArc {
			out.ways[i].before = uint16(out.find(b))
		}
	}
	return out
}

// slot is where the search for an arc begins among so many slots, a power of two.
func slot(a routing.Arc, slots int) int {
	return int(uint32(a)*2654435769>>8) & (slots - 1) // Knuth's multiplicative hash
}

// find gives the place of the way to an arc, or noWay.
func (r *row) find(a routing.Arc) int {
	for at := slot(a, len(r.slots)); ; at = (at + 1) & (len(r.slots) - 1) {
		i := r.slots[at]
		if i == noWay || r.ways[i].arc == a {
			return int(i)
		}
	}
}

// via appends the arcs driven whole between the source and the arc of a way.
func (r *row) via(dst []routing.Arc, i int) []routing.Arc {
	first := len(dst)
	for b := r.ways[i].before; b != noWay; b = r.ways[b].before {
		dst = append(dst, r.ways[b].arc)
	}
	slices.Reverse(dst[first:])
	return dst
}
