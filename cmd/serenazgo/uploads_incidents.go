package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// fileWords say in Spanish why a file is no table of incidents; %[n]s is the
// n-th value of the code.
var fileWords = map[importer.Code]string{
	importer.Empty:       "está vacío",
	importer.NoRows:      "tiene encabezado y ninguna fila",
	importer.DamagedGzip: "está comprimido y dañado; descárguelo o comprímalo de nuevo",
	importer.Workbook:    "es un libro de Excel antiguo o dañado, o un archivo zip; en Excel, guárdelo como .xlsx o guarde la hoja como CSV",
	importer.Document:    "es un documento PDF, no una tabla CSV o de Excel",
	importer.Markup:      "es JSON, XML o HTML, no una tabla CSV o de Excel ni un GeoJSON de puntos",
	importer.Image:       "parece una imagen, no una tabla CSV o de Excel",
	importer.Binary:      "no es texto (fila %[1]s); se necesita una tabla CSV o de Excel",
	importer.LongLine:    "tiene una fila demasiado larga (la %[1]s); ¿es una tabla CSV?",
	importer.BreaksOff:   "se corta en la fila %[1]s; descárguelo de nuevo",
	importer.OpenHeader:  "abre unas comillas en el encabezado y no las cierra",
	importer.NoColumns:   "no tiene todas las columnas que se necesitan",
	importer.NoSuchName:  "no tiene la columna «%[1]s»; sus columnas son: %[2]s",
	importer.TooManyRows: "tiene más de %[1]s filas; súbalo por partes",
	importer.TooLarge:    "es demasiado grande (más de %[1]s MB de texto, o una sola fila demasiado larga); súbalo por partes",
	importer.TooWide:     "tiene más de %[1]s columnas; ¿es una tabla de incidentes?",
}

// columnWords name the columns that a table of incidents needs.
var columnWords = map[string]string{"at": "la fecha y hora", "lat": "la latitud", "lon": "la longitud"}

// rowWords say in Spanish why a row is left out.
var rowWords = map[importer.Code]string{
	importer.OpenQuote:     "abre unas comillas y no las cierra",
	importer.FieldCount:    "tiene %[1]s campos y el encabezado %[2]s; ¿hay un separador dentro de un campo sin comillas?",
	importer.StationPlace:  "sus coordenadas son las de la comisaría, no las del lugar",
	importer.NoDate:        "sin fecha",
	importer.NotDate:       "«%[1]s» no es una fecha",
	importer.NoSuchDay:     "«%[1]s»: ese día no existe",
	importer.RoundedNumber: "«%[1]s»: la hoja de cálculo redondeó el número; expórtelo como texto",
	importer.NotHour:       "«%[1]s» no es una hora",
	importer.TooOld:        "su fecha (%[1]s) es anterior a 1990",
	importer.Future:        "su fecha (%[1]s) es futura",
	importer.NoPlace:       "sin coordenadas",
	importer.NotDegrees:    "«%[1]s» no es un número de grados",
	importer.UTM:           "%[1]s, %[2]s parecen metros UTM; conviértalos a grados",
	importer.Swapped:       "la latitud %[1]s y la longitud %[2]s parecen intercambiadas",
	importer.OffEarth:      "latitud %[1]s, longitud %[2]s: deben ser grados hasta ±90 y ±180",
	importer.Outside:       "queda fuera del distrito (latitud %[1]s, longitud %[2]s)",
	importer.NotPoint:      "su geometría (%[1]s) no es un punto",
	importer.ForcedPoint:   "cuarentena: %[3]s filas tienen exactamente el punto %[1]s, %[2]s; no es su lugar, sino uno puesto a falta de otro",
	importer.BackInTime:    "termina el %[1]s, antes de empezar",
	importer.TooVague:      "pudo ocurrir en cualquiera de %[1]s días; son demasiados",
	importer.NotFound:      "sin coordenadas que sirvan, y la dirección «%[1]s» no se encuentra en las calles del distrito",
	importer.Elsewhere:     "no tiene coordenadas propias y es del distrito %[1]s",
	importer.SameKey:       "repite el código de la fila %[1]s",
	importer.SameIncident:  "repite la fila %[3]s: mismo tipo a menos de %[1]s m y %[2]s min",
}

// remarkWords say in Spanish what is worth knowing about a file.
var remarkWords = map[importer.Code]string{
	importer.LocalAsUTC:    "Las horas se toman como locales aunque se guardaron como UTC: así concuerdan con su turno en %[1]s filas, y al revés en %[2]s.",
	importer.TrueInstants:  "Las horas llevan zona horaria o son números y se toman como dicen.",
	importer.ClockAgainst:  "La regla de horas elegida (%[1]s) concuerda con el turno de %[2]s filas, y la otra con el de %[3]s: revísela.",
	importer.ZoneDropped:   "%[1]s filas llevan una zona horaria que no es UTC ni la del distrito, y se pasa por alto.",
	importer.QuietAsUTC:    "Las horas se toman como locales aunque se guardaron como UTC: así lo más tranquilo empieza a las %[1]s:00, y al revés a las %[2]s:00.",
	importer.OddHours:      "Lo más tranquilo del día empieza a las %[1]s:00, como si las horas estuvieran corridas %[2]s h: revise la zona horaria del archivo.",
	importer.MidnightTimes: "%[1]s de %[2]s filas ocurren a las 00:00 en punto, muchas más que a otra hora: se toman como sin hora conocida.",
	importer.ForcedPoints:  "%[1]s filas comparten puntos (%[2]s) que no son su lugar, como el de una comisaría: quedan fuera o se ubican por su dirección.",
	importer.Geocoded:      "%[1]s filas se ubican por su dirección: %[2]s en un cruce, %[3]s en una cuadra y %[4]s solo por la calle.",
	importer.NoTimeOfDay:   "%[1]s filas no dan la hora y cuentan por igual para todas las de su día.",
	importer.EarlyKnown:    "%[1]s filas se registraron antes de ocurrir: esa hora de registro no se usa.",
	importer.UnknownOrigin: "%[1]s filas tienen un origen que no se reconoce: %[2]s.",
}

// worded fills the values into a code's words; "" for a code without words.
func worded(words map[importer.Code]string, code importer.Code, values []string) string {
	form, ok := words[code]
	if !ok || !strings.Contains(form, "%[") {
		return form
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return fmt.Sprintf(form, args...)
}

// ImportIncidents adds the incidents of a file. On trial a file without the
// columns that are needed is no error: the report says which they are, so that
// they can be named.
//
// One file is read at a time, since it is held in memory whole.
func (u *uploads) ImportIncidents(ctx context.Context, d fleet.District, file api.IncidentFile) (api.ImportReport, error) {
	u.reading.Lock()
	defer u.reading.Unlock()
	if err := ctx.Err(); err != nil { // nobody waits for it any more
		return api.ImportReport{}, err
	}
	c := importIncidentsCmd{File: file.Path, DryRun: file.DryRun, Trust: file.Trust, said: file.Mapping, KeepMapping: true, by: file.By, word: whyLeftOut}
	if file.Token != "" {
		key := d.Ubigeo + " " + file.Token
		c.progress = func(stage string, done, total int) {
			u.progress.Store(key, api.ImportProgress{Stage: api.ImportProgressStage(stage), Done: done, Total: total})
		}
		c.progress(stageRead, 0, 0)
		defer u.progress.Delete(key)
	}
	rep, left, err := c.load(ctx, u.a.store, d, file.Name, u.a.now())
	var p *importer.Problem
	if file.DryRun && errors.As(err, &p) && p.Code == importer.NoColumns && len(rep.Header) > 0 {
		rep.Missing, rep.File, rep.Ubigeo, rep.DryRun = p.Missing, file.Name, d.Ubigeo, true
		return report(true, "Diga qué columnas tienen la fecha y el lugar.", rep)
	}
	if err != nil {
		return api.ImportReport{}, incidentsProblem(err, file.Name, left)
	}
	for i := range rep.Reasons {
		rep.Reasons[i].Reason = whyLeftOut(rep.Reasons[i].Example)
	}
	rep.Notes = rep.Notes[:0]
	for _, r := range rep.remarks {
		rep.Notes = append(rep.Notes, worded(remarkWords, r.Code, r.Values))
	}
	msg := fmt.Sprintf("%d de %d filas son incidentes nuevos; %d ya estaban o se repiten y %d se rechazan.", rep.Inserted, rep.Rows, rep.Known+rep.Duplicates, rep.Rejected)
	return report(file.DryRun, msg, rep)
}

// ImportProgress tells how far an import is.
func (u *uploads) ImportProgress(ubigeo, token string) (api.ImportProgress, bool) {
	v, ok := u.progress.Load(ubigeo + " " + token)
	if !ok {
		return api.ImportProgress{}, false
	}
	return v.(api.ImportProgress), true
}

// whyLeftOut says in Spanish why a row is left out.
func whyLeftOut(r hotspots.Rejected) string {
	if s := worded(rowWords, importer.Code(r.Code), r.Values); s != "" {
		return s
	}
	return "no se puede leer"
}

// incidentsProblem turns the caller's mistake into the error that the API
// answers: what is wrong with the file, or with each kind of row of which none
// can be used.
func incidentsProblem(err error, name string, left []hotspots.Rejected) error {
	if !errors.Is(err, errInput) {
		return err
	}
	if errors.Is(err, importer.ErrMapping) {
		return api.Refused("mapping", "La asignación de columnas no se puede usar; revise sus nombres.")
	}
	var p *importer.Problem
	if errors.As(err, &p) {
		var lines []string
		for _, r := range p.Missing {
			lines = append(lines, fmt.Sprintf("Falta %s: nombre su columna %s.", columnWords[r], strings.Join(importer.UsualNames(r), ", ")))
		}
		if len(lines) > 0 {
			lines = append(lines, "Las columnas del archivo son: "+strings.Join(p.Values, ", ")+".")
		}
		return api.Refused("file", fmt.Sprintf("El archivo «%s» %s.", name, worded(fileWords, p.Code, p.Values)), lines...)
	}
	if len(left) == 0 {
		return api.Refused("file", fmt.Sprintf("El archivo «%s» no se puede leer.", name))
	}
	var lines []string
	for _, r := range importer.Reasons(left) {
		lines = append(lines, fmt.Sprintf("%s %s", rowsOf(r), whyLeftOut(r.Example)))
	}
	return api.Refused("file", fmt.Sprintf("Ninguna de las %d filas de «%s» se puede usar.", len(left), name), lines...)
}

// rowsOf names the rows of a reason, as a spreadsheet counts them.
func rowsOf(r importer.Reason) string {
	var at []string
	for _, n := range r.Where {
		at = append(at, strconv.Itoa(n))
	}
	switch more := r.Rows - len(at); {
	case r.Rows == 1:
		return "Fila " + at[0] + ":"
	case more > 0:
		return fmt.Sprintf("Filas %s y %d más; la %s", strings.Join(at, ", "), more, at[0]) + ":"
	default:
		return fmt.Sprintf("Filas %s; la %s:", strings.Join(at, ", "), at[0])
	}
}
