package importer

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// nearDegrees is rather more than sameMetres in degrees of latitude, and
// patchDegrees the side of the patches that incidents are kept by: large against
// it, so that most searches look at one patch, and small enough for each to hold
// few incidents of one type within sameTime that do not repeat each other. So
// the time that a file takes grows with its rows and not with their square,
// whatever is in it.
const (
	nearDegrees  = sameMetres / 100_000.0
	patchDegrees = 10 * nearDegrees
)

// patch is a piece of the Earth for the incidents of one type.
type patch struct {
	kind int
	y, x int32
}

// nearby finds, among incidents that are added in the order in which they
// happened, those of one type close to another.
type nearby struct {
	all   []hotspots.Incident
	kinds map[[3]string]int
	at    map[patch][]int // positions in all
}

func newNearby(all []hotspots.Incident) *nearby {
	return &nearby{all: all, kinds: map[[3]string]int{}, at: map[patch][]int{}}
}

// narrow is how much shorter a degree of longitude is in a row of patches.
func narrow(y int32) float64 {
	return max(0.01, math.Cos(float64(y)*patchDegrees*math.Pi/180))
}

func inPatches(degrees float64) int32 { return int32(math.Floor(degrees / patchDegrees)) }

func (n *nearby) patchOf(p orb.Point, kind int) patch {
	y := inPatches(p[1])
	return patch{kind, y, inPatches(p[0] * narrow(y))}
}

// repeated gives the first incident that i repeats; false: there is none, and i
// is kept for those that follow.
func (n *nearby) repeated(i int) (int, bool) {
	in := &n.all[i]
	kind, ok := n.kinds[in.Type]
	if !ok {
		kind = len(n.kinds)
		n.kinds[in.Type] = kind
	}
	best, found := 0, false
	for y := inPatches(in.Point[1] - nearDegrees); y <= inPatches(in.Point[1]+nearDegrees); y++ {
		lon := in.Point[0] * narrow(y)
		for x := inPatches(lon - nearDegrees); x <= inPatches(lon+nearDegrees); x++ {
			k := patch{kind, y, x}
			recent := n.at[k]
			old := 0
			for old < len(recent) && in.At.Sub(n.all[recent[old]].At) > sameTime {
				old++
			}
			if old > 0 {
				recent = recent[old:]
				n.at[k] = recent
			}
			for _, j := range recent {
				if near(in.Point, n.all[j].Point) {
					if !found || n.before(j, best) {
						best, found = j, true
					}
					break
				}
			}
		}
	}
	if !found {
		k := n.patchOf(in.Point, kind)
		n.at[k] = append(n.at[k], i)
	}
	return best, found
}

// before tells whether i comes before j: by when it happened, then as in the file.
func (n *nearby) before(i, j int) bool {
	if c := n.all[i].At.Compare(n.all[j].At); c != 0 {
		return c < 0
	}
	return i < j
}

// vague tells whether an incident can have happened longer apart from another
// than two reports of one incident are.
func vague(in *hotspots.Incident) bool { return in.Until.Sub(in.At) > sameTime }
