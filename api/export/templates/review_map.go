package templates

import (
	"fmt"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// presenceMap shows which force was in each cell over the period. Police who are
// only planned stand for the police where no positions of them are known.
func presenceMap(r review.Review) paper.Map {
	m := paper.Map{Height: 120, Credit: Credit, Legend: []paper.Key{
		{Text: fmt.Sprintf("Solo serenazgo (GPS en %d turnos)", r.Sources.Shifts), Fill: &paper.OwnTint}, {Text: policeKey(r), Fill: &paper.PolTint, Hatch: &paper.Police},
		{Text: "Ambos o integrado", Fill: &paper.BothTint, Hatch: &paper.Both, Cross: true}, {Text: "Nadie", Line: &paper.Nobody}}}
	view := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, c := range r.Cells {
		shape, err := c.Cell.Polygon()
		if err != nil {
			continue
		}
		area := paper.Area{Rings: shape, Edge: &paper.Line}
		switch review.PresenceOf(c, r.Sources) {
		case review.OnlyMunicipal:
			area.Fill = &paper.OwnTint
		case review.OnlyPolice:
			area.Fill, area.Hatch = &paper.PolTint, &paper.Police
		case review.BothForces:
			area.Fill, area.Hatch, area.Cross = &paper.BothTint, &paper.Both, true
		default:
			area.Edge, area.Wide = &paper.Nobody, 0.4
		}
		m.Areas = append(m.Areas, area)
		view = view.Union(shape.Bound())
	}
	m.View = view
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
