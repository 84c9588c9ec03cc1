package coverage

import "sort"

// joint is how far apart two spans of a street may lie and still be one: it
// absorbs rounding, no more (a street of 10 km: 10 µm).
const joint = 1e-9

// Span is a part of a segment, in fractions of its length From→To.
type Span struct{ From, To float64 }

// Spans is a set of parts of a segment: ascending, apart by more than joint.
// Whatever the order in which parts are added, the set is the same.
type Spans []Span

// add unites the set with a part; it may reuse the receiver's memory.
func (s Spans) add(n Span) Spans {
	if !(n.To > n.From) {
		return s
	}
	i := sort.Search(len(s), func(i int) bool { return s[i].To >= n.From-joint })
	j := i
	for ; j < len(s) && s[j].From <= n.To+joint; j++ {
		n.From = min(n.From, s[j].From)
		n.To = max(n.To, s[j].To)
	}
	if i == j {
		s = append(s, Span{})
		copy(s[i+1:], s[i:])
		s[i] = n
		return s
	}
	s[i] = n
	return append(s[:i+1], s[j:]...)
}

// addAll unites the set with another.
func (s Spans) addAll(o Spans) Spans {
	for _, n := range o {
		s = s.add(n)
	}
	return s
}

// Length is the share of the segment that the set covers.
func (s Spans) Length() float64 {
	sum := 0.0
	for _, v := range s {
		sum += v.To - v.From
	}
	return sum
}

// reaches tells whether the set covers at least the share, but for rounding.
func (s Spans) reaches(share float64) bool { return s.Length() >= share-joint }

// clone gives a set of its own.
func (s Spans) clone() Spans { return append(Spans(nil), s...) }
