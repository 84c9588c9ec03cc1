package templates

import (
	"fmt"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/review"
)

var weekdays = [7]string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"}

// absenceBlocks tell in which hours of the week nobody was there: sector by
// sector, and in what part of the cells at each hour. In the workbook stand all
// hours of all sectors.
func absenceBlocks(r review.Review) []paper.Block {
	out := []paper.Block{paper.Heading{Text: "Horas sin ninguna fuerza"}}
	if len(r.Absences) == 0 {
		return append(out, paper.Paragraph{Hint: true, Text: "No se midieron en esta evaluación."})
	}
	t := paper.Table{Sheet: "Horas sin nadie", Columns: []paper.Column{
		{Title: "Sector", Width: 30, Kind: paper.Strong}, {Title: "Celdas", Width: 8, Kind: paper.Whole}, {Title: "Horas de turno medidas", Width: 12, Kind: paper.Whole},
		{Title: "Horas sin ninguna fuerza", Width: 12, Kind: paper.Whole}, {Title: "%", Width: 8, Kind: paper.Tenths}, {Title: "Horas que se desconocen", Width: 12, Kind: paper.Whole},
		{Title: "Más horas seguidas", Width: 12, Kind: paper.Whole}, {Title: "Desde", Width: 18, Kind: paper.Moment},
		{Title: "Horas con GPS policial", Width: 12, Kind: paper.Whole}}}
	all := paper.Table{Sheet: "Horas de la semana", OnlySheet: true, Columns: []paper.Column{
		{Title: "Sector"}, {Title: "Día"}, {Title: "Hora", Kind: paper.Whole}, {Title: "Horas de turno medidas", Kind: paper.Whole}, {Title: "Sin ninguna fuerza", Kind: paper.Whole},
		{Title: "Se desconocen", Kind: paper.Whole}, {Title: "Celdas sin nadie, %", Kind: paper.Tenths}}}
	for _, a := range r.Absences {
		name := areaName(r, a)
		share := any(paper.Unknown{})
		if a.Hours > 0 {
			share = 100 * float64(a.Nobody) / float64(a.Hours)
		}
		t.Rows = append(t.Rows, []any{name, a.Cells, a.Hours, a.Nobody, share, a.Unknown, a.Longest, a.Since, a.PoliceKnown})
		for d := range weekdays {
			for h := range 24 {
				if n := a.Week.Hours[d][h]; n > 0 {
					all.Rows = append(all.Rows, []any{name, weekdays[d], h, n, a.Week.Nobody[d][h], a.Week.Unknown[d][h], a.Week.AbsentPct(d, h)})
				}
			}
		}
	}
	return append(out, t, paper.Paragraph{Hint: true, Text: absenceHint(r)}, weekTable(r.Absences[0]),
		paper.Paragraph{Hint: true, Text: "Cada número es el porcentaje de las celdas en las que no se vio a nadie en esa hora, en el día medio; un guion: sin turno medido."}, all)
}

// areaName names an area: a sector, or what the review is of.
func areaName(r review.Review, a review.Absence) string {
	switch {
	case a.Sector != "":
		return a.Name
	case r.SectorName != "":
		return r.SectorName
	}
	return "Todo el distrito"
}

func absenceHint(r review.Review) string {
	a := r.Absences[0]
	s := "Una hora del reloj cuenta sin ninguna fuerza si ninguna unidad municipal, policial ni integrada pasó patrullando por el sector en toda la hora. Si alguna estuvo sin señal toda la hora, se desconoce. Solo horas de turnos con señal municipal."
	if a.PoliceKnown < a.Hours {
		s += fmt.Sprintf(" De la policía hay posiciones en %d de %d horas; en las demás solo cuenta el serenazgo.", a.PoliceKnown, a.Hours)
	}
	return s
}

// weekTable is weekday by hour: the percentage of cells without anybody.
func weekTable(a review.Absence) paper.Table {
	t := paper.Table{Sheet: "Semana", Columns: []paper.Column{{Title: "Día", Width: 18, Kind: paper.Strong}}}
	for h := range 24 {
		t.Columns = append(t.Columns, paper.Column{Title: fmt.Sprintf("%02d", h), Width: 7, Kind: paper.Whole})
	}
	for d, name := range weekdays {
		row := []any{name}
		for h := range 24 {
			if a.Week.CellHours[d][h] == 0 {
				row = append(row, paper.Unknown{})
				continue
			}
			row = append(row, a.Week.AbsentPct(d, h))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// shiftPresence counts the cells of each force by the shifts' names.
func shiftPresence(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Celdas por turno", Empty: "Sin turnos con datos.", Columns: []paper.Column{
		{Title: "Turno", Width: 16, Kind: paper.Strong}, {Title: "Turnos con señal municipal", Width: 14, Kind: paper.Whole}, {Title: "Turnos con señal policial", Width: 14, Kind: paper.Whole},
		{Title: "Celdas solo serenazgo", Width: 14, Kind: paper.Whole}, {Title: "Celdas solo policía", Width: 14, Kind: paper.Whole},
		{Title: "Celdas con ambos o integrado", Width: 14, Kind: paper.Whole}, {Title: "Celdas con nadie", Width: 14, Kind: paper.Whole}}}
	for _, s := range r.ByShift {
		n := map[review.Presence]int{}
		for _, p := range s.Cells {
			n[p]++
		}
		t.Rows = append(t.Rows, []any{s.Name, s.Shifts, s.PoliceShifts, n[review.OnlyMunicipal], n[review.OnlyPolice], n[review.BothForces], n[review.Nobody]})
	}
	return t
}
