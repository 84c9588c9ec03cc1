package routing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// How far from the end of a nameless street its namer may be: metres along
// nameless streets, and as the crow flies.
const (
	namerWalk = 250
	namerNear = 600
)

// Describe sets every segment's Label: its name or, where it has none, what
// people would say: "calle entre Jr. Unión y Av. Perú", "pasaje sin salida de
// Jr. Unión", "calle sin nombre, 120 m al norte de Av. Perú". Labels are
// Spanish, the language of the streets.
func (g *Graph) Describe() {
	l := &labeller{g: g, seen: make([]int32, len(g.Nodes))}
	l.named.fill(g, func(s *Segment) bool { return s.Name != "" })
	for i := range g.Segments {
		if s := &g.Segments[i]; s.Name != "" {
			s.Label = s.Name
		} else {
			s.Label = l.label(SegmentID(i))
		}
	}
}

// labeller looks for named streets around nameless ones.
type labeller struct {
	g     *Graph
	seen  []int32 // search in which a node was visited
	round int32
	queue []visit
	named snapIndex // of the segments with a name
	near  []Candidate
}

type visit struct {
	node NodeID
	away float64
}

// label words one nameless segment.
func (l *labeller) label(id SegmentID) string {
	s := &l.g.Segments[id]
	kind := l.kind(s)
	from, fromWalk := l.namer(s.From, id, "")
	to, toWalk := l.namer(s.To, id, from)
	if from == "" && to != "" {
		from, fromWalk = l.namer(s.From, id, to)
	}
	fromEnds, toEnds := l.deadEnd(s.From), l.deadEnd(s.To)
	switch meets := from != "" && fromWalk == 0; {
	case s.From == s.To && meets:
		return kind + " en anillo de " + from
	case toEnds && !fromEnds && meets:
		return blind(kind) + " de " + from
	case fromEnds && !toEnds && toWalk == 0 && to != "":
		return blind(kind) + " de " + to
	case from != "" && to != "":
		if toWalk < fromWalk || toWalk == fromWalk && to < from {
			from, to = to, from
		}
		return kind + " entre " + from + and(to)
	}
	// One street only, or none: say on which side of it.
	a, b := l.g.Nodes[s.From].Point, l.g.Nodes[s.To].Point
	one := cmp.Or(from, to)
	atFrom := one != "" && l.best(s.From, id, "") == one
	atTo := one != "" && l.best(s.To, id, "") == one
	switch {
	case atFrom && atTo:
		return kind + " junto a " + one
	case atFrom && s.From != s.To:
		return kind + " de " + one + " hacia el " + direction(a, b)
	case atTo && s.From != s.To:
		return kind + " de " + one + " hacia el " + direction(b, a)
	}
	if c, at, ok := l.nearest(id); ok {
		return fmt.Sprintf("%s sin nombre, %.0f m al %s de %s", kind, max(10, math.Round(c.Distance/10)*10), direction(c.Point, at),
			ShortName(l.g.Segments[c.Segment].Name))
	}
	return kind + " sin nombre"
}

// blind is the word for a street that leads nowhere.
func blind(kind string) string {
	if kind == "calle" {
		kind = "pasaje"
	}
	return kind + " sin salida"
}

var directions = [...]string{"norte", "noreste", "este", "sureste", "sur", "suroeste", "oeste", "noroeste"}

// direction names where b lies as seen from a.
func direction(a, b orb.Point) string {
	mx, my := metresPerDegree(a[1])
	return directions[int(math.Round(bearing(a, b, mx, my)/45))%8]
}

// kind is the word for what the segment is.
func (l *labeller) kind(s *Segment) string {
	switch s.Class {
	case Motorway, Trunk:
		return "vía"
	case Service:
		return "vía de servicio"
	case Pedestrian:
		return "calle peatonal"
	case Path:
		return "camino"
	}
	return "calle"
}

// and joins the second name; Spanish says "e" before the sound of i.
func and(name string) string {
	low := strings.ToLower(name)
	i := strings.HasPrefix(low, "i") || strings.HasPrefix(low, "í") || strings.HasPrefix(low, "hi") || strings.HasPrefix(low, "hí")
	if r := []rune(low); i && !(len(r) > 2 && strings.HasPrefix(low, "hi") && strings.ContainsRune("aeoáéó", r[2])) && !(len(r) > 1 && r[0] == 'i' && strings.ContainsRune("aeoáéó", r[1])) {
		return " e " + name
	}
	return " y " + name
}

// deadEnd tells whether nothing else meets at n.
func (l *labeller) deadEnd(n NodeID) bool { return len(l.g.Out(n)) == 1 }

// namer finds the name of a street that meets the segment's end n, other than
// not; failing that, one a short walk along nameless streets away. It answers
// how far it walked.
func (l *labeller) namer(n NodeID, self SegmentID, not string) (name string, walk float64) {
	l.round++
	l.queue = append(l.queue[:0], visit{n, 0})
	l.seen[n] = l.round
	for len(l.queue) > 0 {
		// The queues are short: the nearest is found by looking at all.
		k := 0
		for i := range l.queue {
			if l.queue[i].away < l.queue[k].away {
				k = i
			}
		}
		at := l.queue[k]
		l.queue = slices.Delete(l.queue, k, k+1)
		if name := l.best(at.node, self, not); name != "" {
			return name, at.away
		}
		for _, a := range l.g.Out(at.node) {
			s := l.g.Segment(a)
			away := at.away + s.Length
			if h := l.g.Head(a); a.Segment() != self && l.seen[h] != l.round && away <= namerWalk {
				l.seen[h] = l.round
				l.queue = append(l.queue, visit{h, away})
			}
		}
	}
	return "", 0
}

// best gives the most important name that meets at n, the first by alphabet
// among equals.
func (l *labeller) best(n NodeID, self SegmentID, not string) string {
	var best *Segment
	for _, a := range l.g.Out(n) {
		s := l.g.Segment(a)
		if a.Segment() == self || s.Name == "" || ShortName(s.Name) == not {
			continue
		}
		if best == nil || s.Class < best.Class || s.Class == best.Class && s.Name < best.Name {
			best = s
		}
	}
	if best == nil {
		return ""
	}
	return ShortName(best.Name)
}

// nearest gives the nearest named street within sight of the segment's middle,
// and that middle.
func (l *labeller) nearest(id SegmentID) (c Candidate, at orb.Point, ok bool) {
	s := &l.g.Segments[id]
	at = PointAlong(s.Line, s.Length/2)
	for radius := 75.0; radius <= namerNear; radius *= 2 {
		if l.near = l.named.snap(l.near[:0], at, radius); len(l.near) > 0 {
			return l.near[0], at, true
		}
	}
	return c, at, false
}

// abbreviations are how Peruvian street signs shorten the kind of street.
var abbreviations = map[string]string{"avenida": "Av.", "jirón": "Jr.", "jiron": "Jr.", "calle": "Ca.", "pasaje": "Psje.",
	"prolongación": "Prol.", "prolongacion": "Prol.", "carretera": "Carr."}

// ShortName abbreviates the first word of a street's name, as on street signs: "Av. Perú".
func ShortName(name string) string {
	first, rest, ok := strings.Cut(name, " ")
	if a := abbreviations[strings.ToLower(first)]; ok && a != "" {
		return a + " " + rest
	}
	return name
}
