package naive

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// mostPasses is after how many passes k-means ends that has not settled.
const mostPasses = 200

// nobodys is a segment that is in no unit's sector.
const nobodys = -1

// sectors cuts the district into as many sectors as there are units, by k-means
// of the middles of its streets, every metre of street counting the same. Each
// segment goes to the nearest centre whose unit reaches it and may be sent to
// it: the index of that unit, or nobodys.
func sectors(p *rounds.Problem, reach []*routing.Reach, rng *rand.Rand) []int {
	g := p.Graph
	middles := middlesOf(g)
	of := make([]int, len(g.Segments))
	may := func(u, seg int) bool {
		return reach[u].Segment(routing.SegmentID(seg)) && (p.Units[u].Serves == nil || p.Units[u].Serves[seg])
	}
	var streets []int
	for i := range g.Segments {
		of[i] = nobodys
		for u := range p.Units {
			if g.Segments[i].Belongs && may(u, i) {
				streets = append(streets, i)
				break
			}
		}
	}
	if len(streets) == 0 {
		return of
	}
	centres := spread(middles, streets, len(p.Units), rng)
	for range mostPasses {
		moved := false
		sums := make([][3]float64, len(centres))
		for _, i := range streets {
			best, least := nobodys, math.Inf(1)
			for u, c := range centres {
				if d := apart(middles[i], c); d < least && may(u, i) {
					best, least = u, d
				}
			}
			moved = moved || of[i] != best
			of[i] = best
			w := g.Segments[i].Length
			sums[best][0] += w * middles[i][0]
			sums[best][1] += w * middles[i][1]
			sums[best][2] += w
		}
		if !moved {
			break
		}
		for u, s := range sums {
			if s[2] > 0 {
				centres[u] = [2]float64{s[0] / s[2], s[1] / s[2]}
			}
		}
	}
	return of
}

// spread draws the first centres (k-means++): each among the streets with a
// chance that grows with the square of its distance from the centres before.
func spread(middles [][2]float64, streets []int, n int, rng *rand.Rand) [][2]float64 {
	centres := [][2]float64{middles[streets[rng.IntN(len(streets))]]}
	near := make([]float64, len(streets))
	for i := range near {
		near[i] = math.Inf(1)
	}
	for len(centres) < n {
		total := 0.0
		for k, i := range streets {
			near[k] = min(near[k], apart(middles[i], centres[len(centres)-1]))
			total += near[k]
		}
		left, pick := rng.Float64()*total, streets[0]
		for k, i := range streets {
			if left -= near[k]; left <= 0 {
				pick = i
				break
			}
		}
		centres = append(centres, middles[pick])
	}
	return centres
}

// apart is the square of the distance of two places.
func apart(a, b [2]float64) float64 {
	x, y := a[0]-b[0], a[1]-b[1]
	return x*x + y*y
}

// middlesOf gives the middle of every segment's ends, in metres on a plane.
func middlesOf(g *routing.Graph) [][2]float64 {
	out := make([][2]float64, len(g.Segments))
	const perDegree = orb.EarthRadius * math.Pi / 180
	east := perDegree
	if len(g.Nodes) > 0 {
		east *= math.Cos(g.Nodes[0].Point[1] * math.Pi / 180)
	}
	for i := range g.Segments {
		a, b := g.Nodes[g.Segments[i].From].Point, g.Nodes[g.Segments[i].To].Point
		out[i] = [2]float64{(a[0] + b[0]) / 2 * east, (a[1] + b[1]) / 2 * perDegree}
	}
	return out
}
