package arc

// cross exchanges a string that begins or ends with a task for a string of
// another route, next to the other task, each in order or backwards (CROSS
// exchange, Taillard et al. 1997).
func cross(l *descent, t, u place) bool {
	if t.slot == u.slot {
		return false
	}
	for m := 1; m <= longestString; m++ {
		for n := 1; n <= longestString; n++ {
			if m == 1 && n == 1 {
				continue // swap
			}
			i, j := int(t.stop), int(u.stop)
			if crossAt(l, t, i, i+m, u, j+1, j+1+n, false) || crossAt(l, t, i-m+1, i+1, u, j+1, j+1+n, true) ||
				crossAt(l, t, i-m+1, i+1, u, j-n, j, false) || crossAt(l, t, i, i+m, u, j-n, j, true) {
				return true
			}
		}
	}
	return false
}

// crossAt exchanges the stops i to j-1 of one route, backwards if back, for v to
// w-1 of another, in either order.
func crossAt(l *descent, t place, i, j int, u place, v, w int, back bool) bool {
	a, b := l.routes[t.slot], l.routes[u.slot]
	if i < 1 || v < 1 || j > len(a.stops)-1 || w > len(b.stops)-1 {
		return false
	}
	l.become(0, t.slot).head(a, i).through(b, v, w, false).tail(a, j)
	l.become(1, u.slot).head(b, v).through(a, i, j, back).tail(b, w)
	if !l.might(2) {
		return false
	}
	if l.does(2) {
		return true
	}
	l.become(0, t.slot).head(a, i).through(b, v, w, true).tail(a, j)
	return w-v > 1 && l.does(2)
}
