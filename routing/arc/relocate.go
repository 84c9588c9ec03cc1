package arc

// relocate puts a task behind or before another one.
func relocate(l *descent, t, u place) bool { return shift(l, t, u, 1) }

// shift puts a string of n tasks, of which t is the first or the last one, next
// to u, so that t and u are neighbours.
func shift(l *descent, t, u place, n int) bool {
	return shiftTo(l, t, int(t.stop), int(t.stop)+n, u, int(u.stop)+1, false) ||
		shiftTo(l, t, int(t.stop)-n+1, int(t.stop)+1, u, int(u.stop), false) ||
		n > 1 && (shiftTo(l, t, int(t.stop)-n+1, int(t.stop)+1, u, int(u.stop)+1, true) ||
			shiftTo(l, t, int(t.stop), int(t.stop)+n, u, int(u.stop), true))
}

// shiftTo puts the stops i to j-1 of the route of t before stop k of that of u.
func shiftTo(l *descent, t place, i, j int, u place, k int, back bool) bool {
	from, to := l.routes[t.slot], l.routes[u.slot]
	if i < 1 || j > len(from.stops)-1 {
		return false
	}
	if from != to {
		l.become(0, t.slot).head(from, i).tail(from, j)
		l.become(1, u.slot).head(to, k).through(from, i, j, back).tail(to, k)
		return l.pays(2)
	}
	switch {
	case k < i:
		l.become(0, t.slot).head(from, k).through(from, i, j, back).through(from, k, i, false).tail(from, j)
	case k > j:
		l.become(0, t.slot).head(from, i).through(from, j, k, false).through(from, i, j, back).tail(from, k)
	default:
		return false // it is there already, or u is in the string
	}
	return l.pays(1)
}
