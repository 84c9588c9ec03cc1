package address

import (
	"slices"
	"strings"
)

// named gives the streets that a name may mean: those of the very name; else
// those that it is the short form of ("Sánchez Carrión" for "José Faustino
// Sánchez Carrión"); else those whose name differs by a slip of the pen. A street
// of another kind than the one said is another street; where the map does not say
// the kind it may be the one.
func (x *Index) named(n streetName) []int {
	if n.empty() {
		return nil
	}
	key := strings.Join(n.core, " ")
	found := x.byCore[key]
	if len(found) == 0 {
		found = x.fitting(func(core string) bool { return shortForm(n.core, strings.Fields(core)) })
	}
	if len(found) == 0 {
		found = x.fitting(func(core string) bool { return slip(key, core) })
	}
	if n.kind == "" {
		return found
	}
	for _, kind := range []string{n.kind, ""} {
		ofKind := slices.DeleteFunc(slices.Clone(found), func(i int) bool { return x.streets[i].kind != kind })
		if len(ofKind) > 0 {
			return ofKind
		}
	}
	return nil
}

// fitting gives the streets whose name fits, if it is one name that does.
func (x *Index) fitting(fits func(core string) bool) []int {
	var out []int
	names := 0
	for core, streets := range x.byCore {
		if fits(core) {
			names++
			out = streets
		}
	}
	if names != 1 {
		return nil
	}
	return out
}

// shortForm tells whether the words of a are among those of b, in their order,
// or the other way round, and are not just a number or an initial. A slip of the
// pen in a long word is forgiven.
func shortForm(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	long := false
	i := 0
	for _, w := range b {
		if i < len(a) && (w == a[i] || len(a[i]) == 1 && strings.HasPrefix(w, a[i]) && a[i] >= "a" || slip(w, a[i])) {
			long = long || len(a[i]) >= 4
			i++
		}
	}
	return i == len(a) && long && (len(b) == 0 || b[0] != "pr" || len(a) > 0 && a[0] == "pr")
}

// slip tells whether two names of some length differ by one letter, long ones
// by two, and by no digit.
func slip(a, b string) bool {
	allowed := 0
	switch n := min(len(a), len(b)); {
	case n >= 12:
		allowed = 2
	case n >= 6:
		allowed = 1
	}
	if allowed == 0 || strings.ContainsAny(a+b, "0123456789") {
		return false
	}
	return distance(a, b, allowed) <= allowed
}

// distance is the number of letters to change, add or take away to make b of a;
// above most it may be any number above most.
func distance(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := before
			if a[i] != b[j] {
				d++
			}
			before = row[j+1]
			row[j+1] = min(d, before+1, row[j]+1)
		}
	}
	return row[len(b)]
}
