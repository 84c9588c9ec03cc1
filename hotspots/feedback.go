package hotspots

import (
	"math"
	"time"

	"github.com/paulmach/orb"
)

// Feedback compares what patrols found in an area with what people reported
// there. Patrols that go where the record is high find more there and make the
// record higher; an area of which the patrols' part is much above the people's
// is where that may be going on.
type Feedback struct {
	Reported   int // by calls, complaints, cameras, panic buttons and boards
	Discovered int // by patrols
	// Sides is 1 or −1 if patrols found more or less here than people report, by
	// more than chance explains; 0 if that cannot be told.
	Sides int
}

// feedbackChance is the share of areas told apart that chance alone would give.
const feedbackChance = 0.05

// FeedbackOf audits areas over a time; an incident counts in the first area that
// holds it. If patrols found incidents as people report them, those found in an
// area would be a draw without return from all of both (Fisher's exact test, each
// way); over the areas the share of false statements is held by Benjamini &
// Hochberg.
func FeedbackOf(incidents []Incident, areas []func(orb.Point) bool, from, to time.Time) []Feedback {
	out := make([]Feedback, len(areas))
	reported, discovered := 0, 0
	for _, in := range incidents {
		if at := in.Middle(); at.Before(from) || !at.Before(to) {
			continue
		}
		for a, holds := range areas {
			if !holds(in.Point) {
				continue
			}
			if in.Origin == OriginPatrol {
				out[a].Discovered++
				discovered++
			} else {
				out[a].Reported++
				reported++
			}
			break
		}
	}
	p := make([]float64, 2*len(out))
	for i, f := range out {
		p[2*i], p[2*i+1] = drawTails(f.Discovered, discovered, f.Discovered+f.Reported, discovered+reported)
	}
	for i, q := range falseShares(p) {
		if q <= feedbackChance {
			out[i/2].Sides = 1 - 2*(i%2)
		}
	}
	return out
}

// drawTails gives the probability of drawing k or more, and of k or fewer, of the
// marked ones in drawn draws without return from all, of which marked are.
func drawTails(k, drawn, marked, all int) (more, fewer float64) {
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n) + 1)
		b, _ := math.Lgamma(float64(k) + 1)
		c, _ := math.Lgamma(float64(n-k) + 1)
		return a - b - c
	}
	for x := max(0, drawn+marked-all); x <= min(drawn, marked); x++ {
		p := math.Exp(choose(marked, x) + choose(all-marked, drawn-x) - choose(all, drawn))
		if x >= k {
			more += p
		}
		if x <= k {
			fewer += p
		}
	}
	return min(1, more), min(1, fewer)
}
