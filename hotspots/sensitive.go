package hotspots

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The types of Peruvian sources, and of Latin American and English ones, that
// tell of family and sexual violence. Where an incident of such a type happened
// can name its victim, so in doubt a type is one. All are roots without accents.
var (
	// sensitiveAlone say it by themselves.
	sensitiveAlone = []string{"sexual", "tocamiento", "pudor", "libidin", "feminicidio", "acoso", "grooming", "estupro", "rape", "30364"}
	// sensitiveTogether say it where all of a group are there, in any order.
	sensitiveTogether = [][]string{{"trata", "persona"}, {"domestic", "violence"}, {"domestic", "batter"}, {"domestic", "assault"}, {"domestic", "abuse"},
		{"family", "violence"}, {"child", "abuse"}, {"sex", "offen"}, {"sex", "abuse"}, {"sex", "crime"}}
	// quarrels and injuries are sensitive among kin, attacks also against the weak.
	quarrels = []string{"conflicto", "pelea", "rina", "discusion", "disputa", "pleito", "problema", "lesion"}
	attacks  = []string{"agresion", "maltrato", "abuso"}
	kin      = []string{"famil", "intrafamil", "pareja", "conyug", "conviv", "domestic", "mujer", "genero", "integrante"}
	weak     = []string{"menor", "nino", "nina", "infan", "adolesc", "ancian", "mayor", "psicolog"}
	// violencia counts by itself unless it is that of a robbery or against the law.
	otherViolence = []string{"robo", "robar", "hurto", "asalto", "arrebat", "atraco", "extorsion", "usurpacion", "autoridad"}
	// violación counts by itself unless it is that of one of these.
	otherViolation = []string{"domicilio", "morada", "propiedad", "transito", "libertad", "intimidad", "secreto", "correspond", "comunicacion", "reglamento", "norma",
		"ordenanza", "derecho", "senal", "semaforo", "luz", "sello", "cuarentena", "toque", "contrato"}
)

// Sensitive tells whether incidents of a type must never be shown as points: by
// the words of its three levels together; what a violación is of, by those of
// its own level.
func Sensitive(kind [3]string) bool {
	var all typeWords
	for _, level := range kind {
		words := typeWords(plainWords(level))
		if words.any("violacion") && !words.any(otherViolation...) {
			return true
		}
		all = append(all, words...)
	}
	for _, group := range sensitiveTogether {
		if all.every(group) {
			return true
		}
	}
	return all.any(sensitiveAlone...) ||
		all.any("violencia") && (all.any(kin...) || !all.any(otherViolence...)) ||
		all.any("violacion") && all.any("mujer", "menor") ||
		all.any(quarrels...) && all.any(kin...) ||
		all.any(attacks...) && (all.any(kin...) || all.any(weak...))
}

// typeWords are the words of a type.
type typeWords []string

// any tells whether a word begins with one of some roots.
func (ws typeWords) any(roots ...string) bool {
	return slices.ContainsFunc(ws, func(w string) bool {
		return slices.ContainsFunc(roots, func(root string) bool { return strings.HasPrefix(w, root) })
	})
}

// every tells whether for each of some roots a word begins with it.
func (ws typeWords) every(roots []string) bool {
	return !slices.ContainsFunc(roots, func(root string) bool { return !ws.any(root) })
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
