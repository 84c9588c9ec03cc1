package arc

// twoOpt turns the part of a route between two tasks round, so that they become
// neighbours.
func twoOpt(l *descent, t, u place) bool {
	if t.slot != u.slot {
		return false
	}
	r := l.routes[t.slot]
	i, j := int(min(t.stop, u.stop)), int(max(t.stop, u.stop))
	if i+1 >= j {
		return false
	}
	l.become(0, t.slot).head(r, i+1).through(r, i+1, j+1, true).tail(r, j+1)
	if l.pays(1) {
		return true
	}
	l.become(0, t.slot).head(r, i).through(r, i, j, true).tail(r, j)
	return l.pays(1)
}
