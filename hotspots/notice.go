package hotspots

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// How unusual weeks are found.
const (
	noticeWeeks = 26 // before the one looked at, that it is compared with
	noticeLeast = 8  // fewer weeks of history do not say what is usual

	// FalseNotices is the share of the notices that chance alone would give, at most.
	FalseNotices = 0.2
)

// Notice is a kind of incident of which an area had more in a week than chance
// explains.
type Notice struct {
	Area     int    // position among the areas asked about
	Group    string // of the catalogue
	Count    int    // in the week
	Expected float64
	P        float64 // probability of as many or more in a usual week
	Q        float64 // least share of false notices with this one among them
}

// Unusual is what a look for unusual weeks found.
type Unusual struct {
	Start, End time.Time // the week looked at, of seven local days
	Weeks      int       // before it, that it was compared with; 0: too few
	Tests      int       // areas × groups that had any incident
	Dispersion float64   // of weekly counts beyond chance
	Notices    []Notice  // surest first
}

// UnusualWeek looks for areas and groups of which the seven days before end had
// more incidents than the weeks before. Those that patrols discovered do not
// count: more of them may only mean more patrols.
//
// A weekly count is negative binomial about its mean with a dispersion common to
// all. Of K weeks with S incidents the mean is not known but has the posterior
// Gamma(S+½, K) (Jeffreys); so the next count is negative binomial with mean
// (S+½)/K, and 1/(S+½) adds to the dispersion. The tail is exact; over all areas
// and groups the share of false notices is held by Benjamini & Hochberg.
func UnusualWeek(incidents []Incident, areas []func(orb.Point) bool, end time.Time, loc *time.Location) Unusual {
	end = end.In(loc)
	out := Unusual{Start: end.AddDate(0, 0, -7), End: end}
	starts := []time.Time{out.Start} // of the weeks, newest first
	for range noticeWeeks {
		starts = append(starts, starts[len(starts)-1].AddDate(0, 0, -7))
	}
	first := end
	for _, in := range incidents {
		if at := in.Middle(); at.Before(first) {
			first = at
		}
	}
	for out.Weeks < noticeWeeks && !starts[out.Weeks+1].Before(first) {
		out.Weeks++
	}
	if out.Weeks < noticeLeast {
		out.Weeks = 0
		return out
	}
	counts := weeklyCounts(incidents, areas, starts[:out.Weeks+1], end)
	out.Dispersion = weeklyDispersion(counts)
	var p []float64
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(a, b areaGroup) int {
		return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.group, b.group))
	}) {
		weeks := counts[key]
		sum := 0.5
		for _, n := range weeks[1:] {
			sum += float64(n)
		}
		mean := sum / float64(out.Weeks)
		less, _ := negativeBinomial{mean, out.Dispersion + 1/sum}.below(weeks[0])
		out.Notices = append(out.Notices, Notice{Area: key.area, Group: key.group, Count: weeks[0], Expected: mean, P: max(0, 1-less)})
		p = append(p, max(0, 1-less))
	}
	out.Tests = len(p)
	for i, q := range falseShares(p) {
		out.Notices[i].Q = q
	}
	out.Notices = slices.DeleteFunc(out.Notices, func(n Notice) bool { return n.Q > FalseNotices })
	slices.SortStableFunc(out.Notices, func(a, b Notice) int { return cmp.Compare(a.P, b.P) })
	return out
}

// areaGroup is one count per week.
type areaGroup struct {
	area  int
	group string
}

// weeklyCounts counts the incidents of each area and group that had any, newest
// week first.
func weeklyCounts(incidents []Incident, areas []func(orb.Point) bool, starts []time.Time, end time.Time) map[areaGroup][]int {
	ks := kinds{}
	counts := map[areaGroup][]int{}
	for _, in := range incidents {
		at := in.Middle()
		if in.Origin == OriginPatrol || !at.Before(end) || at.Before(starts[len(starts)-1]) {
			continue
		}
		week, _ := slices.BinarySearchFunc(starts, at, func(start, t time.Time) int { return t.Compare(start) })
		for a, holds := range areas {
			if !holds(in.Point) {
				continue
			}
			key := areaGroup{a, catalogue[ks.of(in.Type)].Group}
			if counts[key] == nil {
				counts[key] = make([]int, len(starts))
			}
			counts[key][week]++
		}
	}
	return counts
}

// weeklyDispersion gives the dispersion that all series' past weeks have in
// common, by their moments: what of the variances is above the means, over the
// squared means.
func weeklyDispersion(counts map[areaGroup][]int) float64 {
	above, squares := 0.0, 0.0
	for _, weeks := range counts {
		past := weeks[1:]
		n := float64(len(past))
		mean, variance := 0.0, 0.0
		for _, x := range past {
			mean += float64(x) / n
		}
		for _, x := range past {
			variance += (float64(x) - mean) * (float64(x) - mean) / (n - 1)
		}
		above += variance - mean
		squares += mean*mean - variance/n
	}
	if squares <= 0 {
		return 0
	}
	return max(0, above/squares)
}
