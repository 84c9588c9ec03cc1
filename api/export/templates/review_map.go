package templates

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// presenceMap shows which force was in each cell over the period, over the
// streets. Police who are only planned stand for the police where no positions
// of them are known.
func presenceMap(r review.Review, streets Streets) paper.Block {
	if len(r.Cells) == 0 || r.Sources.Days == 0 {
		return paper.Paragraph{Hint: true, Text: "Sin mapa: no hay días con datos en este período."}
	}
	n := map[review.Presence]int{}
	for _, c := range r.Cells {
		n[r.PresenceOf(c)]++
	}
	of := func(name string, p review.Presence) string { return fmt.Sprintf("%s: %d celdas", name, n[p]) }
	m := paper.Map{Height: 118, Credit: Credit, Lines: background(streets), Legend: []paper.Key{
		{Text: of(fmt.Sprintf("Solo serenazgo (GPS en %d turnos)", r.Sources.Shifts), review.OnlyMunicipal), Fill: &paper.OwnTint, Line: &paper.Own},
		{Text: of(policeKey(r), review.OnlyPolice), Fill: &paper.PolTint, Hatch: &paper.Police, Line: &paper.Police},
		{Text: of("Ambos o integrado", review.BothForces), Fill: &paper.BothTint, Hatch: &paper.Both, Cross: true, Line: &paper.Both},
		{Text: of("Nadie", review.Nobody), Line: &paper.Nobody, Open: true}}}
	view := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	nobody := []paper.Area{} // on top, or the outlines of their neighbours hide theirs
	for _, c := range r.Cells {
		shape, err := c.Cell.Polygon()
		if err != nil {
			continue
		}
		view = view.Union(shape.Bound())
		area := paper.Area{Rings: shape}
		switch r.PresenceOf(c) {
		case review.OnlyMunicipal:
			area.Fill, area.Edge = &paper.OwnTint, &paper.Own
		case review.OnlyPolice:
			area.Fill, area.Hatch, area.Edge = &paper.PolTint, &paper.Police, &paper.Police
		case review.BothForces:
			area.Fill, area.Hatch, area.Cross, area.Edge = &paper.BothTint, &paper.Both, true, &paper.Both
		default:
			area.Edge, area.Wide = &paper.Nobody, 0.45
			nobody = append(nobody, area)
			continue
		}
		m.Areas = append(m.Areas, area)
	}
	m.Areas, m.View = append(m.Areas, nobody...), view
	return m
}

// policeKey tells by how many shifts the police are known.
func policeKey(r review.Review) string {
	switch r.Sources.Police {
	case review.PolicePlanned:
		return "Solo policía, según su plan"
	case review.PoliceDriven:
		return fmt.Sprintf("Solo policía (GPS en %d turnos)", r.Sources.PoliceShifts)
	}
	return "Solo policía"
}
