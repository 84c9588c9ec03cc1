package trial

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// Receiver is how a made-up receiver reports: positions alone, with errors that
// last, as those of real receivers do.
type Receiver struct {
	Noise    float64       // metres: the radius that holds 68 % of the errors, as receivers state their accuracy
	Interval time.Duration // between fixes
	Seed     uint64        // the same gives the same tracks
}

// The drive of Drives: a town bus.
const (
	noiseMemory  = 0.9  // of the error after a second: an AR(1) process
	acceleration = 1.0  // m/s², speeding up and slowing down
	slowest      = 4.0  // m/s: of the speeds that a stretch is driven at
	fastest      = 13.0 // m/s
	stretchMean  = 250. // metres driven at one speed, on average
	stopShare    = 0.6  // of the stretches that end with a stop
	stopLeast    = 5.0  // seconds
	stopMost     = 40.0
)

// Drives samples a track along each shape that the network has whole: driven in
// stretches at speeds drawn from slowest to fastest, some of which end with a
// stop. It tells how many shapes leave the network and are left out.
func (r Receiver) Drives(g *routing.Graph, shapes []Shape) (tracks []Track, left int) {
	for i, s := range shapes {
		if _, off := Edges(g, []orb.LineString{s.Line}); off > 0 || geo.Length(s.Line) < 4*ends {
			left++
			continue
		}
		random := rand.New(rand.NewPCG(r.Seed, uint64(i)))
		tracks = append(tracks, Track{ID: s.ID, Truth: []orb.LineString{s.Line}, Fixes: r.drive(s.Line, random)})
	}
	return tracks, left
}

// radius68 is how many standard deviations of one axis the circle has that
// holds 68 % of a round normal error: √(−2 ln 0.32).
const radius68 = 1.5096

// Deviation is the standard deviation on each axis of an error of which the
// radius holds 68 %.
func Deviation(radius float64) float64 { return radius / radius68 }

// begun is when made-up drives start.
var begun = time.Date(2026, 1, 5, 11, 0, 0, 0, time.UTC)

// tick is the step of the drive, in seconds.
const tick = 0.5

// drive gives the fixes of one drive along a line.
func (r Receiver) drive(line orb.LineString, random *rand.Rand) []match.Fix {
	var fixes []match.Fix
	var east, north float64
	memory := math.Pow(noiseMemory, r.Interval.Seconds())
	deviation := Deviation(r.Noise)
	fresh := deviation * math.Sqrt(1-memory*memory)
	east, north = deviation*random.NormFloat64(), deviation*random.NormFloat64()
	length := geo.Length(line)
	at, speed, now, next := 0.0, 0.0, 0.0, 0.0
	walk := walker{line: line}
	report := func() {
		for ; next <= now; next += r.Interval.Seconds() {
			nan := math.NaN()
			fixes = append(fixes, match.Fix{
				Time: begun.Add(time.Duration(next * float64(time.Second))), Point: shifted(walk.to(at), east, north),
				Speed: nan, Course: nan, Accuracy: nan,
			})
			east, north = memory*east+fresh*random.NormFloat64(), memory*north+fresh*random.NormFloat64()
		}
	}
	for at < length {
		wanted := slowest + (fastest-slowest)*random.Float64()
		end := min(length, at+random.ExpFloat64()*stretchMean)
		stops := random.Float64() < stopShare
		for at < end {
			report()
			goal := wanted
			if stops { // in time to stand at the end
				goal = min(goal, math.Sqrt(2*acceleration*max(0.5, end-at)))
			}
			speed += max(-acceleration*tick, min(acceleration*tick, goal-speed))
			at = min(end, at+max(1, speed)*tick)
			now += tick
		}
		if stops {
			speed = 0
			now += stopLeast + (stopMost-stopLeast)*random.Float64()
			report()
		}
	}
	now += r.Interval.Seconds()
	report()
	return fixes
}

// walker finds places along a line, going on.
type walker struct {
	line orb.LineString
	side int     // the place is on the side after this vertex
	done float64 // metres up to that vertex
}

// to gives the place some metres along the line, no fewer than the last time.
func (w *walker) to(metres float64) orb.Point {
	for {
		a, b := w.line[w.side], w.line[w.side+1]
		d := geo.Distance(a, b)
		if metres <= w.done+d || w.side+2 == len(w.line) {
			f := 0.0
			if d > 0 {
				f = min(1, (metres-w.done)/d)
			}
			return orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
		}
		w.done += d
		w.side++
	}
}

// shifted moves a point by metres.
func shifted(p orb.Point, east, north float64) orb.Point {
	const degree = math.Pi / 180 * orb.EarthRadius
	return orb.Point{p[0] + east/(degree*math.Cos(p[1]*math.Pi/180)), p[1] + north/degree}
}
