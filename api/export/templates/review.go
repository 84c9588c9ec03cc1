package templates

import (
	"fmt"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// OfReview makes the paper of a joint review; its maps lie over the streets.
func OfReview(r review.Review, streets Streets, made time.Time) Paper {
	return Paper{fmt.Sprintf("evaluacion-%s-%s-%s", r.Ubigeo, r.Query.From, r.Query.To), Review(r, streets, made), r}
}

// Review draws the joint evaluation.
func Review(r review.Review, streets Streets, made time.Time) paper.Book {
	district := forms.District{Ubigeo: r.Ubigeo, Name: r.District, TimeZone: r.TimeZone, Simulated: r.Simulated}
	loc := location(district)
	d := document(forms.Head{District: district}, "Evaluación del patrullaje local integrado", "")
	d.Subject, d.Line, d.Landscape = reviewPeriod(r.Query.Period), reviewScope(r), true
	d.Source = fmt.Sprintf("%d días y %d turnos con datos, %d turnos sin señal municipal en los que solo cuenta la policía; %s posiciones GPS; policía: %s; perfil %s (no oficial)", r.Sources.Days, r.Sources.Shifts, r.Sources.Silent, paper.Number(float64(r.Sources.Fixes), 0), policeWord[r.Sources.Police], profileWord(r.Profile))
	d.Blocks = []paper.Block{
		paper.Paragraph{Strong: true, Text: reviewVerdict(r)},
		paper.Paragraph{Hint: true, Text: "Ninguna cifra afirma que el patrullaje cambió el delito. n es el número de observaciones. «Según plan» es lo que el plan policial prevé, no lo hecho."},
		paper.Heading{Text: "Indicadores"}, indicatorTable(r),
		paper.Heading{Text: "Recursos"}, resources(r),
		paper.Heading{Text: "Por turno"}, shiftTable(r),
		paper.Heading{Text: "Reparto entre ambas fuerzas"}, splitTable(r),
		paper.Heading{Text: "Complementariedad y duplicidad"}, presenceMap(r, streets),
		paper.Paragraph{Hint: true, Text: presenceHint(r.Profile)},
		paper.Heading{Text: "Presencia por turno"},
	}
	d.Blocks = append(append(d.Blocks, shiftBlocks(r, streets)...), absenceBlocks(r)...)
	d.Blocks = append(d.Blocks, paper.Heading{Text: "Vacíos más largos"}, gapTable(r),
		paper.Heading{Text: "Dosis en zonas calientes"}, doseTable(r), cellTable(r))
	d.Blocks = append(append(d.Blocks, occurrenceBlocks(r)...), paper.Heading{Text: "Fórmulas"}, formulaTable(r.Profile))
	return paper.Book{Title: "Evaluación conjunta " + r.Query.From + " a " + r.Query.To, Made: made, Loc: loc, Documents: []paper.Document{d}}
}

var policeWord = map[string]string{review.PoliceDriven: "posiciones GPS", review.PolicePlanned: "solo su plan", review.PoliceNone: "sin datos"}

// reviewPeriod writes the days of a review.
func reviewPeriod(p review.Period) string {
	if p.From == p.To {
		return dayWord(p.From)
	}
	return "Del " + dayWord(p.From) + " al " + dayWord(p.To)
}

// profileWord names whose thresholds count.
func profileWord(p review.Profile) string {
	if p.BandsVersion == 0 {
		return p.ID
	}
	return fmt.Sprintf("%s con semáforo del distrito, versión %d", p.ID, p.BandsVersion)
}

// presenceHint says when a force counts in a cell of the map.
func presenceHint(p review.Profile) string {
	t := p.Terms.OrDefault()
	return fmt.Sprintf("Una fuerza cuenta en una celda si estuvo en ella %v min o más en el turno medio; según su plan, si se la espera en %v partes del reloj de %v min o más.", t.PresentMinutes, t.ExpectedSlots, t.SlotMinutes)
}

// dayWord writes a date as it is read.
func dayWord(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return paper.Day(t, time.UTC)
}

func reviewScope(r review.Review) string {
	s := "Todo el distrito"
	if r.SectorName != "" {
		s = "Sector " + r.SectorName
	}
	if r.Query.Shift != "" {
		return s + " · turno " + r.Query.Shift
	}
	return s + " · todos los turnos"
}

// reviewVerdict says in a sentence what the figures prove.
func reviewVerdict(r review.Review) string {
	if r.Verdict.JointPct == nil {
		return "No hay turnos con posiciones del serenazgo en este período."
	}
	s := fmt.Sprintf("En el turno medio se patrulló el %.1f %% de las calles", *r.Verdict.JointPct)
	switch {
	case r.Verdict.PolicePct != nil && r.Verdict.SerenazgoPct != nil:
		s += fmt.Sprintf(": serenazgo %.1f %%, policía %.1f %%.", *r.Verdict.SerenazgoPct, *r.Verdict.PolicePct)
	case r.Verdict.PolicePlanPct != nil:
		s += fmt.Sprintf("; el plan policial prevé el %.1f %%, que no está comprobado por GPS.", *r.Verdict.PolicePlanPct)
	default:
		s += "; de la policía no hay datos."
	}
	return s
}

// value writes a figure as a cell; one that is not known is a dash.
func value(v *float64) any {
	if v == nil {
		return paper.Unknown{}
	}
	return *v
}

func indicatorTable(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Indicadores", Columns: []paper.Column{
		{Title: "Indicador", Width: 30, Kind: paper.Strong}, {Title: "Unidad", Width: 8},
		{Title: "Municipal", Width: 10, Kind: paper.Tenths}, {Title: "Policía", Width: 10, Kind: paper.Tenths}, {Title: "Policía: según plan", Width: 10},
		{Title: "Integrado", Width: 10, Kind: paper.Tenths}, {Title: "Conjunto", Width: 10, Kind: paper.Tenths}, {Title: "Conjunto: según plan", Width: 10},
		{Title: "n", Width: 8, Kind: paper.Whole}, {Title: "Semáforo", Width: 10, Kind: paper.Signal},
		{Title: "Período anterior", Width: 10, Kind: paper.Tenths}, {Title: "Año anterior", Width: 10, Kind: paper.Tenths},
	}}
	planned := func(f review.Figure) any {
		if f.Planned {
			return "sí"
		}
		return nil
	}
	for _, i := range r.Indicators {
		f, ok := review.FormulaOf(i.Key)
		if !ok {
			continue
		}
		all := i.Together
		t.Rows = append(t.Rows, []any{f.Name, f.Unit, value(i.Municipal.Value), value(i.Police.Value), planned(i.Police), value(i.Integrated.Value),
			value(all.Value), planned(all), all.N, paper.Light(all.Light), value(all.Previous), value(all.LastYear)})
	}
	return t
}

func shiftTable(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Turnos", Empty: "Sin turnos con datos.", Columns: []paper.Column{
		{Title: "Turno", Width: 12, Kind: paper.Strong}, {Title: "Turnos", Width: 8, Kind: paper.Whole}, {Title: "Unidades", Width: 9, Kind: paper.Tenths},
		{Title: "Municipal, min", Width: 12, Kind: paper.Tenths}, {Title: "Policía, min", Width: 12, Kind: paper.Tenths}, {Title: "Integrado, min", Width: 12, Kind: paper.Tenths},
		{Title: "Calles, conjunto %", Width: 12, Kind: paper.Tenths}, {Title: "Calles, serenazgo %", Width: 12, Kind: paper.Tenths}, {Title: "Calles, policía %", Width: 12, Kind: paper.Tenths},
		{Title: "Horas sin nadie, celda media", Width: 12, Kind: paper.Tenths},
	}}
	for _, s := range r.Shifts {
		t.Rows = append(t.Rows, []any{s.Name, s.Shifts, s.Units, s.Municipal, s.Police, s.Integrated, value(s.JointPct), value(s.SerenazgoPct), value(s.PolicePct), value(s.NobodyHours)})
	}
	return t
}

func gapTable(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Vacíos", Empty: "Sin vacíos.", Columns: []paper.Column{
		{Title: "Calles", Width: 50}, {Title: "Celda H3", Width: 20}, {Title: "Desde", Width: 18, Kind: paper.Moment}, {Title: "Hasta", Width: 18, Kind: paper.Moment}, {Title: "Minutos de turno", Width: 14, Kind: paper.Tenths}}}
	for _, g := range r.Gaps {
		t.Rows = append(t.Rows, []any{strings.Join(g.Streets, ", "), g.Cell.String(), g.Start, g.End, g.Minutes})
	}
	return t
}

func doseTable(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Dosis", Empty: "Sin paradas planificadas.", Columns: []paper.Column{
		{Title: "Calles", Width: 36}, {Title: "Celda H3", Width: 20}, {Title: "Turnos", Width: 8, Kind: paper.Whole}, {Title: "Planificado, min", Width: 12, Kind: paper.Tenths},
		{Title: "Municipal, min", Width: 12, Kind: paper.Tenths}, {Title: "Policía, min", Width: 12, Kind: paper.Tenths}, {Title: "Integrado, min", Width: 12, Kind: paper.Tenths},
		{Title: "Entregado, %", Width: 12, Kind: paper.Tenths}, {Title: "Turnos con atención", Width: 12, Kind: paper.Whole}}}
	for _, x := range r.Dosage {
		t.Rows = append(t.Rows, []any{strings.Join(x.Streets, ", "), x.Cell.String(), x.Shifts, x.PlannedMin, x.Municipal, x.Police, x.Integrated, x.Pct, x.Served})
	}
	return t
}

func cellTable(r review.Review) paper.Table {
	t := paper.Table{Sheet: "Celdas", OnlySheet: true, Columns: []paper.Column{
		{Title: "Celda H3"}, {Title: "Municipal, min", Kind: paper.Tenths}, {Title: "Policía, min", Kind: paper.Tenths}, {Title: "Integrado, min", Kind: paper.Tenths},
		{Title: "Municipal sin policía, min", Kind: paper.Tenths}, {Title: "Medias horas con ambos", Kind: paper.Whole}, {Title: "Medias horas con alguno", Kind: paper.Whole},
		{Title: "Vacío más largo, min", Kind: paper.Tenths}, {Title: "Horas al día sin nadie", Kind: paper.Tenths}}}
	for _, c := range r.Cells {
		t.Rows = append(t.Rows, []any{c.Cell.String(), c.Municipal, c.Police, c.Integrated, c.Alone, c.Doubled, c.Present, c.MaxGap, c.Nobody})
	}
	return t
}

func formulaTable(p review.Profile) paper.Table {
	t := paper.Table{Sheet: "Fórmulas", Columns: []paper.Column{{Title: "Indicador", Width: 24, Kind: paper.Strong}, {Title: "Fórmula", Width: 90}, {Title: "n cuenta", Width: 20}}}
	for _, f := range p.Formulas() {
		t.Rows = append(t.Rows, []any{f.Name, f.Text, f.Of})
	}
	return t
}
