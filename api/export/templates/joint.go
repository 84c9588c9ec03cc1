package templates

import (
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// The classes of the maps, by how many times the district's mean cell, and
// their colours from the lowest up.
var (
	jointFrom  = [...]float64{0, 0.5, 1, 2, 4}
	jointWords = [...]string{"menos de 0.5 ×", "de 0.5 a 1 ×", "de 1 a 2 ×", "de 2 a 4 ×", "4 × o más"}
	jointTints = [...]paper.Color{{255, 240, 207}, {251, 208, 131}, {238, 159, 58}, {200, 100, 26}, {134, 52, 11}}
)

// jointClass gives the class of a cell.
func jointClass(times float64) int {
	k := 0
	for i, from := range jointFrom {
		if times >= from {
			k = i
		}
	}
	return k
}

// OfJointMap makes the paper of a joint map.
func OfJointMap(m forms.JointMap, streets Streets, made time.Time) Paper {
	shift := strings.ReplaceAll(string(m.Shift.ID), "/", "-")
	return Paper{fmt.Sprintf("mapa-conjunto-%s-%s", m.District.Ubigeo, shift), JointMap(m, streets, made), m}
}

// JointMap draws the crime map, the municipal risk map and the two united, on
// the same cells.
func JointMap(m forms.JointMap, streets Streets, made time.Time) paper.Book {
	loc := location(m.District)
	d := document(m.Head, "Mapa conjunto de delito y riesgo", "")
	d.Subject, d.Line, d.Landscape = d.Line, "", true
	d.Source = fmt.Sprintf("Mapa del delito: modelo «%s» sobre unas %s incidencias registradas; mapa de riesgo: factores de la municipalidad; %d celdas H3 de nivel %d",
		m.Model, paper.Number(float64(m.Incidents), 0), len(m.Cells), m.Res)
	joint := func(c forms.JointCell) float64 { return c.Times }
	crime := jointLayer(m, streets, 72, func(c forms.JointCell) float64 { return c.CrimeTimes })
	crime.Title = "Mapa del delito (PNP y registros): esperado en el turno"
	town := jointLayer(m, streets, 72, func(c forms.JointCell) float64 { return c.MunicipalTimes })
	town.Title = "Mapa de riesgo (municipalidad): factores del lugar"
	d.Blocks = []paper.Block{
		paper.Paragraph{Strong: true, Text: jointVerdict(m)},
		paper.Paragraph{Hint: true, Text: fmt.Sprintf("conjunto = %s × delito + %s × riesgo municipal. Los colores dicen cuántas veces (×) la celda media del distrito. Las cifras van redondeadas a 1, 2 o 5 para que no se reconozca ningún hecho.",
			paper.Number(1-m.Share, 2), paper.Number(m.Share, 2))},
	}
	if len(m.Cells) > 0 {
		d.Blocks = append(d.Blocks, jointLayer(m, streets, 112, joint), paper.PageBreak{}, paper.Heading{Text: "Los dos mapas, sobre las mismas celdas"}, paper.Maps{Maps: []paper.Map{crime, town}})
	}
	d.Blocks = append(d.Blocks, paper.Heading{Text: "Celdas más altas"}, jointCells(m), paper.Heading{Text: "Método y pesos"},
		paper.Paragraph{Text: "exposición(factor, celda) = mín(1; Σ máx(0; 1 − distancia ÷ alcance)), desde el centro de la celda. riesgo municipal(celda) = máx(0; Σ peso × exposición). " +
			"Delito y riesgo se dividen por su suma en el distrito: son partes de él y se pueden comparar. Donde falta uno de los dos mapas, el conjunto es el otro."},
		jointTerms(m),
		paper.Paragraph{Hint: true, Text: "Los pesos y la parte municipal son juicios del distrito, no medidas ni norma oficial. Este mapa no afirma que un factor cause delitos."},
		paper.Signatures{Names: []paper.Signer{{Role: "Municipalidad"}, {Role: "Policía Nacional del Perú"}}})
	return paper.Book{Title: "Mapa conjunto " + string(m.Shift.ID), Made: made, Loc: loc, Documents: []paper.Document{d}}
}

func jointVerdict(m forms.JointMap) string {
	switch {
	case len(m.Cells) == 0:
		return "El distrito no tiene celdas: falta su límite."
	case m.Incidents == 0 && m.Share == 0:
		return "Aún no hay incidencias ni factores de riesgo: no hay nada que unir."
	case m.Incidents == 0:
		return "Sin incidencias registradas: el mapa conjunto es el de riesgo municipal."
	case m.Share == 0:
		return "Sin factores de riesgo registrados: el mapa conjunto es el del delito."
	}
	high := 0
	for _, c := range m.Cells {
		if jointClass(c.Times) == len(jointFrom)-1 {
			high++
		}
	}
	top := ""
	if place := m.Cells[0].Place; place != "" {
		top = " La más alta: " + place + "."
	}
	switch high {
	case 0:
		return "Ninguna celda llega a 4 veces el riesgo de la celda media." + top
	case 1:
		return "Una celda tiene 4 o más veces el riesgo de la celda media." + top
	}
	return fmt.Sprintf("%d celdas tienen 4 o más veces el riesgo de la celda media.%s", high, top)
}

// jointLayer colours the cells by one of the figures, over which the streets lie.
func jointLayer(m forms.JointMap, streets Streets, height float64, of func(forms.JointCell) float64) paper.Map {
	out := paper.Map{Height: height, Credit: Credit, Lines: background(streets)}
	view := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	var n [len(jointFrom)]int
	for _, c := range m.Cells {
		shape, err := c.Cell.Polygon()
		if err != nil {
			continue
		}
		k := jointClass(of(c))
		n[k]++
		out.Areas = append(out.Areas, paper.Area{Rings: shape, Fill: &jointTints[k], Edge: &paper.White})
		view = view.Union(shape.Bound())
	}
	for k, w := range jointWords {
		out.Legend = append(out.Legend, paper.Key{Text: w + ": " + cellCount(n[k]), Fill: &jointTints[k], Line: &paper.Hint})
	}
	out.View = view
	return out
}

// shownCells is how many cells the paper lists; the workbook has all.
const shownCells = 20

func jointCells(m forms.JointMap) paper.Table {
	t := paper.Table{Sheet: "Celdas", Empty: "Sin celdas.", PaperRows: shownCells, Columns: []paper.Column{
		{Title: "N.º", Width: 6, Kind: paper.Whole}, {Title: "Lugar", Width: 50}, {Title: "Celda H3", Width: 22}, {Title: "Veces la media", Width: 14, Kind: paper.Tenths},
		{Title: "Delito, % del distrito", Width: 16, Kind: paper.Hundredths}, {Title: "Riesgo municipal, %", Width: 16, Kind: paper.Hundredths}, {Title: "Conjunto, %", Width: 14, Kind: paper.Hundredths}}}
	for _, c := range m.Cells {
		t.Rows = append(t.Rows, []any{c.Rank, c.Place, c.Cell.String(), c.Times, c.CrimePct, c.MunicipalPct, c.JointPct})
	}
	return t
}

var factorWord = map[risk.Kind]string{risk.Unlit: "Sin alumbrado", risk.VacantLot: "Terreno baldío o abandonado", risk.Bar: "Bar o venta de licor", risk.Nightclub: "Local nocturno",
	risk.DrugPoint: "Punto de droga", risk.School: "Centro educativo", risk.Market: "Mercado o feria", risk.Bank: "Banco o cajero", risk.BusStop: "Paradero", risk.Park: "Parque o plaza",
	risk.Building: "Obra", risk.Camera: "Cámara (protege)", risk.GuardPost: "Puesto de vigilancia (protege)", risk.OtherPlace: "Otro"}

func jointTerms(m forms.JointMap) paper.Table {
	t := paper.Table{Sheet: "Factores", Columns: []paper.Column{{Title: "Factor", Width: 40, Kind: paper.Strong}, {Title: "Lugares", Width: 14, Kind: paper.Whole},
		{Title: "Peso", Width: 14, Kind: paper.Tenths}, {Title: "Alcance, m", Width: 14, Kind: paper.Whole}}}
	for _, x := range m.Terms {
		t.Rows = append(t.Rows, []any{factorWord[x.Kind], x.Places, x.Weight, x.ReachM})
	}
	return t
}

// cellCount says how many cells, in words.
func cellCount(n int) string {
	if n == 1 {
		return "1 celda"
	}
	return fmt.Sprintf("%d celdas", n)
}
