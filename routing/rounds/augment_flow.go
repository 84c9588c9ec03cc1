package rounds

import (
	"github.com/serenazgo/serenazgo/routing"
)

// flow balances one-ways before anything is repeated for the sake of even
// junctions: two-way streets may be given a direction for nothing, or be driven
// once more, as may one-ways.
type flow struct {
	g      *routing.Graph
	c      class
	copies []copyOf // of the wanted streets
	copyAt []int    // segment → index of its copy; -1: none
	bound  []bool   // copy → it is driven in the direction of its arc
	extra  map[routing.Arc]int
}

// balancedFirst gives passages that are balanced and even, found in that order;
// false if there are none this way.
func balancedFirst(g *routing.Graph, c class) ([]copyOf, bool) {
	f := newFlow(g, c)
	t := transport{excess: f.excess(), steps: f.steps, take: f.take}
	if !t.run() {
		return nil, false
	}
	out := f.passages()
	// What has no direction yet must be even where it meets.
	odd := make([]bool, len(g.Nodes))
	for i := range f.copies {
		if s := g.Segment(f.copies[i].arc); !f.bound[i] && s.From != s.To {
			odd[s.From] = !odd[s.From]
			odd[s.To] = !odd[s.To]
		}
	}
	join, err := c.join(g, odd, func(i int, length float64) float64 {
		if !c.both(i) {
			return 0
		}
		return length
	})
	if err != nil {
		return nil, false
	}
	for _, i := range join {
		out = append(out, c.passage(i, false))
	}
	// All that is left free is even, so trails balance it; nothing is added.
	out, err = balance(g, c.reach, out)
	return out, err == nil
}

func newFlow(g *routing.Graph, c class) *flow {
	f := &flow{g: g, c: c, copyAt: make([]int, len(g.Segments)), extra: map[routing.Arc]int{}}
	for i := range f.copyAt {
		f.copyAt[i] = -1
	}
	for _, i := range c.wanted {
		f.copyAt[i] = len(f.copies)
		cp := c.passage(i, true)
		f.copies, f.bound = append(f.copies, cp), append(f.bound, !cp.free)
	}
	return f
}

// excess is by how much ways out of each junction outnumber ways in.
func (f *flow) excess() []int {
	out := make([]int, len(f.g.Nodes))
	for i, cp := range f.copies {
		if f.bound[i] {
			out[f.g.Tail(cp.arc)]++
			out[f.g.Head(cp.arc)]--
		}
	}
	return out
}

// steps: an excess of ways out of a junction moves along a street that is given
// the direction into it, or loses the one out of it, for nothing; or against a
// passage more, or along one fewer.
func (f *flow) steps(at routing.NodeID, offer func(to routing.NodeID, cost float64, st flowStep)) {
	for _, out := range f.g.Out(at) {
		in := out.Opposite()
		if k := f.copyAt[out>>1]; k >= 0 && f.copies[k].free && f.g.Head(out) != at {
			if !f.bound[k] || f.copies[k].arc == out {
				offer(f.g.Head(out), 0, flowStep{copy: k, arc: in})
			}
		}
		length := f.g.Segment(out).Length
		if f.c.reach.Arc(in) {
			offer(f.g.Tail(in), length, flowStep{copy: -1, arc: in})
		}
		if f.extra[out] > 0 {
			offer(f.g.Head(out), -length, flowStep{copy: -1, arc: out, undo: true})
		}
	}
}

func (f *flow) take(st flowStep) {
	switch {
	case st.copy >= 0 && f.bound[st.copy]:
		f.bound[st.copy] = false
	case st.copy >= 0:
		f.bound[st.copy], f.copies[st.copy].arc = true, st.arc
	case st.undo:
		f.extra[st.arc]--
	default:
		f.extra[st.arc]++
	}
}

// passages are the wanted streets, those that have got a direction bound to it,
// and the repeats.
func (f *flow) passages() []copyOf {
	var out []copyOf
	for i, cp := range f.copies {
		cp.free = cp.free && !f.bound[i]
		out = append(out, cp)
	}
	for a := range routing.Arc(2 * len(f.g.Segments)) {
		for range f.extra[a] {
			out = append(out, copyOf{arc: a})
		}
	}
	return out
}
