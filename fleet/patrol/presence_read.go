package patrol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/serenazgo/serenazgo/routing"
)

// Limits of a police presence file.
const (
	maxPresenceBytes    = 64 << 20
	maxPresenceUnits    = 1000
	maxPresenceProblems = 20 // features listed in full; the rest are counted
)

// ReadPresence reads a police patrol plan: a GeoJSON FeatureCollection of
// rounds, sectors and posts (docs/formats.md). name is what errors call the
// file. If any feature is wrong, nothing is read and the error is a
// *PresenceError that lists all that is wrong.
func ReadPresence(r io.Reader, name string) ([]Presence, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPresenceBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	refuse := func(code PresenceCode, format string, args ...any) ([]Presence, error) {
		return nil, &PresenceError{File: name, Code: code, text: fmt.Sprintf(format, args...)}
	}
	if len(data) > maxPresenceBytes {
		return refuse(PresenceTooLarge, "is larger than %d MB: is it a police patrol plan?", maxPresenceBytes>>20)
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case bytes.HasPrefix(data, []byte("<")):
		return refuse(PresenceXML, "is XML, such as KML or GPX: save it as GeoJSON and give every feature its kind, name, shift, start, end, mode, units and trust")
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return refuse(PresenceZip, "is a workbook or zip file: a GeoJSON file is needed")
	}
	var fc struct {
		Type      string            `json:"type"`
		Simulated bool              `json:"simulated"`
		Features  []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(data, &fc); err != nil {
		return refuse(PresenceNotGeoJSON, "is not GeoJSON: %v", err)
	}
	if fc.Type != "FeatureCollection" {
		return refuse(PresenceNotCollection, "is a GeoJSON %q; a police patrol plan is a FeatureCollection", clip(fc.Type))
	}
	if len(fc.Features) == 0 {
		return refuse(PresenceNoFeatures, "holds no features: a police patrol plan needs at least one round, sector or post")
	}
	out := make([]Presence, 0, len(fc.Features))
	bad := &PresenceError{File: name, Code: PresenceBadFeatures, Features: len(fc.Features)}
	for i, raw := range fc.Features {
		p, problems := readPresenceFeature(raw)
		if len(problems) > 0 {
			bad.Wrong++
		}
		for _, q := range problems {
			q.Feature, q.Name, q.Kind = i+1, p.Name, p.Kind
			bad.Problems = append(bad.Problems, q)
		}
		p.Simulated = p.Simulated || fc.Simulated
		out = append(out, p)
	}
	if bad.Wrong > 0 {
		return nil, bad
	}
	return out, nil
}

// presenceWants is what each property must be, in English.
var presenceWants = map[string]string{
	"name":  "a text",
	"kind":  "round, sector or post",
	"shift": `the shift's code, such as "noche"`,
	"start": `"HH:MM" or RFC 3339`,
	"end":   `"HH:MM" or RFC 3339`,
	"mode":  "car, motorcycle, bicycle or foot",
	"units": fmt.Sprintf("a whole number from 1 to %d", maxPresenceUnits),
	"trust": "a number from 0 to 1",

	"simulated": "true or false",
}

// wrongPresence is the problem of a property whose value is not what it must be.
func wrongPresence(property, value string) PresenceProblem {
	value = clip(value)
	is := value
	if is == "" {
		is = "empty"
	}
	return PresenceProblem{Property: property, Code: PresenceWrong, Value: value,
		Text: fmt.Sprintf("%s is %s: give %s", property, is, presenceWants[property])}
}

// readPresenceFeature gives what it understood beside the problems, so that
// they can name the feature.
func readPresenceFeature(raw json.RawMessage) (Presence, []PresenceProblem) {
	var f struct {
		Type       string                     `json:"type"`
		Geometry   json.RawMessage            `json:"geometry"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var p Presence
	if err := json.Unmarshal(raw, &f); err != nil {
		return p, []PresenceProblem{{Code: PresenceNotFeature, Text: fmt.Sprintf("it is not a GeoJSON Feature: %v", err)}}
	}
	var out []PresenceProblem
	unread := map[string]bool{}
	get := func(property string, into any) {
		v, ok := f.Properties[property]
		switch {
		case !ok || string(v) == "null":
			out = append(out, PresenceProblem{Property: property, Code: PresenceMissing,
				Text: fmt.Sprintf("%s is missing: give %s", property, presenceWants[property])})
		case json.Unmarshal(v, into) != nil:
			out = append(out, wrongPresence(property, string(v)))
		default:
			return
		}
		unread[property] = true
	}
	get("name", &p.Name)
	p.Name = strings.TrimSpace(p.Name)
	if f.Type != "Feature" {
		return p, []PresenceProblem{{Code: PresenceNotFeature, Value: clip(f.Type), Text: fmt.Sprintf("it is a GeoJSON %q, not a Feature", clip(f.Type))}}
	}
	get("kind", &p.Kind)
	get("shift", &p.Shift)
	get("start", &p.Start)
	get("end", &p.End)
	get("mode", &p.Mode)
	get("units", &p.Units)
	get("trust", &p.Trust)
	if v, ok := f.Properties["simulated"]; ok && string(v) != "null" {
		get("simulated", &p.Simulated)
	}
	for _, q := range p.check() {
		if !unread[q.Property] && !(q.Property == "start" && unread["end"]) && !(q.Property == "end" && unread["start"]) {
			out = append(out, q)
		}
	}
	if p.Kind.valid() {
		var err error
		if p.Geometry, err = readPresenceGeometry(p.Kind, f.Geometry); err != nil {
			q := PresenceProblem{Code: PresenceBadGeometry, Text: err.Error()}
			if e, ok := errors.AsType[shapeError](err); ok {
				q.Code = e.code
			}
			out = append(out, q)
		}
	}
	return p, out
}

func (k PresenceKind) valid() bool {
	return k == PresenceRound || k == PresenceSector || k == PresencePost
}

// check tells what is wrong with the presence, its geometry aside.
func (p Presence) check() []PresenceProblem {
	var out []PresenceProblem
	if p.Name == "" {
		out = append(out, wrongPresence("name", ""))
	}
	if !p.Kind.valid() {
		out = append(out, wrongPresence("kind", fmt.Sprintf("%q", p.Kind)))
	}
	if _, _, _, _, bad := p.times(); bad != nil {
		out = append(out, *bad)
	}
	if _, err := routing.ParseMode(p.Mode); err != nil {
		out = append(out, wrongPresence("mode", fmt.Sprintf("%q", p.Mode)))
	}
	if p.Units < 1 || p.Units > maxPresenceUnits {
		out = append(out, wrongPresence("units", fmt.Sprint(p.Units)))
	}
	if !(p.Trust >= 0 && p.Trust <= 1) {
		out = append(out, wrongPresence("trust", fmt.Sprint(p.Trust)))
	}
	return out
}

// clip keeps a quoted value from flooding a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
