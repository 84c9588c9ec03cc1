package api

import (
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// violationWords say in Spanish what is wrong, after the name of the unit.
var violationWords = map[patrol.ViolationCode]string{
	patrol.NotContiguous:  "tiene un salto entre dos calles",
	patrol.UnknownSegment: "pasa por una calle que ya no está en el mapa",
	patrol.WrongGeometry:  "tiene un recorrido que no sigue la calle",
	patrol.WrongWay:       "va contra el sentido o por una calle cerrada",
	patrol.ForbiddenTurn:  "hace un giro prohibido",
	patrol.TooFast:        "va más rápido de lo posible",
	patrol.TimeOrder:      "tiene horas desordenadas",
	patrol.TimeGap:        "tiene un tiempo sin nada planificado",
	patrol.OutsideShift:   "excede su turno",
	patrol.NotAtBase:      "no sale de su base o no vuelve a ella",
	patrol.NoBreak:        "no tiene refrigerio",
	patrol.ShortStop:      "tiene una parada demasiado corta",
	patrol.SequenceBroken: "tiene tramos desordenados",
	patrol.DoubleRound:    "tiene dos rondas",
	patrol.EmptyRound:     "tiene una ronda vacía",

	patrol.ForbiddenStreet: "pasa por una calle que se le cerró",
	patrol.LockBroken:      "no tiene calles que están bloqueadas en su ronda",
	patrol.LateStop:        "llega tarde a una parada comprometida",

	patrol.OverKm:        "recorre más kilómetros de los que tiene permitidos",
	patrol.OutsideHours:  "sale fuera de su horario",
	patrol.OutsideSector: "patrulla fuera de sus sectores",
}

// violations writes what Check found, with call signs.
func violations(p patrol.Plan, found []patrol.Violation) []Violation {
	signs := map[string]string{}
	for _, r := range p.Rounds {
		signs[r.Unit] = r.CallSign
	}
	out := []Violation{}
	at := map[string]int{} // of what was said of a unit already
	for _, v := range found {
		key := v.Unit + "|" + string(v.Code) + "|" + v.What
		if _, ok := at[key]; ok {
			continue // once is enough to look at the round
		}
		at[key] = len(out)
		sign := signs[v.Unit]
		if sign == "" {
			sign = v.Unit
		}
		words, ok := violationWords[v.Code]
		if !ok {
			words = v.Message
		}
		if v.Code == patrol.OutsideShift {
			words = lateWords(p, v, words)
		}
		if v.Code == patrol.MissedPost {
			out = append(out, Violation{Code: string(v.Code), Message: "Puesto fijo sin cubrir: " + v.What, Unit: some(v.Unit), Seq: some(v.Seq)})
			continue
		}
		out = append(out, Violation{Code: string(v.Code), Message: fmt.Sprintf("%s %s", sign, words), Unit: some(v.Unit), Seq: some(v.Seq)})
	}
	return out
}

// lateWords says by how much a round goes on after its shift: v is its first
// leg that does.
func lateWords(p patrol.Plan, v patrol.Violation, words string) string {
	for _, r := range p.Rounds {
		if r.Unit != v.Unit || len(r.Legs) == 0 {
			continue
		}
		for _, l := range r.Legs {
			if l.Seq == v.Seq {
				if late := r.Legs[len(r.Legs)-1].End.Sub(l.Start); late >= time.Minute {
					return fmt.Sprintf("%s en %d min", words, int(late.Round(time.Minute).Minutes()))
				}
			}
		}
	}
	return words
}
