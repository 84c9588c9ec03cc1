package arc

import "math"

// dice are random numbers that are the same everywhere for a seed (SplitMix64,
// Steele, Lea & Flood 2014).
type dice struct{ state uint64 }

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below gives a number from 0 to n-1; n > 0.
func (d *dice) below(n int) int { return int((d.next() >> 32) * uint64(n) >> 32) }

// unit gives a number of [0, 1).
func (d *dice) unit() float64 { return float64(d.next()>>11) / (1 << 53) }

// until gives how many trials fail before the first one that succeeds, each
// succeeding with the given chance.
func (d *dice) until(chance float64) int {
	if chance <= 0 {
		return math.MaxInt
	}
	return int(min(math.Log(1-d.unit())/math.Log1p(-chance), 1e9))
}

func (d *dice) shuffle(s []int32) {
	for i := len(s) - 1; i > 0; i-- {
		j := d.below(i + 1)
		s[i], s[j] = s[j], s[i]
	}
}
