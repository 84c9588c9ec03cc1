package hotspots

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is a class of the catalogue of incidents: three levels as the national
// police name them, the group that is forecast together, and what the Penal Code
// threatens it with.
type Kind struct {
	Code   string    // short and lasting
	Levels [3]string // generic, specific, modality
	Group  string    // classes that happen at like places and hours
	// Months is the least prison term of the article of the Código Penal, in
	// months; 0: a misdemeanour, an administrative matter, or a term without a
	// lower bound.
	Months  int
	Article string // of the Código Penal; "": none
	words   []phrase
}

// phrase is met by a text in which every root begins a word and no root of not
// does.
type phrase struct{ all, not []string }

// Harm weights: the same harm as so many of the least. The least prison term in
// half-years, from 1 to MaxHarm, so that a rare grave class cannot outshout all
// that happens every day.
const (
	MinHarm    = 1.0
	MaxHarm    = 30.0
	harmMonths = 6
)

// OtherKind is the code of incidents whose type says nothing that is known.
const OtherKind = "otro"

// sensitiveGroups hold the kinds whose places are never shown as points; a
// weight must not make them stand out either.
var sensitiveGroups = []string{"sexual", "familia"}

//go:embed catalogue.csv
var catalogueCSV string

var catalogue = mustCatalogue(catalogueCSV)

// Catalogue gives the classes, those that are told apart first coming first.
func Catalogue() []Kind { return slices.Clone(catalogue) }

func mustCatalogue(text string) []Kind {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("the catalogue of incidents: %v", err)) // it is part of the program
	}
	var out []Kind
	for _, r := range rows[1:] {
		months, err := strconv.Atoi(r[5])
		if err != nil {
			panic(fmt.Sprintf("the catalogue of incidents: %s: %v", r[0], err))
		}
		k := Kind{Code: r[0], Levels: [3]string{r[1], r[2], r[3]}, Group: r[4], Months: months, Article: r[6]}
		for p := range strings.SplitSeq(r[7], ";") {
			var ph phrase
			for _, root := range strings.Fields(p) {
				if no, ok := strings.CutPrefix(root, "!"); ok {
					ph.not = append(ph.not, no)
				} else {
					ph.all = append(ph.all, root)
				}
			}
			if len(ph.all) > 0 {
				k.words = append(k.words, ph)
			}
		}
		out = append(out, k)
	}
	return out
}

// Harm gives the weight that follows from the least prison term.
func (k Kind) Harm() float64 {
	return min(MaxHarm, max(MinHarm, float64(k.Months)/harmMonths))
}

// Sensitive tells whether the class tells of family or sexual violence.
func (k Kind) Sensitive() bool { return slices.Contains(sensitiveGroups, k.Group) }

// KindOf finds the first class that the words of a type are of: those of its
// specific and its modality, else of all three levels; the last class if none.
func KindOf(kind [3]string) Kind { return catalogue[kindAt(kind)] }

// kindAt gives the position in the catalogue.
func kindAt(kind [3]string) int {
	var levels [3]typeWords
	var all typeWords
	for i, l := range kind {
		levels[i] = plainWords(l)
		all = append(all, levels[i]...)
	}
	for _, words := range []typeWords{append(slices.Clone(levels[1]), levels[2]...), all} {
		for i, k := range catalogue {
			if slices.ContainsFunc(k.words, func(p phrase) bool { return words.every(p.all) && !words.any(p.not...) }) {
				return i
			}
		}
	}
	return len(catalogue) - 1
}

// kinds finds classes of types, each type once.
type kinds map[[3]string]int

func (ks kinds) of(kind [3]string) int {
	at, ok := ks[kind]
	if !ok {
		at = kindAt(kind)
		ks[kind] = at
	}
	return at
}

// Groups gives the groups of the catalogue in its order.
func Groups() []string {
	var out []string
	for _, k := range catalogue {
		if !slices.Contains(out, k.Group) {
			out = append(out, k.Group)
		}
	}
	return out
}
