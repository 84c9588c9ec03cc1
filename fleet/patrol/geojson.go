package patrol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// Limits of a plan file.
const (
	maxPlanBytes    = 256 << 20
	maxPlanProblems = 20
)

// planJSON is a plan as a GeoJSON FeatureCollection: one feature per segment
// traversal, stop or break, unit by unit in driving order. "plan" is a foreign
// member that other readers skip.
type planJSON struct {
	Type     string        `json:"type"`
	Plan     *planHead     `json:"plan,omitempty"`
	Features []featureJSON `json:"features"`
}

type planHead struct {
	Ubigeo    string          `json:"ubigeo,omitempty"`
	ID        string          `json:"id,omitempty"`
	Shift     fleet.ShiftID   `json:"shift,omitempty"`
	Version   int             `json:"version,omitempty"`
	State     State           `json:"state,omitempty"`
	Seed      int64           `json:"seed"`
	Start     time.Time       `json:"start,omitzero"` // of the shift
	End       time.Time       `json:"end,omitzero"`
	Simulated bool            `json:"simulated,omitempty"`
	Rounds    []roundHead     `json:"rounds,omitempty"`
	Figures   json.RawMessage `json:"figures,omitempty"`
	Rules     Rules           `json:"rules,omitzero"`
}

type roundHead struct {
	Number   int          `json:"number"`
	Unit     string       `json:"unit"`
	CallSign string       `json:"call_sign,omitempty"`
	Mode     routing.Mode `json:"mode"`
	Base     orb.Point    `json:"base"`
	Ended    time.Time    `json:"ended,omitzero"`
}

type featureJSON struct {
	Type       string       `json:"type"`
	Geometry   geometryJSON `json:"geometry"`
	Properties legJSON      `json:"properties"`
}

type geometryJSON struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

type legJSON struct {
	Unit    string    `json:"unit"`
	Mode    string    `json:"mode"`
	Seq     int       `json:"seq"`
	Kind    LegKind   `json:"kind"`
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Segment string    `json:"segment,omitempty"`
	WayIDs  []int64   `json:"way_ids,omitempty"`
	Name    string    `json:"name"`
	Reason  string    `json:"reason,omitempty"`
	Due     time.Time `json:"due,omitzero"`
}

// PlanFile is a plan as a file holds it, with the shift's window.
type PlanFile struct {
	Plan  Plan
	Shift Span // zero: the file does not say
}

// EncodeGeoJSON writes a plan; shift is its window.
func EncodeGeoJSON(w io.Writer, p Plan, shift Span) error {
	out := planJSON{Type: "FeatureCollection", Features: []featureJSON{}, Plan: &planHead{Ubigeo: p.Ubigeo, ID: p.ID, Shift: p.Shift,
		Version: p.Version, State: p.State, Seed: p.Seed, Start: shift.Start, End: shift.End, Simulated: p.Simulated, Figures: p.Figures, Rules: p.Rules}}
	for _, r := range p.Rounds {
		out.Plan.Rounds = append(out.Plan.Rounds, roundHead{r.Number, r.Unit, r.CallSign, r.Mode, r.Base, r.Ended})
		for _, l := range r.Legs {
			f := featureJSON{Type: "Feature", Properties: legJSON{Unit: r.Unit, Mode: r.Mode.String(), Seq: l.Seq, Kind: l.Kind,
				Start: l.Start, End: l.End, Segment: l.Segment, WayIDs: l.WayIDs, Name: l.Name, Reason: l.Reason, Due: l.Due}}
			var err error
			if l.Kind == Stop || l.Kind == Break {
				f.Geometry.Type = "Point"
				f.Geometry.Coordinates, err = json.Marshal(l.Point)
			} else {
				f.Geometry.Type = "LineString"
				f.Geometry.Coordinates, err = json.Marshal(l.Line)
			}
			if err != nil {
				return fmt.Errorf("round %d, leg %d: %w", r.Number, l.Seq, err)
			}
			out.Features = append(out.Features, f)
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

// DecodeGeoJSON reads a plan, an edited one as well: it asks for what a plan
// cannot do without, and leaves to Check whether it can be driven. name is what
// errors call the file; they list what is wrong, a line a feature.
func DecodeGeoJSON(r io.Reader, name string) (PlanFile, error) {
	var out PlanFile
	data, err := io.ReadAll(io.LimitReader(r, maxPlanBytes+1))
	if err != nil {
		return out, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxPlanBytes {
		return out, fmt.Errorf("%w: %s is larger than %d MB: is it a plan of rounds?", fleet.ErrInvalid, name, maxPlanBytes>>20)
	}
	var fc struct {
		Type     string            `json:"type"`
		Plan     *planHead         `json:"plan"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &fc); err != nil {
		return out, fmt.Errorf("%w: %s is not a GeoJSON plan: %v", fleet.ErrInvalid, name, err)
	}
	if fc.Type != "FeatureCollection" {
		return out, fmt.Errorf("%w: %s is a GeoJSON %q; a plan of rounds is a FeatureCollection", fleet.ErrInvalid, name, fc.Type)
	}
	if len(fc.Features) == 0 {
		return out, fmt.Errorf("%w: %s holds no features: a plan has one for each street driven", fleet.ErrInvalid, name)
	}
	at := out.takeHead(fc.Plan)
	var problems []string
	for i, raw := range fc.Features {
		if err := out.addFeature(raw, at); err != nil {
			problems = append(problems, fmt.Sprintf("feature %d: %v", i+1, err))
		}
	}
	if n := len(problems); n > 0 {
		more := ""
		if n > maxPlanProblems {
			problems, more = problems[:maxPlanProblems], fmt.Sprintf("; and %d more", n-maxPlanProblems)
		}
		return PlanFile{}, fmt.Errorf("%w: %s: %s%s", fleet.ErrInvalid, name, strings.Join(problems, "; "), more)
	}
	for i := range out.Plan.Rounds {
		if r := &out.Plan.Rounds[i]; r.Base == (orb.Point{}) && len(r.Legs) > 0 {
			r.Base = r.Legs[0].from()
		}
	}
	return out, nil
}

// takeHead reads the plan member and gives the place of each unit's round.
func (f *PlanFile) takeHead(h *planHead) map[string]int {
	at := map[string]int{}
	if h == nil {
		return at
	}
	f.Plan = Plan{Ubigeo: h.Ubigeo, ID: h.ID, Shift: h.Shift, Version: h.Version, State: h.State, Seed: h.Seed, Simulated: h.Simulated, Figures: h.Figures, Rules: h.Rules}
	f.Shift = Span{h.Start, h.End}
	for _, r := range h.Rounds {
		if _, ok := at[r.Unit]; !ok && checkPoint(r.Base) == nil {
			at[r.Unit] = len(f.Plan.Rounds)
			f.Plan.Rounds = append(f.Plan.Rounds, Round{Number: len(f.Plan.Rounds) + 1, Unit: r.Unit, CallSign: r.CallSign, Mode: r.Mode, Base: r.Base, Ended: r.Ended})
		}
	}
	return at
}

// addFeature appends a leg to its unit's round.
func (f *PlanFile) addFeature(raw json.RawMessage, at map[string]int) error {
	var ft struct {
		Type       string        `json:"type"`
		Geometry   *geometryJSON `json:"geometry"`
		Properties *legJSON      `json:"properties"`
	}
	if err := json.Unmarshal(raw, &ft); err != nil {
		return fmt.Errorf("it is not a leg: %v", err)
	}
	if ft.Type != "Feature" || ft.Geometry == nil || ft.Properties == nil {
		return errors.New("it is not a GeoJSON Feature with geometry and properties")
	}
	p := ft.Properties
	if p.Unit == "" {
		return errors.New("unit is missing")
	}
	mode, err := routing.ParseMode(p.Mode)
	if err != nil {
		return err
	}
	leg := Leg{Seq: p.Seq, Kind: p.Kind, Start: p.Start, End: p.End, Segment: p.Segment, WayIDs: p.WayIDs, Name: p.Name, Reason: p.Reason, Due: p.Due}
	if p.Start.IsZero() || p.End.IsZero() {
		return errors.New("start or end is missing: both are RFC 3339 instants")
	}
	switch p.Kind {
	case Stop, Break:
		if ft.Geometry.Type != "Point" {
			return fmt.Errorf("a %s has a Point, not a %s", p.Kind, ft.Geometry.Type)
		}
		var c []float64
		if err := json.Unmarshal(ft.Geometry.Coordinates, &c); err != nil {
			return fmt.Errorf("coordinates: %v", err)
		}
		if leg.Point, err = position(c); err != nil {
			return err
		}
	case Service, Repeat, Deadhead, Fill:
		if ft.Geometry.Type != "LineString" {
			return fmt.Errorf("a leg of kind %s has a LineString, not a %s", p.Kind, ft.Geometry.Type)
		}
		var cs [][]float64
		if err := json.Unmarshal(ft.Geometry.Coordinates, &cs); err != nil {
			return fmt.Errorf("coordinates: %v", err)
		}
		if leg.Line, err = lineOf(cs); err != nil {
			return err
		}
		if p.Segment == "" {
			return errors.New("segment is missing")
		}
	default:
		return fmt.Errorf("kind %q is none of service, repeat, deadhead, fill, stop, break", p.Kind)
	}
	i, ok := at[p.Unit]
	if !ok {
		i = len(f.Plan.Rounds)
		at[p.Unit] = i
		f.Plan.Rounds = append(f.Plan.Rounds, Round{Number: i + 1, Unit: p.Unit, CallSign: p.Unit, Mode: mode})
	}
	r := &f.Plan.Rounds[i]
	if r.Mode != mode {
		return fmt.Errorf("unit %s is %s here and %s elsewhere", p.Unit, mode, r.Mode)
	}
	r.Legs = append(r.Legs, leg)
	return nil
}

func checkPoint(p orb.Point) error {
	_, err := position(p[:])
	if err == nil && (math.IsInf(p[0], 0) || math.IsInf(p[1], 0)) {
		err = errors.New("infinite")
	}
	return err
}

// from is where a leg begins, to where it ends.
func (l Leg) from() orb.Point {
	if len(l.Line) > 0 {
		return l.Line[0]
	}
	return l.Point
}

func (l Leg) to() orb.Point {
	if len(l.Line) > 0 {
		return l.Line[len(l.Line)-1]
	}
	return l.Point
}
