package templates

import (
	"time"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/forms"
)

// Roster draws the rol de patrullaje.
func Roster(r forms.Roster, made time.Time) paper.Book {
	loc := location(r.District)
	d := document(r.Head, "Rol de patrullaje", "")
	d.Subject, d.Line = d.Line, ""
	d.Landscape = true
	t := paper.Table{Sheet: "Rol de patrullaje", Row: 9, Empty: "Nadie sale en este turno.", Columns: []paper.Column{
		{Title: "Ronda", Width: 7, Kind: paper.Whole},
		{Title: "Código", Width: 8},
		{Title: "Unidad", Width: 14, Kind: paper.Strong},
		{Title: "Tipo", Width: 10},
		{Title: "Placa", Width: 9},
		{Title: "Patrullaje", Width: 12},
		{Title: "Desde", Width: 7, Kind: paper.Clock},
		{Title: "Hasta", Width: 7, Kind: paper.Clock},
		{Title: "Sector", Width: 17},
		{Title: "km", Width: 7, Kind: paper.Tenths},
		{Title: "Paradas", Width: 9, Kind: paper.Whole},
		{Title: "Restricciones", Width: 15},
		{Title: "Jefe de grupo", Width: 20, Kind: paper.Box},
		{Title: "Chofer", Width: 20, Kind: paper.Box},
		{Title: "Efectivo PNP", Width: 20, Kind: paper.Box},
		{Title: "Operativo y observaciones", Width: 24, Kind: paper.Box},
	}}
	var integrated int
	var metres float64
	for _, row := range r.Rows {
		u := row.Unit
		var round, length, stops any
		if row.Round > 0 {
			round, length, stops = row.Round, km(row.Metres), row.Stops
			metres += row.Metres
		}
		if u.Integrated {
			integrated++
		}
		t.Rows = append(t.Rows, []any{round, u.ID, u.CallSign, modeWord[u.Mode], u.Plate, kindOf(u), u.From, u.To, sectors(u), length, stops, restrictions(u, r.Shift, loc), nil, nil, nil, nil})
	}
	plan := "Sin plan"
	if r.Plan != nil {
		plan = r.Plan.ID
	}
	d.Blocks = []paper.Block{
		paper.Facts{Columns: 4, Items: []paper.Fact{{Label: "Unidades", Value: len(r.Rows)}, {Label: "Con efectivo PNP a bordo (patrullaje integrado)", Value: integrated},
			{Label: "km planeados", Value: km(metres)}, {Label: "Plan de ronda", Value: plan}}},
		t,
		paper.Paragraph{Hint: true, Text: "Los nombres se escriben a mano: el programa no guarda quién va en cada unidad."},
		paper.Signatures{Names: []paper.Signer{{Role: "Supervisor de turno"}, {Role: "Enlace PNP"}, {Role: "Jefe de serenazgo"}}},
	}
	return paper.Book{Title: "Rol de patrullaje " + string(r.Shift.ID), Made: made, Loc: loc, Documents: []paper.Document{d}}
}
