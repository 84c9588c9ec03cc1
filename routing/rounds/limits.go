package rounds

import "github.com/serenazgo/serenazgo/routing"

// Limits of single units: the streets that they may be sent to.

// strayMetres is how many metres of way a metre is worth avoiding that a unit
// may not be sent to.
const strayMetres = 3.0

// sameServes tells whether two units may be sent to the same streets, as far as can
// be told without comparing them.
func sameServes(a, b []bool) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// serves tells whether a unit may be sent to a segment.
func (u Unit) serves(seg routing.SegmentID) bool { return u.Serves == nil || u.Serves[seg] }

// Served narrows the wanted segments to those that some unit may be sent to and
// reaches.
func Served(g *routing.Graph, units []Unit, wanted []bool) []bool {
	out := make([]bool, len(wanted))
	var seen []Unit
	for _, u := range units {
		if containsLike(seen, u) {
			continue
		}
		seen = append(seen, u)
		r := g.Reachable(u.Mode, u.Base)
		for i, w := range wanted {
			out[i] = out[i] || w && u.serves(routing.SegmentID(i)) && r.Segment(routing.SegmentID(i))
		}
	}
	return out
}

// containsLike tells whether a unit of the list starts where u does, in the
// same mode, and may be sent to the same streets.
func containsLike(list []Unit, u Unit) bool {
	for _, o := range list {
		if o.Mode == u.Mode && o.Base == u.Base && sameServes(o.Serves, u.Serves) {
			return true
		}
	}
	return false
}

// mayTake tells whether a unit may be given a loop: it can drive it, and may be
// sent to all that the loop visits.
func (s *solver) mayTake(unit, loop int) bool {
	l := &s.loops[loop]
	if u := s.p.Units[unit]; u.Serves != nil {
		for _, seg := range l.visits {
			if !u.Serves[seg] {
				return false
			}
		}
	}
	return s.canDrive(unit, l.arcs)
}

// mayHave tells whether the streets of a stretch may become a unit's: it may be
// sent to each that counts.
func (s *solver) mayHave(unit int, arcs []routing.Arc) bool {
	u := s.p.Units[unit]
	if u.Serves == nil {
		return true
	}
	for _, a := range arcs {
		if s.wanted[a>>1] && !u.Serves[a>>1] {
			return false
		}
	}
	return true
}

// mayStop tells whether a unit may be sent to a junction: a street that it may
// be sent to meets there.
func (s *solver) mayStop(unit int, n routing.NodeID) bool {
	u := s.p.Units[unit]
	if u.Serves == nil {
		return true
	}
	for _, a := range s.p.Graph.Out(n) {
		if u.Serves[a>>1] {
			return true
		}
	}
	return false
}
