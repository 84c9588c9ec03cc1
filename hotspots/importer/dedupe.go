package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Two rows without a number of their own are one incident if they are of one
// type, this near and this soon after each other.
const (
	sameMetres = 50
	sameTime   = 15 * time.Minute
)

// end takes repeated rows out and writes the notes.
func (im *reader) end() {
	if im.latin {
		im.res.Encoding = "Windows-1252"
	}
	if !im.opt.KeepDuplicates {
		im.dropRepeated()
	}
	if im.dayOnly > 0 {
		im.note(NoTimeOfDay, "%d rows give no time of day and are taken as 12:00", im.dayOnly)
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

// dropRepeated finds, among the incidents without a key of their own, those
// that repeat an earlier one.
func (im *reader) dropRepeated() {
	all := im.res.Incidents
	order := slices.Clone(im.unkeyed)
	slices.SortStableFunc(order, func(a, b int) int { return all[a].At.Compare(all[b].At) })
	repeats := map[int]int{} // incident → the one it repeats
	raw := map[int]string{}
	for n, i := range im.unkeyed {
		raw[i] = im.unkeyedRaw[n]
	}
	open := map[[3]string][]int{}
	for _, i := range order {
		in := &all[i]
		recent := open[in.Type]
		old := 0
		for old < len(recent) && in.At.Sub(all[recent[old]].At) > sameTime {
			old++
		}
		recent = recent[old:]
		for _, j := range recent {
			if geo.Distance(in.Point, all[j].Point) <= sameMetres {
				repeats[i] = j
				break
			}
		}
		if _, twice := repeats[i]; !twice {
			recent = append(recent, i)
		}
		open[in.Type] = recent
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
			Raw:    raw[i], Code: string(SameIncident), Values: texts([]any{sameMetres, int(sameTime.Minutes()), all[j].Row})})
	}
	im.res.Incidents = kept
	slices.SortStableFunc(im.res.Duplicates, func(a, b hotspots.Rejected) int { return a.Row - b.Row })
}
