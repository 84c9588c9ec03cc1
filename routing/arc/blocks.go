package arc

// A block is a part of the network that no single junction cuts in two: a
// dead-end street, or streets among which there is a way round everywhere. A
// shortest way between two junctions of a block stays inside it.
type block struct {
	top   int32   // the junction that joins it to what was found before
	nodes []int32 // the others
	links []int32
}

// blocks splits the network (Hopcroft & Tarjan 1973); links from a junction to
// itself are in none. Blocks come in an order in which all that hang on a
// block's nodes, but for its top, come before it.
func (g *Network) blocks() []block {
	s := &blockSearch{g: g, depth: make([]int32, g.Nodes), low: make([]int32, g.Nodes)}
	for n := range s.depth {
		s.depth[n] = none
	}
	for n := range int32(g.Nodes) {
		if s.depth[n] == none {
			s.from(n)
		}
	}
	return s.out
}

type blockSearch struct {
	g     *Network
	depth []int32 // order in which junctions were found
	low   []int32 // earliest junction reached from beneath
	count int32
	links []int32 // not yet in a block
	nodes []int32 // not yet in a block as others than top
	out   []block
}

// visit is a junction on the way down: by which link, and which of its links is next.
type visit struct{ node, by, next int32 }

func (s *blockSearch) enter(n int32) {
	s.depth[n], s.low[n] = s.count, s.count
	s.count++
	s.nodes = append(s.nodes, n)
}

func (s *blockSearch) from(root int32) {
	s.enter(root)
	way := []visit{{root, none, 0}}
	for len(way) > 0 {
		v := &way[len(way)-1]
		if around := s.g.around(v.node); int(v.next) < len(around) {
			l := around[v.next]
			v.next++
			w := s.g.far(l, v.node)
			switch {
			case l == v.by || w == v.node:
			case s.depth[w] == none:
				s.links = append(s.links, l)
				s.enter(w)
				way = append(way, visit{w, l, 0})
			case s.depth[w] < s.depth[v.node]: // a way round
				s.links = append(s.links, l)
				s.low[v.node] = min(s.low[v.node], s.depth[w])
			}
			continue
		}
		done := *v
		way = way[:len(way)-1]
		if len(way) == 0 {
			s.nodes = s.nodes[:0]
			return
		}
		up := way[len(way)-1].node
		if s.low[done.node] >= s.depth[up] {
			s.close(up, done)
		}
		s.low[up] = min(s.low[up], s.low[done.node])
	}
}

// close makes a block of what was found since a junction was entered.
func (s *blockSearch) close(top int32, v visit) {
	b := block{top: top}
	for {
		n := s.nodes[len(s.nodes)-1]
		s.nodes = s.nodes[:len(s.nodes)-1]
		b.nodes = append(b.nodes, n)
		if n == v.node {
			break
		}
	}
	for {
		l := s.links[len(s.links)-1]
		s.links = s.links[:len(s.links)-1]
		b.links = append(b.links, l)
		if l == v.by {
			break
		}
	}
	s.out = append(s.out, b)
}
