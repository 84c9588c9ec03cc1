package templates

import (
	"fmt"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/forms"
)

// Kinds of form that are made of what was done.
const (
	KindStops = "stops"
	KindUnits = "units"
)

var statusWord = map[compliance.Status]string{compliance.Done: "Cumplida", compliance.Late: "Tarde", compliance.Skipped: "No se hizo", compliance.Pending: "Pendiente"}

var whyWord = map[compliance.Reason]string{compliance.Alert: "atendió una alerta", compliance.UnitLost: "unidad fuera de servicio", compliance.NoSignal: "sin señal: no se sabe",
	compliance.TooFast: "pasó sin detenerse", compliance.InPart: "menos tiempo del pedido", compliance.ByOther: "la hizo otra unidad", compliance.NotDone: "sin motivo conocido"}

// thresholds names what a figure was judged by.
func thresholds(profile string) string { return "Umbrales: perfil " + profile + ", no oficial" }

func unsettled(final bool, at time.Time, loc *time.Location) string {
	if final {
		return ""
	}
	return "Turno en curso: hasta las " + paper.ClockOf(at, loc) + "."
}

// StopLog draws the log of tactical stops.
func StopLog(l forms.StopLog, made time.Time) Paper {
	loc := location(l.District)
	d := document(l.Head, "Registro de paradas tácticas", "")
	d.Subject, d.Line = d.Line, ""
	d.Source += " · " + thresholds(l.Profile)
	d.Notice = strings.TrimSpace(d.Notice + " " + unsettled(l.Final, l.At, loc))
	t := paper.Table{Sheet: "Paradas tácticas", Row: 5.5, Empty: "El plan no tiene paradas y ninguna unidad se detuvo.", Columns: []paper.Column{
		{Title: "Unidad", Width: 13, Kind: paper.Strong}, {Title: "Placa", Width: 10}, {Title: "Lugar", Width: 37},
		{Title: "Prevista", Width: 9, Kind: paper.Clock}, {Title: "min pedidos", Width: 10, Kind: paper.Whole},
		{Title: "Llegada", Width: 9, Kind: paper.Clock}, {Title: "Salida", Width: 9, Kind: paper.Clock}, {Title: "min GPS", Width: 7, Kind: paper.Whole},
		{Title: "Estado", Width: 13}, {Title: "Motivo", Width: 19}}}
	var planned, done, other int
	for _, r := range l.Rows {
		s := r.Stop
		state, asked := statusWord[s.Status], any(s.Planned)
		if s.Seq == 0 {
			state, asked = "Fuera de plan", nil
			other++
		} else {
			planned++
			if s.Status == compliance.Done || s.Status == compliance.Late {
				done++
			}
		}
		t.Rows = append(t.Rows, []any{r.Unit.CallSign, r.Unit.Plate, s.Name, s.Start, asked, s.Arrived, s.Left, s.Minutes, state, whyWord[s.Reason]})
	}
	d.Blocks = []paper.Block{
		paper.Facts{Columns: 3, Items: []paper.Fact{{Label: "Paradas planificadas", Value: planned}, {Label: "Cumplidas, a tiempo o tarde", Value: done}, {Label: "Detenciones fuera de plan", Value: other}}},
		t,
		paper.Paragraph{Hint: true, Text: "Llegada, salida y minutos se toman de las posiciones GPS: detenida " + nearby(l.RadiusM) + ". Llegada y salida son de la estadía que cumple la parada o, si ninguna, de la más larga; los minutos, de todas. Una unidad sin señal es desconocida, no ausente."},
		paper.Signatures{Names: []paper.Signer{{Role: "Supervisor de turno"}, {Role: "Operador de la central"}}},
	}
	name := fmt.Sprintf("paradas-%s-%s", l.District.Ubigeo, strings.ReplaceAll(string(l.Shift.ID), "/", "-"))
	return Paper{name, paper.Book{Title: "Paradas tácticas " + string(l.Shift.ID), Made: made, Loc: loc, Documents: []paper.Document{d}}, l}
}

// nearby says how far from its place a stop is stood.
func nearby(metres float64) string {
	if metres == 0 {
		return "cerca del lugar, a la distancia que pide el perfil"
	}
	return fmt.Sprintf("a %v m o menos del lugar", metres)
}

// UnitTable draws the table of a day's units.
func UnitTable(u forms.UnitTable, made time.Time) Paper {
	loc := location(u.District)
	day := u.Date
	if t, err := time.ParseInLocation(time.DateOnly, u.Date, loc); err == nil {
		day = paper.Day(t, loc)
	}
	d := paper.Document{Owner: "Serenazgo de " + u.District.Name, OwnerLine: place(u.District), Title: "Cuadro diario de unidades", Subject: day, Landscape: true}
	if u.District.Simulated {
		d.Notice = "Contiene datos simulados: solo para demostración."
	}
	var shifts, plans []string
	for _, c := range u.Shifts {
		shifts = append(shifts, strings.ToLower(c.Shift.Name))
		plans = append(plans, fmt.Sprintf("%s v%d", c.Plan, c.Version))
		d.Source = "Planes " + strings.Join(plans, ", ") + " · " + thresholds(c.Profile)
		if !c.Final {
			d.Notice = strings.TrimSpace(d.Notice + " El turno " + strings.ToLower(c.Shift.Name) + " está en curso.")
		}
	}
	d.Line = "Turnos con plan: " + strings.Join(shifts, ", ")
	t := paper.Table{Sheet: "Unidades", Row: 6.5, Empty: "Ningún turno de este día tuvo plan.", Columns: []paper.Column{
		{Title: "Unidad", Width: 14, Kind: paper.Strong}, {Title: "Código", Width: 8}, {Title: "Tipo", Width: 9}, {Title: "Placa", Width: 10}, {Title: "Turnos", Width: 16},
		{Title: "km", Width: 8, Kind: paper.Tenths}, {Title: "km que faltan", Width: 9, Kind: paper.Tenths},
		{Title: "min en paradas", Width: 9, Kind: paper.Whole}, {Title: "min que faltan", Width: 9, Kind: paper.Whole},
		{Title: "Paradas hechas", Width: 9, Kind: paper.Whole}, {Title: "Paradas pedidas", Width: 9, Kind: paper.Whole}, {Title: "min sin señal", Width: 9, Kind: paper.Whole},
		{Title: "Partes", Width: 8, Kind: paper.Box}, {Title: "Estado", Width: 13, Kind: paper.Strong}}}
	complied := 0
	for _, r := range u.Rows {
		state := "PENDIENTE"
		if r.Complied {
			state = "CUMPLIÓ"
			complied++
		}
		t.Rows = append(t.Rows, []any{r.Unit.CallSign, r.Unit.ID, modeWord[r.Unit.Mode], r.Unit.Plate, strings.Join(r.Shifts, ", "), r.Km, r.KmMissing, r.Minutes, r.MinutesMissing,
			r.StopsDone, r.StopsPlanned, r.SilentMin, nil, state})
	}
	d.Blocks = []paper.Block{paper.Facts{Columns: 2, Items: []paper.Fact{{Label: "Unidades con plan", Value: len(u.Rows)}, {Label: "CUMPLIÓ", Value: complied}}}, t,
		paper.Paragraph{Hint: true, Text: "km: de calle patrullada, en plan y fuera de él. km que faltan: de la primera visita, que nadie hizo. CUMPLIÓ: en todos sus turnos alcanzó los km, las paradas y los minutos que pide el perfil. Los partes se anotan a mano."},
		paper.Signatures{Names: []paper.Signer{{Role: "Supervisor de turno"}, {Role: "Jefe de serenazgo"}}}}
	return Paper{fmt.Sprintf("unidades-%s-%s", u.District.Ubigeo, u.Date), paper.Book{Title: "Cuadro diario de unidades " + u.Date, Made: made, Loc: loc, Documents: []paper.Document{d}}, u}
}
