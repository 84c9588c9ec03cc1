package templates

import (
	"fmt"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// splitTable says how the period divides up between both forces.
func splitTable(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Reparto", Empty: "Ningún turno en que se conozcan ambas fuerzas.", Columns: []paper.Column{
		{Title: "De qué", Width: 26, Kind: paper.Strong}, {Title: "Solo serenazgo, %", Width: 12, Kind: paper.Tenths}, {Title: "Solo policía, %", Width: 12, Kind: paper.Tenths},
		{Title: "Ambas, %", Width: 12, Kind: paper.Tenths}, {Title: "Integrado, %", Width: 12, Kind: paper.Tenths}, {Title: "Nadie, %", Width: 12, Kind: paper.Tenths},
		{Title: "Sin señal, %", Width: 12, Kind: paper.Tenths}, {Title: "n", Width: 10, Kind: paper.Whole}}}
	for _, row := range []struct {
		name string
		of   *review.Split
	}{{"Calles", r.Streets}, {"Celdas y partes del reloj", r.Presence}} {
		if s := row.of; s != nil {
			t.Rows = append(t.Rows, []any{row.name, s.Municipal, s.Police, s.Both, s.Integrated, s.Nobody, s.Unknown, s.N})
		}
	}
	return t
}

// count writes a number of occurrences as a cell.
func count(c *review.Count) any {
	switch {
	case c == nil:
		return paper.Unknown{}
	case c.Few:
		return "1–2"
	}
	return c.N
}

// occurrenceBlocks counts what occurred, by type, shift and sector.
func occurrenceBlocks(r review.Review) []paper.Block {
	o := r.Occurrences
	out := []paper.Block{paper.Heading{Text: "Ocurrencias"}}
	if o.N == 0 {
		return append(out, paper.Paragraph{Hint: true, Text: "No hay ocurrencias registradas en este período."})
	}
	out = append(out, paper.Paragraph{Hint: true, Text: fmt.Sprintf("%d registradas, %d avisadas en el momento; a %d se sabe que llegó una unidad. %d son simuladas. Menos de 3 no se dicen: «1–2».", o.N, o.Alarms, o.Answered, o.Simulated)})
	name := map[string]string{}
	for _, s := range r.Shifts {
		name[s.Code] = s.Name
	}
	t := paper.Table{Sheet: "Ocurrencias", Columns: []paper.Column{
		{Title: "Por", Width: 14}, {Title: "Cuál", Width: 50, Kind: paper.Strong}, {Title: "Ocurrencias", Width: 14, Kind: paper.Whole},
		{Title: "Período anterior", Width: 14, Kind: paper.Whole}, {Title: "Año anterior", Width: 14, Kind: paper.Whole}}}
	for _, by := range []struct {
		what string
		rows []review.CountRow
	}{{"Tipo", o.ByType}, {"Turno", o.ByShift}, {"Sector", o.BySector}} {
		for _, row := range by.rows {
			which := row.Name
			if by.what == "Turno" && name[which] != "" {
				which = name[which]
			}
			if which == "" {
				which = "sin asignar"
			}
			t.Rows = append(t.Rows, []any{by.what, which, count(&row.Count), count(row.Previous), count(row.LastYear)})
		}
	}
	return append(out, t)
}

// resources tells what the register of units held, counted once a shift.
func resources(r review.Review) paper.Block {
	g := r.Register
	if g.Units == 0 {
		return paper.Paragraph{Hint: true, Text: "El registro de unidades no dice nada de estos turnos."}
	}
	return paper.Facts{Columns: 5, Items: []paper.Fact{{Label: "Unidades × turnos registradas", Value: g.Units}, {Label: "Operativas", Value: g.Operational},
		{Label: "En taller", Value: g.Workshop}, {Label: "Sin combustible", Value: g.NoFuel}, {Label: "De baja", Value: g.Retired}}}
}
