package arc

// search grows an alternating tree from an exposed vertex until it can augment;
// false means that the vertex cannot be matched.
func (m *matcher) search(root int32) bool {
	m.tree, m.queue = m.tree[:0], m.queue[:0]
	m.addToTree(m.top[root], outer, noEnd)
	done := false
	for !done {
		for len(m.queue) > 0 && !done {
			v := m.queue[len(m.queue)-1]
			m.queue = m.queue[:len(m.queue)-1]
			done = m.scan(v)
		}
		if !done && !m.adjustDuals() {
			m.endSearch()
			return false
		}
	}
	m.endSearch()
	return true
}

// addToTree labels a top-level blossom and lists its vertices.
func (m *matcher) addToTree(b int32, l uint8, via end) {
	m.label[b], m.via[b] = l, via
	for _, v := range m.leaves(b) {
		if !m.inTree[v] {
			m.inTree[v] = true
			m.tree = append(m.tree, v)
		}
		if l == outer {
			m.queue = append(m.queue, v)
		}
	}
}

// scan follows the tight edges of an outer vertex; true if it augmented.
func (m *matcher) scan(v int32) bool {
	for _, e := range m.inc[m.start[v]:m.start[v+1]] {
		w := m.other(e, v)
		bv, bw := m.top[v], m.top[w]
		if bv == bw || m.slack(e) != 0 {
			continue
		}
		switch m.label[bw] {
		case free:
			if m.mate[m.base[bw]] == none {
				m.augment(v, w)
				return true
			}
			m.addToTree(bw, inner, end{v, w})
			at := m.base[bw]
			m.addToTree(m.top[m.mate[at]], outer, end{at, m.mate[at]})
		case outer:
			m.shrink(v, w)
		}
	}
	return false
}

// adjustDuals changes the duals of the tree by the largest feasible amount and
// prepares what becomes possible; false if nothing bounds the change.
func (m *matcher) adjustDuals() bool {
	delta, burst := int64(-1), none
	for _, v := range m.tree {
		b := m.top[v]
		switch m.label[b] {
		case outer:
			for _, e := range m.inc[m.start[v]:m.start[v+1]] {
				bw := m.top[m.other(e, v)]
				if bw == b || m.label[bw] == inner {
					continue
				}
				d := m.slack(e)
				if m.label[bw] == outer {
					d /= 2
				}
				switch {
				case delta < 0 || d < delta:
					delta, burst = d, none
					m.queue = append(m.queue[:0], v)
				case d == delta:
					m.queue = append(m.queue, v)
				}
			}
		case inner:
			if b >= int32(m.n) && v == m.base[b] && (delta < 0 || m.dual[b] < delta) {
				delta, burst = m.dual[b], b
				m.queue = m.queue[:0]
			}
		}
	}
	if delta < 0 {
		return false
	}
	for _, v := range m.tree {
		b := m.top[v]
		change := delta
		switch m.label[b] {
		case free:
			continue
		case inner:
			change = -delta
		}
		m.dual[v] += change
		if b >= int32(m.n) && v == m.base[b] {
			m.dual[b] += change
		}
	}
	if burst != none {
		m.expandInner(burst)
	}
	return true
}

// endSearch takes the labels away and dissolves outer blossoms without dual.
func (m *matcher) endSearch() {
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
	i := entry
	for {
		m.label[kids[i]], m.via[kids[i]] = inner, via
		if i == 0 {
			break
		}
		// kids[i] is matched to the next, which is outer, which leads on.
		first := linkBetween(links, i, step, n)
		j := (i + step + n) % n
		m.label[kids[j]], m.via[kids[j]] = outer, first
		second := linkBetween(links, j, step, n)
		via = second
		i = (j + step + n) % n
	}
	for _, v := range m.tree {
		if m.label[m.top[v]] == outer {
			m.queue = append(m.queue, v)
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
