package routing

import "sync"

// derived keeps what other packages work out of a graph, by their keys.
type derived struct{ values sync.Map }

// Derived gives what work makes of the graph: made when first asked for under
// the key, kept as long as the graph, shared by all who ask. The key's type
// belongs to the package that asks, so that no two packages share a key by
// accident; a value must be safe for concurrent use. The graph must be built.
func (g *Graph) Derived(key any, work func() any) any {
	v, ok := g.derived.values.Load(key)
	if !ok {
		v, _ = g.derived.values.LoadOrStore(key, sync.OnceValue(work))
	}
	return v.(func() any)()
}
