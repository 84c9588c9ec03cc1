package arc

// swap exchanges a task with the one behind or before another, which it then is
// the neighbour of.
func swap(l *descent, t, u place) bool { return swapAt(l, t, u, 1) || swapAt(l, t, u, -1) }

func swapAt(l *descent, t, u place, side int) bool {
	a, b := l.routes[t.slot], l.routes[u.slot]
	i, j := int(t.stop), int(u.stop)+side
	if j < 1 || j >= len(b.stops)-1 || a == b && (i == j || i == int(u.stop)) {
		return false
	}
	if a != b {
		l.become(0, t.slot).head(a, i).through(b, j, j+1, false).tail(a, i+1)
		l.become(1, u.slot).head(b, j).through(a, i, i+1, false).tail(b, j+1)
		return l.pays(2)
	}
	i, j = min(i, j), max(i, j)
	l.become(0, t.slot).head(a, i).through(a, j, j+1, false).through(a, i+1, j, false).through(a, i, i+1, false).tail(a, j+1)
	return l.pays(1)
}
