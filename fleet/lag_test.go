package fleet

import (
	"math"
	"testing"
	"time"
)

func TestLag(t *testing.T) {
	var l Lag
	if c := l.Read(); c.Count != 0 || c.Quantile(0.99) != 0 {
		t.Errorf("%+v", c)
	}
	for _, d := range []time.Duration{-time.Second, 5 * time.Millisecond, 6 * time.Millisecond, 100 * time.Millisecond, 2 * time.Hour} {
		l.Add(d)
	}
	c := l.Read()
	for bound, want := range map[float64]uint64{0.005: 2, 0.01: 3, 0.05: 3, 0.1: 4, 3600: 4} {
		if c.AtMost[bound] != want {
			t.Errorf("at most %g s: %d, want %d", bound, c.AtMost[bound], want)
		}
	}
	if c.Count != 5 || math.Abs(c.Sum-7200.111) > 1e-6 {
		t.Errorf("%+v", c)
	}
	for q, want := range map[float64]float64{0.4: 0.005, 0.5: 0.01, 0.8: 0.1, 1: math.Inf(1)} {
		if got := c.Quantile(q); got != want {
			t.Errorf("quantile %g is %g, want %g", q, got, want)
		}
	}
}
