// Package templates is how the forms of a serenazgo look and what they say, in
// Spanish: it turns the content of a form into a document that package paper
// draws.
package templates

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Credit stands on every map.
const Credit = "© colaboradores de OpenStreetMap"

var modeWord = map[routing.Mode]string{routing.Car: "Auto", routing.Motorcycle: "Moto", routing.Bicycle: "Bicicleta", routing.Foot: "A pie"}

var stateWord = map[patrol.State]string{patrol.Draft: "borrador", patrol.Approved: "aprobado", patrol.Published: "entregado", patrol.Superseded: "reemplazado"}

// location reads the zone of a form; it was one when the form was made.
func location(d forms.District) *time.Location {
	if loc, err := time.LoadLocation(d.TimeZone); err == nil {
		return loc
	}
	return time.UTC
}

// document begins the paper of a form.
func document(h forms.Head, title, subject string) paper.Document {
	loc := location(h.District)
	d := paper.Document{Owner: "Serenazgo de " + h.District.Name, OwnerLine: place(h.District), Title: title, Subject: subject, Line: shiftLine(h.Shift, loc), Source: "Sin plan de ronda"}
	var notices []string
	if h.District.Simulated {
		notices = append(notices, "Contiene datos simulados: solo para demostración.")
	}
	if p := h.Plan; p != nil {
		d.Source = fmt.Sprintf("Plan %s, versión %d, %s; semilla %d; calles %s", p.ID, p.Version, stateWord[p.State], p.Seed, p.Streets)
		switch p.State {
		case patrol.Draft:
			notices = append(notices, "Borrador: nadie ha aprobado este plan.")
		case patrol.Superseded:
			notices = append(notices, "Versión reemplazada: use la que está vigente.")
		}
	}
	d.Notice = strings.Join(notices, " ")
	return d
}

func place(d forms.District) string {
	if d.Province != "" {
		return d.Province + " · ubigeo " + d.Ubigeo
	}
	return "Ubigeo " + d.Ubigeo
}

// shiftLine names a shift with its hours.
func shiftLine(s forms.Shift, loc *time.Location) string {
	return fmt.Sprintf("Turno %s · %s · %s a %s", strings.ToLower(s.Name), paper.Day(s.Start, loc), paper.ClockOf(s.Start, loc), paper.ClockOf(s.End, loc))
}

// kindOf tells what the unit is: municipal, or with a police officer aboard.
func kindOf(u forms.Unit) string {
	if u.Integrated {
		return "Integrado"
	}
	return "Municipal"
}

// sectors writes where a unit patrols.
func sectors(u forms.Unit) string {
	return cmp.Or(strings.Join(u.Sectors, ", "), "Todo el distrito")
}

// restrictions writes what binds a unit beside its shift.
func restrictions(u forms.Unit, s forms.Shift, loc *time.Location) string {
	var out []string
	if !u.From.Equal(s.Start) || !u.To.Equal(s.End) {
		out = append(out, fmt.Sprintf("de %s a %s", paper.ClockOf(u.From, loc), paper.ClockOf(u.To, loc)))
	}
	if u.MaxKm > 0 {
		out = append(out, "hasta "+paper.Number(u.MaxKm, 0)+" km")
	}
	if len(u.Shifts) > 0 {
		out = append(out, "solo turnos: "+strings.Join(u.Shifts, ", "))
	}
	return strings.Join(out, "; ")
}

func km(metres float64) float64 { return metres / 1000 }
