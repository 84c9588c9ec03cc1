package importer

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Two rows without a number of their own are one incident if they are of one
// type, this near and this soon after each other. If when they happened is known
// no better than that, they are one only if they say the same throughout.
const (
	sameMetres = 50
	sameTime   = 15 * time.Minute
)

// end takes doubtful and repeated rows out and writes the notes.
func (im *reader) end() {
	if c, ok := im.table.(*csvTable); ok && c.latin {
		im.res.Encoding = "Windows-1252"
	}
	if !im.opt.Trust {
		im.quarantine()
		im.checkHours()
	}
	if !im.opt.KeepDuplicates {
		im.dropRepeated()
	}
	im.numberKeys()
	im.countLocated()
	if im.dayOnly > 0 {
		im.note(NoTimeOfDay, "%d rows give no time of day: they count for every hour of their day alike", im.dayOnly)
	}
	if im.early > 0 {
		im.note(EarlyKnown, "%d rows were registered before they happened: that time of registration is not used", im.early)
	}
	if len(im.unknown) > 0 {
		words := slices.SortedFunc(maps.Keys(im.unknown), func(a, b string) int {
			if d := im.unknown[b] - im.unknown[a]; d != 0 {
				return d
			}
			return strings.Compare(a, b)
		})
		n := 0
		for _, c := range im.unknown {
			n += c
		}
		im.note(UnknownOrigin, "%d rows have an origin that is not known (%s): name it under origins in the mapping", n, list(words))
	}
}

// countLocated tells how many incidents were placed by their address, and how
// well.
func (im *reader) countLocated() {
	grades := map[hotspots.Grade]int{}
	n := 0
	for _, in := range im.res.Incidents {
		if in.Grade != hotspots.GradeExact {
			grades[in.Grade]++
			n++
		}
	}
	if n > 0 {
		im.note(Geocoded, "%d rows are placed by their address: %d at a crossing, %d in a block, %d by the street or place alone", n,
			grades[hotspots.GradeCrossing], grades[hotspots.GradeBlock], grades[hotspots.GradeStreet]+grades[hotspots.GradePlace])
	}
}

// dropRepeated finds, among the incidents without a key of their own, those
// that repeat an earlier one.
func (im *reader) dropRepeated() {
	all := im.res.Incidents
	var order []int
	for i := range all {
		if !im.facts[i].keyed {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return all[a].At.Compare(all[b].At) })
	repeats := map[int]int{} // incident → the one it repeats
	sharp, said := newNearby(all), map[string]int{}
	for _, i := range order {
		if !vague(&all[i]) {
			if j, twice := sharp.repeated(i); twice {
				repeats[i] = j
			}
			continue
		}
		s := im.said(i)
		if j, twice := said[s]; twice {
			repeats[i] = j
		} else {
			said[s] = i
		}
	}
	if len(repeats) == 0 {
		return
	}
	kept := make([]hotspots.Incident, 0, len(all)-len(repeats))
	for i, in := range all {
		j, twice := repeats[i]
		if !twice {
			kept = append(kept, in)
			continue
		}
		im.res.Duplicates = append(im.res.Duplicates, hotspots.Rejected{Row: in.Row,
			Reason: fmt.Sprintf("same type within %d m and %d min as row %d", sameMetres, int(sameTime.Minutes()), all[j].Row),
			Raw:    im.facts[i].raw, Code: string(SameIncident), Values: texts([]any{sameMetres, int(sameTime.Minutes()), all[j].Row})})
	}
	im.res.Incidents = kept
	slices.SortStableFunc(im.res.Duplicates, func(a, b hotspots.Rejected) int { return a.Row - b.Row })
}

// said gives what the row of an incident says in the file's own columns.
func (im *reader) said(i int) string {
	raw := im.facts[i].raw
	if own := added(im.header); len(own) > 0 {
		return delimited(without(fieldsOf(raw, string(im.comma)), own), string(im.comma))
	}
	return raw
}

// near tells whether two points lie within sameMetres; most are told apart
// without trigonometry.
func near(a, b orb.Point) bool {
	return math.Abs(a[1]-b[1]) <= nearDegrees && geo.Distance(a, b) <= sameMetres
}
