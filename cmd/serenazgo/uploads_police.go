package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// maxPoliceLines is how many features a refusal lists; the rest are counted.
const maxPoliceLines = 20

// ImportPolice replaces the police presence.
func (u *uploads) ImportPolice(ctx context.Context, d fleet.District, file api.Upload, dryRun bool, _ string) (api.ImportReport, error) {
	c := importPoliceCmd{File: file.Path, Source: "police", DryRun: dryRun}
	rep, err := c.load(ctx, u.a.store, d, file.Name)
	if err != nil {
		return api.ImportReport{}, policeProblem(err, file, d)
	}
	rep.Notes = rep.Notes[:0]
	if rep.Outside > 0 {
		rep.Notes = append(rep.Notes, fmt.Sprintf("%d de %d elementos quedan fuera del distrito y no cuentan en él.", rep.Outside, rep.Features))
	}
	return report(dryRun, fmt.Sprintf("%d rondas, %d sectores y %d puestos PNP.", rep.Rounds, rep.Sectors, rep.Posts), rep)
}

// policeFileWords say why a whole file is refused, after its name.
var policeFileWords = map[patrol.PresenceCode]string{
	patrol.PresenceTooLarge:      "es demasiado grande para ser un plan de la PNP",
	patrol.PresenceXML:           "es XML, como KML o GPX; guárdelo como GeoJSON",
	patrol.PresenceZip:           "es un libro de Excel o un archivo zip; se necesita GeoJSON",
	patrol.PresenceNotGeoJSON:    "no es GeoJSON; revise que esté completo",
	patrol.PresenceNotCollection: "no es una colección de elementos (FeatureCollection)",
	patrol.PresenceNoFeatures:    "no tiene ninguna ronda, sector ni puesto",
}

// policePropertyWords say what a property must be.
var policePropertyWords = map[string]string{
	"name":  "un texto",
	"kind":  "round (ronda), sector o post (puesto)",
	"shift": "el código del turno, como «noche»",
	"start": "una hora, como 22:00",
	"end":   "una hora, como 06:00",
	"mode":  "car, motorcycle, bicycle o foot",
	"units": "un número entero desde 1",
	"trust": "un número de 0 a 1",

	"simulated": "true o false",
}

// policeShapeWords say what is wrong with a feature or its geometry.
var policeShapeWords = map[patrol.PresenceCode]string{
	patrol.PresenceNotFeature:  "no es un elemento (Feature) de GeoJSON",
	patrol.PresenceEndFirst:    "end debe ser posterior a start",
	patrol.PresenceTimeForms:   "start y end deben escribirse igual: ambos como 22:00 o ambos con fecha",
	patrol.PresenceNoGeometry:  "falta la geometría",
	patrol.PresenceBadGeometry: "la geometría no es GeoJSON o no tiene coordenadas",
	patrol.PresenceBadPosition: "una posición de la geometría no es [longitud, latitud] en grados",
	patrol.PresenceShortLine:   "una línea de la geometría tiene menos de dos posiciones",
	patrol.PresenceOpenRing:    "un anillo del polígono no se cierra: repita la primera posición al final",
}

// policeKindWords say which geometry suits a kind.
var policeKindWords = map[patrol.PresenceKind]string{
	patrol.PresenceRound:  "la geometría de una ronda debe ser una línea",
	patrol.PresenceSector: "la geometría de un sector debe ser un polígono",
	patrol.PresencePost:   "la geometría de un puesto debe ser un punto",
}

// policeProblem says in Spanish why a file was not taken, a line for each
// feature that is wrong. What is no fault of the file is given back as it is.
func policeProblem(err error, file api.Upload, d fleet.District) error {
	refused := func(what string, lines ...string) error {
		return api.Refused("file", fmt.Sprintf("El archivo «%s» %s.", file.Name, what), lines...)
	}
	bad, ok := errors.AsType[*patrol.PresenceError](err)
	switch {
	case ok && bad.Code == patrol.PresenceBadFeatures:
		return refused(fmt.Sprintf("tiene mal %d de %d elementos", bad.Wrong, bad.Features), policeLines(bad)...)
	case ok && bad.Code == patrol.PresenceNotGeoJSON:
		switch kind := contentType(file.Path); {
		case strings.HasPrefix(kind, "image/"):
			return refused("parece una imagen, no un plan de la PNP en GeoJSON")
		case kind == "application/pdf":
			return refused("es un documento PDF, no un plan de la PNP en GeoJSON")
		}
		fallthrough
	case ok:
		return refused(policeFileWords[bad.Code])
	case errors.Is(err, errFar):
		return refused(fmt.Sprintf("no tiene nada cerca de %s; ¿es el plan de otro distrito?", d.Name))
	}
	return err
}

// contentType guesses what a file is from how it begins; "" if it cannot be read.
func contentType(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := f.Read(head) // nothing read is guessed as text
	return http.DetectContentType(head[:n])
}

// policeLines gives a line for each of the first wrong features.
func policeLines(bad *patrol.PresenceError) []string {
	var lines []string
	for _, ps := range bad.ByFeature() {
		if len(lines) == maxPoliceLines {
			return append(lines, fmt.Sprintf("Y %d más.", bad.Wrong-maxPoliceLines))
		}
		title := ""
		if name := short(ps[0].Name, 40); name != "" {
			title = fmt.Sprintf(" («%s»)", name)
		}
		var missing, wrong []string
		for _, p := range ps {
			if p.Code == patrol.PresenceMissing {
				missing = append(missing, fmt.Sprintf("%s (%s)", p.Property, policePropertyWords[p.Property]))
			} else {
				wrong = append(wrong, policeWords(p))
			}
		}
		if len(missing) > 0 {
			wrong = append([]string{"falta " + strings.Join(missing, ", ")}, wrong...)
		}
		lines = append(lines, fmt.Sprintf("Elemento %d%s: %s", ps[0].Feature, title, strings.Join(wrong, "; ")))
	}
	return lines
}

// policeWords says what is wrong, in Spanish.
func policeWords(p patrol.PresenceProblem) string {
	switch {
	case p.Code == patrol.PresenceWrongShape:
		return policeKindWords[p.Kind]
	case p.Code == patrol.PresenceWrong && p.Value == "":
		return fmt.Sprintf("%s está vacío y debe ser %s", p.Property, policePropertyWords[p.Property])
	case p.Code == patrol.PresenceWrong:
		return fmt.Sprintf("%s es %s y debe ser %s", p.Property, p.Value, policePropertyWords[p.Property])
	}
	return policeShapeWords[p.Code]
}
