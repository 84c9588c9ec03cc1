package review

import (
	"fmt"
	"strconv"
	"strings"
)

// Stops says what a tactical stop is, in the formula of it.
type Stops struct {
	RadiusM float64 `json:"radius_m"`
	Minutes float64 `json:"minutes"`
}

// Visits says when a street is covered, in the formula of it.
type Visits struct {
	Share    float64 `json:"share"`     // 0..1 of its length
	Certain  float64 `json:"certain"`   // probability from which it is certain
	SpeedKmh float64 `json:"speed_kmh"` // faster is transit
}

// Formulas gives the formulas of all indicators in the order in which they are
// shown, with the thresholds of the profile.
func (p Profile) Formulas() []Formula {
	words := p.words()
	out := make([]Formula, len(formulas))
	for i, f := range formulas {
		f.Text, f.Of = words.Replace(f.Text), words.Replace(f.Of)
		out[i] = f
	}
	return out
}

// words puts the thresholds of the profile into a formula. What a review that was
// kept before does not name is left to its profile.
func (p Profile) words() *strings.Replacer {
	t := p.Terms.OrDefault()
	slots := "partes del reloj de " + figure(t.SlotMinutes) + " min"
	switch t.SlotMinutes {
	case 30:
		slots = "medias horas"
	case 60:
		slots = "horas"
	}
	radius, minutes := "a la distancia que pide el perfil", "los minutos que pide"
	if p.Stops != (Stops{}) {
		radius = "a " + figure(p.Stops.RadiusM) + " m o menos"
		minutes = figure(p.Stops.Minutes) + " min, o los planificados menos uno si son menos"
	}
	share, certain, speed := "la parte que pide el perfil", "", ""
	if v := p.Visits; v != (Visits{}) {
		share = "al menos el " + figure(100*v.Share) + " % de ella"
		certain = " (probabilidad de " + figure(v.Certain) + " o más)"
		speed = " (hasta " + figure(v.SpeedKmh) + " km/h)"
	}
	return strings.NewReplacer("{stop_radius}", radius, "{stop_minutes}", minutes, "{share}", share, "{certain}", certain, "{speed}", speed,
		"{hot_minutes}", figure(p.Bands.HotMinutes), "{hot_gap}", figure(p.Bands.HotGap), "{slots}", slots, "{late}", lapse(t.LateS),
		"{arrival}", figure(t.ArrivalM), "{arrival_minutes}", figure(t.ArrivalMinutes), "{known}", figure(t.KnownMinutes))
}

// figure writes a threshold with no more digits than it has, or three.
func figure(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0"), ".")
}

// lapse writes seconds as minutes where they are.
func lapse(s float64) string {
	if m := s / 60; m >= 1 && m == float64(int(m)) {
		return fmt.Sprintf("%d min", int(m))
	}
	return figure(s) + " s"
}
