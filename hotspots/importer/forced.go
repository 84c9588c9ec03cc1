package importer

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// When rows whose place is not known are given one point, such as the police
// station's or the middle of the district, that point stands out: far more rows
// share it than the busiest true places do.
const (
	// forcedRows is the least number of rows that make a point suspicious.
	forcedRows = 10
	// forcedPoints: so many points of a file may be forced; the next busiest shows
	// what a busy true place has.
	forcedPoints = 20
	// forcedTimes is how many times as many rows a forced point has as that one.
	forcedTimes = 5
	// fewAddresses: a point whose rows name so few addresses for each of them is
	// one true place.
	fewAddresses = 0.1
	// oneType: a point nearly all of whose rows are of one type, or were seen by
	// cameras, which elsewhere is at most half as common, is a true place, such as a
	// shop with thieves or a corner with a camera.
	oneType = 0.8
)

// pointKey is a point in millionths of a degree.
type pointKey [2]int32

func keyOfPoint(p orb.Point) pointKey {
	return pointKey{int32(math.Round(p[0] * 1e6)), int32(math.Round(p[1] * 1e6))}
}

// word packs the key, so that keys are sorted quickly; pointOf unpacks it.
func (k pointKey) word() uint64 { return uint64(uint32(k[0]))<<32 | uint64(uint32(k[1])) }

func pointOf(word uint64) pointKey { return pointKey{int32(uint32(word >> 32)), int32(uint32(word))} }

// forced finds the points that stand for "not known": those that many times more
// rows share than the busiest of the others, unless their rows name one address.
// Rows placed by their address do not count.
func (im *reader) forced() map[pointKey]int {
	keys := make([]uint64, 0, len(im.facts))
	for i := range im.facts {
		if !im.facts[i].located {
			keys = append(keys, keyOfPoint(im.res.Incidents[i].Point).word())
		}
	}
	slices.Sort(keys)
	var counts []int // of each point
	for i := 0; i < len(keys); {
		j := i + 1
		for j < len(keys) && keys[j] == keys[i] {
			j++
		}
		counts, i = append(counts, j-i), j
	}
	busy := slices.Clone(counts)
	slices.Sort(busy)
	slices.Reverse(busy)
	// Among few points nothing is usual.
	if len(busy) < 2*forcedPoints {
		return nil
	}
	least := max(forcedRows, forcedTimes*busy[forcedPoints])
	if busy[0] < least {
		return nil
	}
	out := map[pointKey]int{}
	at := 0
	for _, n := range counts {
		if n >= least {
			out[pointOf(keys[at])] = n
		}
		at += n
	}
	im.spareAddressed(out)
	im.spareSpecial(out)
	return out
}

// spareSpecial takes out the points that are special for one type of incident, or
// for those that cameras saw, which are told by where the camera stands; places
// that are not known are so for all alike.
func (im *reader) spareSpecial(points map[pointKey]int) {
	if len(points) == 0 {
		return
	}
	all := map[[3]string]int{}
	at := map[pointKey]map[[3]string]int{}
	count := func(k pointKey, here bool, what [3]string) {
		all[what]++
		if here {
			at[k][what]++
		}
	}
	camera := [3]string{"\x00camera"} // no type of a file, since no line has zero bytes
	for i := range im.facts {
		in := &im.res.Incidents[i]
		k := keyOfPoint(in.Point)
		_, here := points[k]
		if here = here && !im.facts[i].located; here && at[k] == nil {
			at[k] = map[[3]string]int{}
		}
		count(k, here, in.Type)
		if in.Origin == hotspots.OriginCamera {
			count(k, here, camera)
		}
	}
	for k, kinds := range at {
		for what, n := range kinds {
			here, elsewhere := float64(n)/float64(points[k]), float64(all[what]-n)/float64(max(1, len(im.facts)-points[k]))
			if here >= oneType && here >= 2*elsewhere {
				delete(points, k)
			}
		}
	}
}

// spareAddressed takes out the points whose rows say that they are one place.
func (im *reader) spareAddressed(points map[pointKey]int) {
	if _, ok := im.cols[roleAddress]; !ok {
		return
	}
	names := map[pointKey]map[string]bool{}
	with := map[pointKey]int{}
	for i, f := range im.facts {
		k := keyOfPoint(im.res.Incidents[i].Point)
		if _, ok := points[k]; !ok || f.located || f.address == "" {
			continue
		}
		if names[k] == nil {
			names[k] = map[string]bool{}
		}
		names[k][plain(strings.ToLower(f.address))] = true
		with[k]++
	}
	for k, n := range points {
		if 2*with[k] >= n && float64(len(names[k])) <= max(1, fewAddresses*float64(with[k])) {
			delete(points, k)
		}
	}
}

// placeless gives a row without its coordinates. Among the few rows that were
// rejected the point would no longer stand out.
func (im *reader) placeless(raw string) string {
	fields := fieldsOf(raw, string(im.comma))
	for _, i := range []int{im.at.lat, im.at.lon} {
		if i >= 0 && i < len(fields) {
			fields[i] = ""
		}
	}
	return delimited(fields, string(im.comma))
}

// quarantine takes out the rows at forced points, or places them by their
// address.
func (im *reader) quarantine() {
	points := im.forced()
	if len(points) == 0 {
		return
	}
	rows := 0
	incidents, facts := im.res.Incidents[:0], im.facts[:0]
	for i, in := range im.res.Incidents {
		f := im.facts[i]
		n, ok := points[keyOfPoint(in.Point)]
		if !ok || f.located {
			incidents, facts = append(incidents, in), append(facts, f)
			continue
		}
		rows++
		placed := in
		p := parsed{in: &placed, address: f.address}
		err := im.locate(&p, wrong(ForcedPoint, []any{in.Point[1], in.Point[0], n},
			"quarantined: %d rows have the very point %.6f, %.6f (latitude, longitude): it stands for a place that is not known", n, in.Point[1], in.Point[0]))
		if err != nil {
			im.reject(in.Row, im.placeless(f.raw), err)
			continue
		}
		f.located = true
		incidents, facts = append(incidents, placed), append(facts, f)
	}
	im.res.Incidents, im.facts = incidents, facts
	slices.SortStableFunc(im.res.Rejected, func(a, b hotspots.Rejected) int { return a.Row - b.Row })
	im.note(ForcedPoints, "%d rows lie at %d points that stand for places not known, such as a police station: they are left out or placed by their address", rows, len(points))
}
