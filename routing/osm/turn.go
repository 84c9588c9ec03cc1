package osm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/osm"

	"github.com/serenazgo/serenazgo/routing"
)

// rawTurn is a turn restriction as mapped.
type rawTurn struct {
	id       int64
	only     bool // "only_…": every other way on is forbidden
	uturn    bool
	modes    routing.ModeSet
	from, to []int64
	viaNode  int64
	hasNode  bool
	viaWays  []int64
	fault    string // why it cannot be used; empty if it can
}

// readTurn reads a restriction relation. It keeps one that cannot be used,
// with the reason, for the report.
func readTurn(id int64, tags osm.Tags, members []member) rawTurn {
	t := rawTurn{id: id}
	value := ""
	value, t.modes, t.fault = turnValue(tags)
	switch {
	case strings.HasPrefix(value, "only_"):
		t.only = true
	case strings.HasPrefix(value, "no_"):
	case t.fault == "":
		t.fault = fmt.Sprintf("restriction=%q is not understood", value)
	}
	t.uturn = value == "no_u_turn"
	for _, m := range members {
		switch {
		case m.role == "from" && m.kind == osm.TypeWay:
			t.from = append(t.from, m.ref)
		case m.role == "to" && m.kind == osm.TypeWay:
			t.to = append(t.to, m.ref)
		case m.role == "via" && m.kind == osm.TypeNode:
			t.viaNode, t.hasNode = m.ref, true
		case m.role == "via" && m.kind == osm.TypeWay:
			t.viaWays = append(t.viaWays, m.ref)
		}
	}
	if t.fault == "" {
		t.fault = t.memberFault(value)
	}
	return t
}

func (t *rawTurn) memberFault(value string) string {
	switch {
	case len(t.from) == 0 || len(t.to) == 0 || !t.hasNode && len(t.viaWays) == 0:
		return "a member (from, via or to) is missing"
	case t.hasNode && len(t.viaWays) > 0:
		return "via is both a node and a way"
	case len(t.from) > 1 && value != "no_entry" || len(t.to) > 1 && value != "no_exit":
		return "several ways play the same role"
	}
	return ""
}

// turnValue finds the restriction's value and whom it binds.
func turnValue(tags osm.Tags) (value string, modes routing.ModeSet, fault string) {
	value = tags.Find("restriction")
	modes = vehicles
	if value == "" {
		modes = 0
		for _, m := range [...]routing.Mode{routing.Car, routing.Motorcycle, routing.Bicycle} {
			keys := []string{"restriction:" + tagName(m), "restriction:motor_vehicle", "restriction:vehicle"}
			if m == routing.Bicycle {
				keys = []string{"restriction:bicycle", "restriction:vehicle"}
			}
			for _, k := range keys {
				if v := tags.Find(k); v != "" {
					value = v
					modes |= routing.SetOf(m)
					break
				}
			}
		}
	}
	for _, except := range strings.Split(tags.Find("except"), ";") {
		switch strings.TrimSpace(except) {
		case "motorcar":
			modes &^= 1 << routing.Car
		case "motorcycle":
			modes &^= 1 << routing.Motorcycle
		case "bicycle":
			modes &^= 1 << routing.Bicycle
		case "motor_vehicle":
			modes &^= motor
		case "vehicle":
			modes = 0
		}
	}
	switch {
	case value == "" && tags.Find("restriction:conditional") != "":
		return value, 0, "it holds only at certain hours (restriction:conditional)"
	case value != "" && (tags.Find("day_on") != "" || tags.Find("hour_on") != ""):
		return value, 0, "it holds only at certain hours (day_on, hour_on)"
	case value == "":
		return value, 0, "it binds other vehicles than ours"
	}
	return value, modes, ""
}

// turnMaker turns raw restrictions into pairs of arcs of the built graph.
type turnMaker struct {
	g      *routing.Graph
	nodes  map[int64]routing.NodeID
	byWay  map[int64][]routing.SegmentID
	banned []routing.Restriction
}

func newTurnMaker(g *routing.Graph) *turnMaker {
	m := &turnMaker{g: g, nodes: make(map[int64]routing.NodeID, len(g.Nodes)), byWay: map[int64][]routing.SegmentID{}}
	for i, n := range g.Nodes {
		m.nodes[n.OSM] = routing.NodeID(i)
	}
	for i := range g.Segments {
		for _, w := range slices.Compact(slices.Sorted(slices.Values(g.Segments[i].WayIDs))) {
			m.byWay[w] = append(m.byWay[w], routing.SegmentID(i))
		}
	}
	return m
}

// arcsInto gives the arcs of a way that arrive at n, for some of the modes.
func (m *turnMaker) arcsInto(way int64, n routing.NodeID, modes routing.ModeSet) []routing.Arc {
	var out []routing.Arc
	for _, a := range m.arcsFrom(way, n, 0) {
		if b := a.Opposite(); modes == 0 || m.modes(b)&modes != 0 {
			out = append(out, b)
		}
	}
	return out
}

// arcsFrom gives the arcs of a way that leave n; modes 0 asks nobody.
func (m *turnMaker) arcsFrom(way int64, n routing.NodeID, modes routing.ModeSet) []routing.Arc {
	var out []routing.Arc
	for _, s := range m.byWay[way] {
		seg := &m.g.Segments[s]
		for _, a := range [...]routing.Arc{routing.ArcOf(s, false), routing.ArcOf(s, true)} {
			// The way must touch n: a contracted segment may hold several ways.
			first := seg.WayIDs[0]
			if a.Reverse() {
				first = seg.WayIDs[len(seg.WayIDs)-1]
			}
			if m.g.Tail(a) == n && first == way && (modes == 0 || m.modes(a)&modes != 0) {
				out = append(out, a)
			}
		}
	}
	return out
}

func (m *turnMaker) modes(a routing.Arc) routing.ModeSet {
	if a.Reverse() {
		return m.g.Segment(a).Backward
	}
	return m.g.Segment(a).Forward
}

// outcome says what became of a restriction.
type outcome int

const (
	turnUsed outcome = iota
	turnIdle         // nobody could make that turn anyway, or it lies on other ways
	turnUnsupported
)

// apply adds the restriction's pairs; why says what stood in the way.
func (m *turnMaker) apply(t *rawTurn) (o outcome, why string) {
	switch {
	case t.fault != "":
		return turnUnsupported, t.fault
	case t.modes == 0:
		return turnIdle, ""
	case len(t.viaWays) > 0:
		return m.applyViaWay(t)
	}
	n, ok := m.nodes[t.viaNode]
	if !ok {
		return turnIdle, "" // no junction there for anybody
	}
	var ins, outs []routing.Arc
	for _, w := range t.from {
		ins = append(ins, m.arcsInto(w, n, t.modes)...)
	}
	for _, w := range t.to {
		outs = append(outs, m.arcsFrom(w, n, t.modes)...)
	}
	if len(ins) == 0 || len(outs) == 0 && !t.only {
		return turnIdle, ""
	}
	if len(outs) == 0 {
		return turnUnsupported, "the way to take does not leave the junction"
	}
	if t.uturn && t.from[0] == t.to[0] {
		for _, in := range ins {
			m.ban(in, in.Opposite(), t.modes)
		}
		return turnUsed, ""
	}
	if len(ins) > len(t.from) || len(outs) > len(t.to) {
		return turnUnsupported, "a way passes through the junction, so it is unclear which arm is meant"
	}
	for _, in := range ins {
		if t.only {
			m.banOthers(in, outs[0], t.modes)
			continue
		}
		for _, out := range outs {
			m.ban(in, out, t.modes)
		}
	}
	return turnUsed, ""
}

func (m *turnMaker) ban(in, out routing.Arc, modes routing.ModeSet) {
	m.banned = append(m.banned, routing.Restriction{From: in, To: out, Modes: modes})
}

// banOthers leaves only one way on.
func (m *turnMaker) banOthers(in, only routing.Arc, modes routing.ModeSet) {
	for _, out := range m.g.Out(m.g.Head(in)) {
		if out != only {
			m.ban(in, out, modes)
		}
	}
}

// applyViaWay handles a restriction over from → via → to. The graph forbids
// pairs only, so it is exact where via has no other way in (then via → to is
// forbidden) or no other way on (then from → via is); "only" binds its first
// turn. Everything else is reported.
func (m *turnMaker) applyViaWay(t *rawTurn) (outcome, string) {
	if len(t.viaWays) > 1 {
		return turnUnsupported, "via is a chain of ways"
	}
	for _, s := range m.byWay[t.viaWays[0]] {
		for _, via := range [...]routing.Arc{routing.ArcOf(s, false), routing.ArcOf(s, true)} {
			ins := m.arcsInto(t.from[0], m.g.Tail(via), t.modes)
			outs := m.arcsFrom(t.to[0], m.g.Head(via), t.modes)
			if len(ins) != 1 || len(outs) != 1 || m.modes(via)&t.modes == 0 {
				continue
			}
			switch {
			case t.only:
				m.banOthers(ins[0], via, t.modes)
				if m.alone(ins[0], via, t.modes) {
					m.banOthers(via, outs[0], t.modes)
					return turnUsed, ""
				}
				return turnUnsupported, "its second turn depends on where one came from; only the first is enforced"
			case m.alone(ins[0], via, t.modes):
				m.ban(via, outs[0], t.modes)
				return turnUsed, ""
			case m.sole(via, outs[0], t.modes):
				m.ban(ins[0], via, t.modes)
				return turnUsed, ""
			}
			return turnUnsupported, "the turn depends on where one came from (via is a way)"
		}
	}
	return turnIdle, ""
}

// alone tells whether in is the only arc from which via can be entered.
func (m *turnMaker) alone(in, via routing.Arc, modes routing.ModeSet) bool {
	for _, out := range m.g.Out(m.g.Tail(via)) {
		if a := out.Opposite(); a != in && a != via.Opposite() && m.modes(a)&modes != 0 {
			return false
		}
	}
	return true
}

// sole tells whether out is the only way on from via.
func (m *turnMaker) sole(via, out routing.Arc, modes routing.ModeSet) bool {
	for _, a := range m.g.Out(m.g.Head(via)) {
		if a != out && a != via.Opposite() && m.modes(a)&modes != 0 {
			return false
		}
	}
	return true
}
