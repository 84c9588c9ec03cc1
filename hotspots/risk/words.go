package risk

import (
	"strings"

	"github.com/serenazgo/serenazgo/hotspots"
)

// words by which files call the kinds, as roots without accents: the first kind
// of which every root of a phrase begins a word of the text.
var words = []struct {
	kind    Kind
	phrases []string
}{
	{Camera, []string{"camara", "camera", "videovigilancia", "cctv"}},
	{GuardPost, []string{"caseta", "comisaria", "puesto vigilancia", "puesto auxilio", "modulo seguridad", "police", "guard"}},
	{Unlit, []string{"sin luz", "sin alumbrado", "poca luz", "poco alumbrado", "poca iluminacion", "mala iluminacion", "sin iluminacion", "deficiente iluminacion",
		"iluminacion deficiente", "alumbrado deficiente", "falta alumbrado", "falta luz", "falta iluminacion", "oscur", "unlit", "dark"}},
	{DrugPoint, []string{"droga", "microcomercializacion", "consumo", "drug"}},
	{VacantLot, []string{"baldio", "abandonad", "terreno", "vacant", "abandoned"}},
	{Nightclub, []string{"discoteca", "nocturno", "prostibulo", "night"}},
	{Bar, []string{"bar", "bares", "cantina", "licor", "alcohol", "chicheria", "pub"}},
	{School, []string{"colegio", "escuela", "educativ", "instituto", "universidad", "school"}},
	{Market, []string{"mercado", "feria", "paradita", "comercial", "market"}},
	{Bank, []string{"banco", "bank", "cajero", "agente bancario", "atm"}},
	{BusStop, []string{"paradero", "terminal", "bus", "mototaxi"}},
	{Park, []string{"parque", "plaza", "losa", "park"}},
	{Building, []string{"obra", "construccion", "construction"}},
}

// exact are roots that must be the whole word: others begin with them.
var exact = map[string]bool{"bar": true, "pub": true, "bus": true, "atm": true}

// KindOf finds the kind that a text names, as an identifier or in the words of
// Spanish and English files; false if it names none.
func KindOf(text string) (Kind, bool) {
	said := hotspots.Words(text)
	for _, k := range Kinds() {
		if strings.Join(said, "_") == string(k) {
			return k, true
		}
	}
	for _, w := range words {
		for _, phrase := range w.phrases {
			if says(said, strings.Fields(phrase)) {
				return w.kind, true
			}
		}
	}
	return "", false
}

func says(said, roots []string) bool {
	for _, root := range roots {
		found := false
		for _, w := range said {
			found = found || w == root || !exact[root] && strings.HasPrefix(w, root)
		}
		if !found {
			return false
		}
	}
	return true
}
