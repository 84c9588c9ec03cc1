package routing

// Components numbers the pieces of the network that no segment open to any of
// the modes joins, directions ignored. of gives a node's piece, -1 for a node
// that the modes do not reach; the pieces are numbered in the order of their
// first nodes.
func (g *Graph) Components(modes ModeSet) (of []int32, n int) {
	of = make([]int32, len(g.Nodes))
	for i := range of {
		of[i] = -1
	}
	var stack []NodeID
	for i := range g.Nodes {
		if of[i] >= 0 || !g.touched(NodeID(i), modes) {
			continue
		}
		of[i] = int32(n)
		for stack = append(stack, NodeID(i)); len(stack) > 0; {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, a := range g.Out(at) {
				s := g.Segment(a)
				to := g.Head(a)
				if (s.Forward|s.Backward)&modes != 0 && of[to] < 0 {
					of[to] = int32(n)
					stack = append(stack, to)
				}
			}
		}
		n++
	}
	return of, n
}

func (g *Graph) touched(n NodeID, modes ModeSet) bool {
	for _, a := range g.Out(n) {
		if s := g.Segment(a); (s.Forward|s.Backward)&modes != 0 {
			return true
		}
	}
	return false
}

// OddJunctions counts the nodes where an odd number of segments end, a loop
// counting twice; keep chooses the segments, nil takes all.
func (g *Graph) OddJunctions(keep func(SegmentID) bool) int {
	odd := make([]bool, len(g.Nodes))
	for i := range g.Segments {
		if keep != nil && !keep(SegmentID(i)) {
			continue
		}
		odd[g.Segments[i].From] = !odd[g.Segments[i].From]
		odd[g.Segments[i].To] = !odd[g.Segments[i].To]
	}
	n := 0
	for _, o := range odd {
		if o {
			n++
		}
	}
	return n
}
