package routing

// turnTable lists, for one mode, the arcs that may be driven after an arc, or
// before it. Arcs closed to the mode have no entries.
type turnTable struct {
	start []int32
	next  []Arc
	// free tells for a node that no turn there is forbidden to the mode, so
	// that whoever reaches it first reaches all ways on first.
	free []bool
}

func (t *turnTable) of(a Arc) []Arc { return t.next[t.start[a]:t.start[a+1]] }

// newTurnTable makes the table; before turns it round.
func newTurnTable(g *Graph, m Mode, before bool) *turnTable {
	arcs := 2 * len(g.Segments)
	t := &turnTable{start: make([]int32, arcs+1), free: make([]bool, len(g.Nodes))}
	for i := range t.free {
		t.free[i] = true
	}
	for pair, modes := range g.banned {
		if modes.Has(m) {
			t.free[g.Head(pair[0])] = false
		}
	}
	t.next = make([]Arc, 0, 3*arcs)
	for i := range arcs {
		a := Arc(i)
		t.start[i] = int32(len(t.next))
		if !g.Allowed(a, m) {
			continue
		}
		at := g.Head(a)
		if before {
			at = g.Tail(a)
		}
		for _, b := range g.Out(at) {
			in, out := a, b
			if before {
				b = b.Opposite()
				in, out = b, a
			}
			if g.Allowed(b, m) && (t.free[at] || g.TurnAllowed(in, out, m)) {
				t.next = append(t.next, b)
			}
		}
	}
	t.start[arcs] = int32(len(t.next))
	return t
}
