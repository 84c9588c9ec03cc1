package arc

// A search grows one alternating tree. The duals of its vertices change
// together, so they are not written at each change: delta is how far the search
// has come, and a vertex's dual counts from the delta at which it got its label
// (since). What becomes possible next waits in a queue by the delta at which it
// does; an entry that no longer holds when its turn comes is put back or
// dropped.

// search grows a tree from an exposed vertex until it can augment; false means
// that the vertex cannot be matched.
func (m *matcher) search(root int32) bool {
	m.tree, m.queue, m.events, m.delta = m.tree[:0], m.queue[:0], m.events[:0], 0
	m.addToTree(m.top[root], outer, noEnd)
	done := false
	for !done {
		if n := len(m.queue); n > 0 {
			v := m.queue[n-1]
			m.queue = m.queue[:n-1]
			done = m.scan(v)
			continue
		}
		if len(m.events) == 0 {
			break
		}
		next := m.events.Pop()
		m.delta = next.Key
		if next.Value >= 0 {
			done = m.due(next.Value)
		} else {
			m.burst(-1 - next.Value)
		}
	}
	m.endSearch()
	return done
}

// y is twice the potential of a vertex at the moment.
func (m *matcher) y(v int32) int64 {
	switch m.label[m.top[v]] {
	case outer:
		return m.dual[v] + m.delta - m.since[v]
	case inner:
		return m.dual[v] - m.delta + m.since[v]
	}
	return m.dual[v]
}

// z is the dual of a top-level blossom at the moment.
func (m *matcher) z(b int32) int64 {
	switch m.label[b] {
	case outer:
		return m.dual[b] + m.delta - m.since[b]
	case inner:
		return m.dual[b] - m.delta + m.since[b]
	}
	return m.dual[b]
}

// settle writes the duals of a top-level blossom and its vertices, before its
// label changes.
func (m *matcher) settle(b int32) {
	for _, v := range m.leaves(b) {
		m.dual[v], m.since[v] = m.y(v), m.delta
	}
	if b >= int32(m.n) {
		m.dual[b], m.since[b] = m.z(b), m.delta
	}
}

// addToTree labels a free top-level blossom and lists its vertices.
func (m *matcher) addToTree(b int32, l uint8, via end) {
	m.label[b], m.via[b], m.since[b] = l, via, m.delta
	for _, v := range m.leaves(b) {
		m.since[v] = m.delta
		if !m.inTree[v] {
			m.inTree[v] = true
			m.tree = append(m.tree, v)
		}
		if l == outer {
			m.queue = append(m.queue, v)
		}
	}
	if l == inner && b >= int32(m.n) {
		m.events.Push(m.delta+m.dual[b], -1-b)
	}
}

// scan looks at the pairs of an outer vertex; true if the tree was augmented.
func (m *matcher) scan(v int32) bool {
	for _, e := range m.inc[m.start[v]:m.start[v+1]] {
		w := m.other(e, v)
		bw := m.top[w]
		if m.top[v] == bw || m.label[bw] == inner {
			continue
		}
		switch s := m.slack(e); {
		case s == 0:
			if m.tight(v, w) {
				return true
			}
		case m.label[bw] == outer:
			m.events.Push(m.delta+s/2, e)
		default:
			m.events.Push(m.delta+s, e)
		}
	}
	return false
}

// due handles a pair that was expected to be tight now.
func (m *matcher) due(e int32) bool {
	v, w := m.pairs[e].U, m.pairs[e].V
	if m.label[m.top[v]] != outer {
		v, w = w, v
	}
	bv, bw := m.top[v], m.top[w]
	if bv == bw || m.label[bv] != outer || m.label[bw] == inner {
		return false
	}
	s := m.slack(e)
	switch {
	case s == 0:
		return m.tight(v, w)
	case m.label[bw] == outer:
		m.events.Push(m.delta+s/2, e)
	default:
		m.events.Push(m.delta+s, e)
	}
	return false
}

// tight follows a tight pair from an outer vertex to one that is free or outer.
func (m *matcher) tight(v, w int32) bool {
	bw := m.top[w]
	if m.label[bw] == outer {
		m.shrink(v, w)
		return false
	}
	at := m.base[bw]
	if m.mate[at] == none {
		m.augment(v, w)
		return true
	}
	m.addToTree(bw, inner, end{v, w})
	m.addToTree(m.top[m.mate[at]], outer, end{at, m.mate[at]})
	return false
}

// burst handles an inner blossom whose dual was expected to reach zero now.
func (m *matcher) burst(b int32) {
	if m.base[b] == none || m.parent[b] != none || m.label[b] != inner {
		return
	}
	if z := m.z(b); z > 0 {
		m.events.Push(m.delta+z, -1-b)
		return
	}
	m.expandInner(b)
}

// endSearch writes the duals, takes the labels away and dissolves outer
// blossoms without dual.
func (m *matcher) endSearch() {
	for _, v := range m.tree {
		m.dual[v] = m.y(v)
		if b := m.top[v]; b >= int32(m.n) && v == m.base[b] {
			m.dual[b] = m.z(b)
		}
	}
	for _, v := range m.tree {
		m.inTree[v] = false
		b := m.top[v]
		m.label[b], m.via[b] = free, noEnd
	}
	for _, v := range m.tree {
		for b := m.top[v]; b >= int32(m.n) && m.dual[b] == 0; b = m.top[v] {
			m.dissolve(b)
		}
	}
}

// dissolve makes the children of a top-level blossom top-level.
func (m *matcher) dissolve(b int32) {
	for _, c := range m.children[b] {
		m.parent[c] = none
		for _, v := range m.leaves(c) {
			m.top[v] = c
		}
	}
	m.children[b], m.links[b], m.base[b] = nil, nil, none
	m.label[b], m.via[b] = free, noEnd
	m.unused = append(m.unused, b)
}

// expandInner dissolves an inner blossom whose dual reached zero and labels the
// even way from where the tree enters it to its base.
func (m *matcher) expandInner(b int32) {
	via := m.via[b]
	kids, links := m.children[b], m.links[b]
	m.settle(b)
	m.dissolve(b)
	n := len(kids)
	entry := 0
	for i, c := range kids {
		if m.top[via.to] == c {
			entry = i
		}
		m.label[c], m.via[c] = free, noEnd
	}
	// From the entry to the base over an even number of links.
	step := -1
	if entry%2 == 1 {
		step = 1
	}
	for i := entry; ; {
		m.addToTree(kids[i], inner, via)
		if i == 0 {
			break
		}
		// kids[i] is matched to the next, which is outer, which leads on.
		j := (i + step + n) % n
		m.addToTree(kids[j], outer, linkBetween(links, i, step, n))
		via = linkBetween(links, j, step, n)
		i = (j + step + n) % n
	}
	// Vertices that are free again may be reached from outer ones.
	for _, c := range kids {
		if m.label[c] != free {
			continue
		}
		for _, v := range m.leaves(c) {
			for _, e := range m.inc[m.start[v]:m.start[v+1]] {
				if m.label[m.top[m.other(e, v)]] == outer {
					m.events.Push(m.delta+m.slack(e), e)
				}
			}
		}
	}
}

// linkBetween gives the link that leaves child i in the direction of step.
func linkBetween(links []end, i, step, n int) end {
	if step == 1 {
		return links[i]
	}
	l := links[(i-1+n)%n]
	return end{l.to, l.from}
}
