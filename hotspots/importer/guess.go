package importer

import (
	"strings"
)

// guessRows is how many rows columns are guessed by, and guessShare the share of
// their values that must agree.
const (
	guessRows  = 200
	guessShare = 0.9
)

// guess gives columns with unusual names their role by what they hold: the
// first that holds dates, and coordinates that lie in the district. What the
// mapping or a usual name says stays.
func (im *reader) guess() {
	taken := map[int]bool{}
	for _, i := range im.cols {
		taken[i] = true
	}
	columnThat := func(ok func(s string) bool) (int, bool) {
		for i := range im.header {
			if !taken[i] && im.share(i, ok) >= guessShare {
				return i, true
			}
		}
		return 0, false
	}
	add := func(r role, ok func(s string) bool) {
		if _, have := im.cols[r]; have {
			return
		}
		if m := im.opt.Mapping; m != nil {
			if _, said := m.Columns[string(r)]; said {
				return
			}
		}
		if i, found := columnThat(ok); found {
			im.cols[r], taken[i] = i, true
			im.res.Guessed = append(im.res.Guessed, string(r))
		}
	}
	add(roleAt, isDate)
	b := im.opt.Bound
	if b.Min == b.Max { // no district to look for
		return
	}
	within := func(lo, hi float64) func(s string) bool {
		return func(s string) bool {
			v, err := parseDegrees(s)
			return err == nil && v >= lo && v <= hi && v != 0
		}
	}
	add(roleLat, within(b.Min[1], b.Max[1]))
	add(roleLon, within(b.Min[0], b.Max[0]))
}

// isDate tells whether a text is a date of the time when there were computers,
// and not just any number.
func isDate(s string) bool {
	if !strings.ContainsAny(s, "/-.: ") {
		return false
	}
	m, err := parseMoment(s, "dmy")
	if err != nil {
		m, err = parseMoment(s, "mdy")
	}
	return err == nil && m.wall.Year() >= 1990 && m.wall.Year() < 2100
}

// share gives the share of a column's values, of those that are not empty, for
// which ok holds; 0 for an empty column.
func (im *reader) share(column int, ok func(s string) bool) float64 {
	n, yes := 0, 0
	for _, rec := range im.peeked[:min(guessRows, len(im.peeked))] {
		if column >= len(rec.fields) {
			continue
		}
		s := strings.TrimSpace(rec.fields[column])
		if s == "" {
			continue
		}
		n++
		if ok(s) {
			yes++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(yes) / float64(n)
}

// samples gives up to three different values of each column, to show what it
// holds.
func (im *reader) samples() [][]string {
	out := make([][]string, len(im.header))
	for i := range out {
		out[i] = []string{}
		seen := map[string]bool{}
		for _, rec := range im.peeked[:min(guessRows, len(im.peeked))] {
			if i >= len(rec.fields) || len(out[i]) == 3 {
				continue
			}
			if s := short(strings.TrimSpace(rec.fields[i])); s != "" && !seen[s] {
				seen[s] = true
				out[i] = append(out[i], s)
			}
		}
	}
	return out
}
