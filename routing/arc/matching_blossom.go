package arc

// shrink makes a blossom of the cycle that the tight edge between two outer
// vertices closes.
func (m *matcher) shrink(v, w int32) {
	ancestor := m.commonAncestor(m.top[v], m.top[w])
	var kids []int32
	var links []end

	// From v's side up to the ancestor, reversed so that the ancestor is first.
	for b := m.top[v]; b != ancestor; {
		kids = append(kids, b)
		links = append(links, m.via[b])
		b = m.top[m.via[b].from]
	}
	kids = append(kids, ancestor)
	for i, j := 0, len(kids)-1; i < j; i, j = i+1, j-1 {
		kids[i], kids[j] = kids[j], kids[i]
	}
	for i, j := 0, len(links)-1; i < j; i, j = i+1, j-1 {
		links[i], links[j] = links[j], links[i]
	}
	links = append(links, end{v, w})
	for b := m.top[w]; b != ancestor; {
		kids = append(kids, b)
		links = append(links, end{m.via[b].to, m.via[b].from})
		b = m.top[m.via[b].from]
	}

	b := m.unused[len(m.unused)-1]
	m.unused = m.unused[:len(m.unused)-1]
	m.base[b], m.dual[b], m.parent[b] = m.base[ancestor], 0, none
	m.children[b], m.links[b] = kids, links
	entry := m.via[ancestor]
	for _, c := range kids {
		m.settle(c)
		m.parent[c] = b
		was := m.label[c]
		m.label[c], m.via[c] = free, noEnd
		for _, u := range m.leaves(c) {
			m.top[u] = b
			if was == inner {
				m.queue = append(m.queue, u)
			}
		}
	}
	m.label[b], m.via[b], m.since[b] = outer, entry, m.delta
	// The vertices that were scanned before see new outer neighbours only
	// through the queued ones, which share the edges with them.
}

// commonAncestor finds where the ways of two outer blossoms to the root meet.
func (m *matcher) commonAncestor(a, b int32) int32 {
	m.walk++
	for a != none || b != none {
		if a != none {
			if m.passed[a] == m.walk {
				return a
			}
			m.passed[a] = m.walk
			a = m.grandparent(a)
		}
		a, b = b, a
	}
	return none
}

// grandparent gives the next outer blossom towards the root.
func (m *matcher) grandparent(b int32) int32 {
	if m.via[b].from == none {
		return none
	}
	t := m.top[m.via[b].from]
	return m.top[m.via[t].from]
}

// augment matches v (outer) with w (exposed) and flips the way to the root.
func (m *matcher) augment(v, w int32) {
	m.rebase(m.top[w], w)
	m.mate[w] = v
	s, partner := v, w
	for {
		bs := m.top[s]
		m.rebase(bs, s)
		m.mate[s] = partner
		if m.via[bs].from == none {
			return
		}
		bt := m.top[m.via[bs].from]
		in := m.via[bt]
		m.rebase(bt, in.to)
		m.mate[in.to] = in.from
		s, partner = in.from, in.to
	}
}

// rebase makes v the base of blossom b, flipping the matching inside along the
// even way between v and the old base.
func (m *matcher) rebase(b, v int32) {
	if b < int32(m.n) {
		return
	}
	kids, links := m.children[b], m.links[b]
	n := len(kids)
	at := v
	for m.parent[at] != b {
		at = m.parent[at]
	}
	entry := 0
	for i, c := range kids {
		if c == at {
			entry = i
		}
	}
	m.rebase(at, v)
	step := -1
	if entry%2 == 1 {
		step = 1
	}
	for i := entry; i != 0; {
		j := (i + step + n) % n
		i = (j + step + n) % n
		// The link between j and i is matched now.
		l := linkBetween(links, j, step, n)
		m.rebase(kids[j], l.from)
		m.rebase(kids[i], l.to)
		m.mate[l.from], m.mate[l.to] = l.to, l.from
	}
	m.children[b] = append(append(make([]int32, 0, n), kids[entry:]...), kids[:entry]...)
	m.links[b] = append(append(make([]end, 0, n), links[entry:]...), links[:entry]...)
	m.base[b] = v
}
