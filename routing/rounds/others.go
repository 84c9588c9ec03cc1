package rounds

import "math"

// Pass says that others are expected to drive a segment: so many times between
// two instants, nobody knows when (a Poisson process). Trust is how likely it
// is that they do as they said, all or nothing.
type Pass struct {
	Start, End float64 // seconds of the shift
	Expected   float64 // times
	Trust      float64 // 0..1
}

// within is how many of the passes are expected between two instants, if they
// come at all.
func (v Pass) within(from, to float64) float64 {
	if !(v.End > v.Start) {
		return 0
	}
	return v.Expected * max(0, min(to, v.End)-max(from, v.Start)) / (v.End - v.Start)
}

// unseen is how likely it is that none of the others passes between two
// instants.
func unseen(others []Pass, from, to float64) float64 {
	p := 1.0
	for _, v := range others {
		p *= 1 - v.Trust*(1-math.Exp(-v.within(from, to)))
	}
	return p
}

// passed is how often others are expected to have passed until an instant.
func passed(others []Pass, until float64) float64 {
	n := 0.0
	for _, v := range others {
		n += v.Trust * v.within(math.Inf(-1), until)
	}
	return n
}

// freshSteps is in how many steps the time since the last visit is looked at.
const freshSteps = 8

// freshnessBeside is what freshness is to be expected of a street at an instant
// that we visited since seconds ago and others may have passed after that.
func freshnessBeside(others []Pass, since, at float64) float64 {
	whole := freshness(since)
	if len(others) == 0 || whole == 0 {
		return whole
	}
	// Every step of the age is as much worth as it is likely that nobody came
	// within that age.
	sum, from := freshness(separation)*unseen(others, at-separation, at), separation
	until := min(since, staleAfter)
	for k := range freshSteps {
		to := separation + (until-separation)*float64(k+1)/freshSteps
		sum += (freshness(to) - freshness(from)) * unseen(others, at-(from+to)/2, at)
		from = to
	}
	return sum
}

// worthBeside is visitValue where others may have passed as well: their visits
// count as ours do, as often and as surely as they are expected.
func worthBeside(others []Pass, before int, since, at float64) float64 {
	return halved(float64(before)+passed(others, at)) * freshnessBeside(others, since, at)
}

// aloneShare is what is left of a second visit's worth in a shift in which
// others pass too, whenever it is made.
func (p *Problem) aloneShare(s int) float64 {
	if len(p.Others) == 0 {
		return 1
	}
	return halved(1 + passed(p.Others[s], math.Inf(1)))
}
