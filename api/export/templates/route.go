package templates

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// shownStreets is how many names of streets a line of the paper has; the
// workbook has all.
const shownStreets = 9

// Streets is the background of maps: what the street graph holds.
type Streets struct {
	Minor, Major []orb.LineString
	Boundary     orb.MultiPolygon
}

// StreetsOf takes the background from a graph; nil: none.
func StreetsOf(g *routing.Graph) Streets {
	var out Streets
	if g == nil {
		return out
	}
	for i := range g.Segments {
		s := &g.Segments[i]
		switch s.Class {
		case routing.Motorway, routing.Trunk, routing.Primary, routing.Secondary, routing.Tertiary:
			out.Major = append(out.Major, s.Line)
		default:
			out.Minor = append(out.Minor, s.Line)
		}
	}
	out.Boundary = g.Boundary
	return out
}

// RouteSheets draws the hojas de ruta, each beginning on a page of its own.
func RouteSheets(sheets []forms.RouteSheet, streets Streets, made time.Time) paper.Book {
	b := paper.Book{Title: "Hojas de ruta", Made: made}
	for _, s := range sheets {
		b.Title = "Hojas de ruta " + string(s.Shift.ID)
		b.Loc = location(s.District)
		b.Documents = append(b.Documents, routeSheet(s, streets))
	}
	return b
}

func routeSheet(s forms.RouteSheet, streets Streets) paper.Document {
	loc := location(s.District)
	d := document(s.Head, "Hoja de ruta", fmt.Sprintf("Ronda %d · %s", s.Round, s.Unit.CallSign))
	facts := paper.Facts{Columns: 5, Items: []paper.Fact{
		{Label: "Unidad", Value: strings.TrimSpace(s.Unit.ID + " · " + modeWord[s.Unit.Mode])}, {Label: "Placa", Value: s.Unit.Plate},
		{Label: "Patrullaje", Value: kindOf(s.Unit)}, {Label: "Sector", Value: sectors(s.Unit)}, {Label: "Horario", Value: paper.ClockOf(s.Unit.From, loc) + " a " + paper.ClockOf(s.Unit.To, loc)},
		{Label: "Recorrido", Value: paper.Number(km(s.Metres), 1) + " km"}, {Label: "Duración", Value: paper.Hours(s.Minutes)}, {Label: "Paradas tácticas", Value: s.Stops},
		{Label: "Plan y versión", Value: fmt.Sprintf("%s · v%d", s.Plan.ID, s.Plan.Version)}, {Label: "Semilla", Value: strconv.FormatInt(s.Plan.Seed, 10)},
		{Label: "Jefe de grupo"}, {Label: "Chofer"}, {Label: "Efectivo PNP"}, {Label: "Odómetro salida / llegada"}, {Label: "Combustible (L)"},
	}}
	d.Blocks = []paper.Block{facts, routeMap(s, streets), routeTable(s),
		paper.Paragraph{Hint: true, Text: "Hora: la prevista. Cada línea de patrullaje resume hasta un cuarto de hora; el detalle calle por calle está en el equipo de la unidad y en el archivo XLSX."},
		paper.Signatures{Names: []paper.Signer{{Role: "Jefe de grupo o chofer"}, {Role: "Efectivo PNP, si va a bordo"}, {Role: "Supervisor de turno", Done: approvedBy(s.Plan, loc)}}},
		turnTable(s)}
	return d
}

func approvedBy(p *forms.Plan, loc *time.Location) string {
	if p == nil || p.ApprovedAt.IsZero() {
		return ""
	}
	return "Aprobó " + p.ApprovedBy + ", " + paper.MomentOf(p.ApprovedAt, loc)
}

// Reason says why a line is in a plan, from what the plan notes: "hot:" or
// "explore:" and a cell, "fixed:" and a post, "from:" and a unit.
func Reason(kind forms.LineKind, reason string) string {
	switch kind {
	case forms.Transfer:
		return "Traslado"
	case forms.Break:
		return "Refrigerio"
	case forms.Patrol:
		return "Cobertura"
	}
	word, _, _ := strings.Cut(reason, ":")
	switch word {
	case "hot", "":
		return "Zona crítica"
	case "explore":
		return "Zona por explorar"
	case "fixed":
		return "Punto fijo"
	case "request":
		return "Pedido"
	case "manual":
		return "Agregada a mano"
	case "alert":
		return "Alerta"
	case "from":
		return "Pasó de otra unidad"
	}
	return reason
}

// what writes a line of the sheet.
func what(l forms.RouteLine, loc *time.Location) string {
	switch l.Kind {
	case forms.Stop:
		s := "Parada táctica: " + routing.ShortName(l.Place)
		if !l.Due.IsZero() {
			s += " (pedida para las " + paper.ClockOf(l.Due, loc) + ")"
		}
		return s
	case forms.Break:
		return "Refrigerio: " + routing.ShortName(l.Place)
	}
	names := l.Streets
	more := len(names) - shownStreets
	if more > 0 {
		names = names[:shownStreets]
	}
	names = slices.Clone(names)
	for i := range names {
		names[i] = routing.ShortName(names[i])
	}
	s := strings.Join(names, ", ")
	switch {
	case s == "":
		s = l.Place
	case more > 0:
		s += fmt.Sprintf(" y %d más", more)
	}
	switch {
	case len(l.Streets) == 0 || l.Unnamed == 0:
	case l.Unnamed == 1:
		s += "; 1 tramo sin nombre"
	default:
		s += fmt.Sprintf("; %d tramos sin nombre", l.Unnamed)
	}
	if l.Kind == forms.Transfer {
		return "Traslado por " + s
	}
	return s
}

func routeTable(s forms.RouteSheet) paper.Table {
	loc := location(s.District)
	t := paper.Table{Sheet: "Hoja de ruta", Row: 6, Empty: "Esta ronda no tiene recorrido.", Columns: []paper.Column{
		{Title: "Unidad", Width: 12, Only: paper.InWorkbook},
		{Title: "N.º", Width: 4, Kind: paper.Whole},
		{Title: "Hora", Width: 6, Kind: paper.Clock},
		{Title: "Calles o lugar", Width: 60},
		{Title: "Motivo", Width: 12},
		{Title: "min", Width: 5, Kind: paper.Whole},
		{Title: "km", Width: 5, Kind: paper.Tenths},
		{Title: "Hecho a las", Width: 9, Kind: paper.Box},
		{Title: "Observaciones", Width: 18, Kind: paper.Box},
	}}
	for _, l := range s.Lines {
		var length any
		if l.Kind == forms.Patrol || l.Kind == forms.Transfer {
			length = km(l.Metres)
		}
		t.Rows = append(t.Rows, []any{s.Unit.CallSign, l.Number, l.Start, what(l, loc), Reason(l.Kind, l.Reason), l.Minutes, length, nil, nil})
	}
	return t
}

var legWord = map[patrol.LegKind]string{patrol.Service: "Primera pasada", patrol.Repeat: "Otra pasada", patrol.Fill: "Otra pasada", patrol.Deadhead: "Traslado"}

// turnTable is street by street: too long for paper.
func turnTable(s forms.RouteSheet) paper.Block {
	t := paper.Table{Sheet: "Calle por calle", OnlySheet: true, Columns: []paper.Column{
		{Title: "Unidad", Width: 12}, {Title: "Línea", Width: 8, Kind: paper.Whole}, {Title: "Hora", Width: 14, Kind: paper.Clock},
		{Title: "Calle", Width: 40}, {Title: "Qué", Width: 14}, {Title: "m", Width: 8, Kind: paper.Whole}}}
	for _, l := range s.Lines {
		for _, turn := range l.Turns {
			t.Rows = append(t.Rows, []any{s.Unit.CallSign, l.Number, turn.Start, turn.Street, legWord[turn.Kind], turn.Metres})
		}
	}
	return t
}

// routeMap draws the round over the streets, with the numbers of the lines.
func routeMap(s forms.RouteSheet, streets Streets) paper.Map {
	m := paper.Map{Height: 92, Credit: Credit, View: boundOf(s), Lines: background(streets)}
	m.Lines = append(m.Lines,
		paper.Lines{Lines: s.Transfers, Wide: 0.35, Color: paper.Second, Dash: []float64{0.3, 0.9}},
		paper.Lines{Lines: s.Driven, Wide: 0.55, Color: paper.Own})
	for _, kind := range []forms.LineKind{forms.Patrol, forms.Break, forms.Stop} {
		for _, l := range slices.Backward(s.Lines) {
			if l.Kind == kind {
				k := paper.Mark{At: l.At, Text: strconv.Itoa(l.Number), Color: paper.Ink}
				if kind == forms.Patrol {
					k.Color, k.Open = paper.Own, true
				} else if kind == forms.Break {
					k.Color = paper.Hint
				}
				m.Marks = append(m.Marks, k)
			}
		}
	}
	m.Legend = []paper.Key{{Text: "Recorrido de patrullaje", Line: &paper.Own}, {Text: "Traslado", Line: &paper.Second, Dash: []float64{0.3, 0.9}},
		{Text: "Parada táctica, por su número", Line: &paper.Ink, Disc: true}, {Text: "Aquí empieza la línea", Line: &paper.Own, Disc: true, Open: true}}
	return m
}

// background draws the streets and the boundary quietly.
func background(s Streets) []paper.Lines {
	var edges []orb.LineString
	for _, p := range s.Boundary {
		for _, ring := range p {
			edges = append(edges, orb.LineString(ring))
		}
	}
	return []paper.Lines{{Lines: s.Minor, Wide: 0.15, Color: paper.Color{213, 217, 222}}, {Lines: s.Major, Wide: 0.4, Color: paper.Color{196, 203, 210}},
		{Lines: edges, Wide: 0.3, Color: paper.Second, Dash: []float64{2, 0.8, 0.5, 0.8}}}
}

// boundOf is where a round goes.
func boundOf(s forms.RouteSheet) orb.Bound {
	var b orb.Bound
	first := true
	extend := func(o orb.Bound) {
		if first {
			b, first = o, false
			return
		}
		b = b.Union(o)
	}
	for _, lines := range [][]orb.LineString{s.Driven, s.Transfers} {
		for _, l := range lines {
			if len(l) > 0 {
				extend(l.Bound())
			}
		}
	}
	for _, l := range s.Lines {
		if l.Kind == forms.Stop || l.Kind == forms.Break {
			extend(l.At.Bound())
		}
	}
	return b
}
