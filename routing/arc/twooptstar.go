package arc

// twoOptStar cuts two routes of one kind of unit and joins the parts anew, so that
// the two tasks become neighbours: heads with tails (Potvin & Rousseau 1995), or
// head with head and tail with tail, one of them backwards.
func twoOptStar(l *descent, t, u place) bool {
	a, b := l.routes[t.slot], l.routes[u.slot]
	if a == b || a.unit != b.unit {
		return false
	}
	i, j := int(t.stop), int(u.stop)
	return tails(l, a, i+1, b, j) || tails(l, b, j+1, a, i) || heads(l, a, i+1, b, j+1) || heads(l, a, i, b, j)
}

// tails exchanges what comes from stop i of one route and stop j of another on.
func tails(l *descent, a *route, i int, b *route, j int) bool {
	l.become(0, a.slot).head(a, i).tail(b, j)
	l.become(1, b.slot).head(b, j).tail(a, i)
	return l.pays(2)
}

// heads joins the two heads, the second one backwards, and the two tails, the
// first one backwards.
func heads(l *descent, a *route, i int, b *route, j int) bool {
	l.become(0, a.slot).head(a, i).through(b, 1, j, true)
	l.become(1, b.slot).through(a, i, len(a.stops)-1, true).tail(b, j)
	return l.pays(2)
}
