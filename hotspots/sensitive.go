package hotspots

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sensitiveWords name family and sexual violence in the types of Peruvian
// sources and of Latin American and English ones: roots without accents, each of
// a group in any order. Where an incident of such a type happened can name its
// victim.
var sensitiveWords = [][]string{
	{"violencia", "famil"}, {"violencia", "mujer"}, {"violencia", "pareja"}, {"violencia", "genero"}, {"violencia", "domestica"}, {"violencia", "intrafamiliar"},
	{"violencia", "integrante"}, {"violencia", "menor"}, {"violencia", "nin"}, {"agresion", "mujer"}, {"agresion", "famil"}, {"maltrato", "famil"}, {"maltrato", "infantil"}, {"maltrato", "mujer"},
	{"sexual"}, {"violacion", "menor"}, {"violacion", "mujer"}, {"tocamiento"}, {"pudor"}, {"feminicidio"}, {"acoso"}, {"grooming"}, {"estupro"}, {"trata", "persona"},
	{"domestic", "violence"}, {"rape"}, {"family", "violence"}, {"child", "abuse"},
}

// Sensitive tells whether incidents of a type must never be shown as points: by
// the words of any of its three levels.
func Sensitive(kind [3]string) bool {
	var words []string
	for _, level := range kind {
		words = append(words, plainWords(level)...)
	}
	begins := func(root string) bool {
		for _, w := range words {
			if strings.HasPrefix(w, root) {
				return true
			}
		}
		return false
	}
	for _, group := range sensitiveWords {
		all := true
		for _, root := range group {
			all = all && begins(root)
		}
		if all {
			return true
		}
	}
	for _, w := range words { // «violación» alone is that of a person, «violación de domicilio» is not
		if w == "violacion" && len(words) <= 2 {
			return true
		}
	}
	return false
}

// plainWords cuts a text into lower-case words without accents.
func plainWords(s string) []string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}
