package review

// split sums up who was there of both forces, over the shifts in which both are
// known. Its parts are apart from each other.
type split struct {
	n                                                    int
	municipal, police, both, integrated, nobody, unknown float64
}

// figure gives the parts in percent; nil: nothing is known of both.
func (s *split) figure() *Split {
	all := s.municipal + s.police + s.both + s.integrated + s.nobody + s.unknown
	if all <= 0 {
		return nil
	}
	pct := func(v float64) float64 { return 100 * v / all }
	return &Split{s.n, pct(s.municipal), pct(s.police), pct(s.both), pct(s.integrated), pct(s.nobody), pct(s.unknown)}
}

// meet adds a part of the clock in a cell: who was there, whether it is known of
// the police, and whether any unit was silent all the while.
func (s *split) meet(municipal, police, integrated, known, silent bool) {
	s.n++
	switch {
	case municipal && police:
		s.both++
	case municipal && !known, !municipal && !police && !integrated && silent:
		s.unknown++
	case municipal:
		s.municipal++
	case police:
		s.police++
	case integrated:
		s.integrated++
	default:
		s.nobody++
	}
}

// splitStreets adds the streets of a shift in which both forces are known, each
// shift by the same weight.
func (t *tally) splitStreets(s *Streets, tiles []bool, metres float64) {
	sum := func(of []uint32) (share float64) {
		for i, m := range of {
			if tiles[i] {
				share += float64(m) / metres
			}
		}
		return share
	}
	x := &t.streetSplit
	x.n++
	seen := 0.0
	for mask, of := range s.By {
		share := sum(of)
		switch mask {
		case 0:
			continue
		case 1:
			x.municipal += share
		case 2:
			x.police += share
		case 4:
			x.integrated += share
		default: // an integrated crew beside them changes nothing of it
			if mask&3 == 3 {
				x.both += share
			} else if mask&1 != 0 {
				x.municipal += share
			} else {
				x.police += share
			}
		}
		seen += share
	}
	silent := sum(s.Unknown)
	x.unknown += silent
	x.nobody += max(0, 1-seen-silent)
}
