package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	if errors.Is(err, errInput) {
		return api.ImportReport{}, policeProblem(file, d)
	}
	if err != nil {
		return api.ImportReport{}, err
	}
	rep.Notes = rep.Notes[:0]
	if rep.Outside > 0 {
		rep.Notes = append(rep.Notes, fmt.Sprintf("%d de %d elementos quedan fuera del distrito y no cuentan en él.", rep.Outside, rep.Features))
	}
	return report(dryRun, fmt.Sprintf("%d rondas, %d sectores y %d puestos PNP.", rep.Rounds, rep.Sectors, rep.Posts), rep)
}

// policeProblem says in Spanish what is wrong with a file that was refused, a
// line for each feature.
func policeProblem(file api.Upload, d fleet.District) error {
	f, err := os.Open(file.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	refused := func(what string, lines ...string) error {
		return api.Refused("file", fmt.Sprintf("El archivo «%s» %s.", file.Name, what), lines...)
	}
	kind := http.DetectContentType(data)
	switch data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))); {
	case strings.HasPrefix(kind, "image/"):
		return refused("parece una imagen, no un plan de la PNP en GeoJSON")
	case kind == "application/pdf":
		return refused("es un documento PDF, no un plan de la PNP en GeoJSON")
	case kind == "application/zip":
		return refused("es un libro de Excel o un archivo zip; se necesita GeoJSON")
	case bytes.HasPrefix(data, []byte("<")):
		return refused("es XML, como KML o GPX; guárdelo como GeoJSON")
	}
	var fc struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if json.Unmarshal(data, &fc) != nil {
		return refused("no es GeoJSON; revise que esté completo")
	}
	if fc.Type != "FeatureCollection" {
		return refused("no es una colección de elementos (FeatureCollection)")
	}
	if len(fc.Features) == 0 {
		return refused("no tiene ninguna ronda, sector ni puesto")
	}
	var lines []string
	wrong := 0
	for i, raw := range fc.Features {
		line := featureProblem(raw)
		if line == "" {
			continue
		}
		if wrong++; wrong <= maxPoliceLines {
			lines = append(lines, fmt.Sprintf("Elemento %d%s", i+1, line))
		}
	}
	if wrong == 0 {
		return refused(fmt.Sprintf("no tiene nada cerca de %s; ¿es el plan de otro distrito?", d.Name))
	}
	if wrong > maxPoliceLines {
		lines = append(lines, fmt.Sprintf("Y %d más.", wrong-maxPoliceLines))
	}
	return refused(fmt.Sprintf("tiene mal %d de %d elementos", wrong, len(fc.Features)), lines...)
}

// probe is a part of a feature that can be judged by itself, put into a feature
// in which all else is good.
type probe struct {
	keys []string // properties; none: the geometry
	want string   // what is right
}

var probes = []probe{
	{[]string{"name"}, "name debe ser un texto"},
	{[]string{"kind"}, "kind debe ser round (ronda), sector o post (puesto)"},
	{[]string{"shift"}, "shift debe ser el código del turno, como «noche»"},
	{[]string{"start", "end"}, "start y end deben ser horas HH:MM distintas"},
	{[]string{"mode"}, "mode debe ser car, motorcycle, bicycle o foot"},
	{[]string{"units"}, "units debe ser un número entero desde 1"},
	{[]string{"trust"}, "trust debe ser un número de 0 a 1"},
	{[]string{"simulated"}, "simulated debe ser true o false"},
	{nil, "la geometría debe ser una línea (ronda), un polígono (sector) o un punto (puesto), en [longitud, latitud]"},
}

// goodFeature is one that the reader takes, of a kind.
func goodFeature(kind string) (properties map[string]any, geometry any) {
	at := []float64{-79, -8}
	shapes := map[string]any{
		"round":  map[string]any{"type": "LineString", "coordinates": [][]float64{at, {-79, -8.001}}},
		"sector": map[string]any{"type": "Polygon", "coordinates": [][][]float64{{at, {-79, -8.001}, {-79.001, -8}, at}}},
		"post":   map[string]any{"type": "Point", "coordinates": at},
	}
	if shapes[kind] == nil {
		kind = "post"
	}
	return map[string]any{"name": "x", "kind": kind, "shift": "noche", "start": "22:00", "end": "02:00", "mode": "foot", "units": 1, "trust": 1}, shapes[kind]
}

// featureProblem says what is wrong with a feature, after its number; "" if
// nothing is. The rules are the reader's: it is asked about one part of the
// feature at a time.
func featureProblem(raw json.RawMessage) string {
	if reads(raw) {
		return ""
	}
	var f struct {
		Geometry   json.RawMessage            `json:"geometry"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(raw, &f) != nil {
		return ": no es un elemento (Feature) de GeoJSON"
	}
	var name, kind string
	_ = json.Unmarshal(f.Properties["name"], &name) // what is no text is told below
	_ = json.Unmarshal(f.Properties["kind"], &kind)
	title := ""
	if name = short(strings.TrimSpace(name), 40); name != "" {
		title = fmt.Sprintf(" («%s»)", name)
	}
	var bad []string
	for _, p := range probes {
		properties, geometry := goodFeature(kind)
		absent := 0
		for _, k := range p.keys {
			v, ok := f.Properties[k]
			if !ok || string(v) == "null" {
				absent++
			}
			if delete(properties, k); ok {
				properties[k] = v
			}
			if k == "kind" {
				_, geometry = goodFeature(kind)
			}
		}
		if len(p.keys) == 0 {
			if properties["kind"] != kind {
				continue // which shape is right depends on it
			}
			geometry = f.Geometry
		}
		text, err := json.Marshal(map[string]any{"type": "Feature", "properties": properties, "geometry": geometry})
		if err == nil && reads(text) {
			continue
		}
		if absent > 0 && absent == len(p.keys) {
			bad = append(bad, "falta "+strings.Join(p.keys, " y ")+": "+p.want)
		} else {
			bad = append(bad, p.want)
		}
	}
	if len(bad) == 0 {
		bad = append(bad, "no tiene la forma de un elemento (Feature) de GeoJSON")
	}
	return title + ": " + strings.Join(bad, "; ")
}

// reads tells whether the reader of police plans takes a feature.
func reads(feature json.RawMessage) bool {
	text := append(append([]byte(`{"type":"FeatureCollection","features":[`), feature...), "]}"...)
	_, err := patrol.ReadPresence(bytes.NewReader(text), "")
	return err == nil
}
