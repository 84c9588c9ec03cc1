package risk

import "math"

// Coarse gives a figure of the forecast as it may leave the control room: the
// nearest of 1, 2 and 5 times a power of ten, since each incident moves the
// figures of its cell by a part that can be worked out.
func Coarse(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return v
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	best := unit
	for _, step := range []float64{2, 5, 10} {
		if math.Abs(math.Log(v/(step*unit))) < math.Abs(math.Log(v/best)) {
			best = step * unit
		}
	}
	return best
}
