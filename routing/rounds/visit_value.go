package rounds

import "math"

const (
	staleAfter = 7200.0 // seconds after which a street is worth a full further visit
	separation = 900.0  // visits closer than this count as one
	// leastVisits is the visit from which on further ones are worth alike: a unit
	// that roams has to go somewhere.
	leastVisits = 4
)

// visitValue is what a visit of a street is worth that had so many before, the
// last of them seconds ago: of what its second visit is worth in time, each
// further one half of the one before, none soon after another.
func visitValue(before int, since float64) float64 {
	return halved(float64(before)) * freshness(since)
}

// halved is what a visit is worth after so many before, of what the second is.
func halved(before float64) float64 { return math.Pow(0.5, min(before, leastVisits)-1) }

// freshness is what a visit is worth by the seconds since the last one, 0..1.
func freshness(since float64) float64 {
	if since < separation {
		return 0
	}
	return min(1, since/staleAfter)
}
