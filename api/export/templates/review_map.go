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
	all := make([]review.Presence, len(r.Cells))
	for i, c := range r.Cells {
		all[i] = r.PresenceOf(c)
		n[all[i]]++
	}
	of := func(name string, p review.Presence) string { return name + ": " + cellCount(n[p]) }
	m := paper.Map{Height: 118, Credit: Credit, Lines: background(streets), Legend: []paper.Key{
		{Text: of(fmt.Sprintf("Solo serenazgo (GPS en %d turnos)", r.Sources.Shifts), review.OnlyMunicipal), Fill: &paper.OwnTint, Line: &paper.Own},
		{Text: of(policeKey(r), review.OnlyPolice), Fill: &paper.PolTint, Hatch: &paper.Police, Line: &paper.Police},
		{Text: of("Ambos o integrado", review.BothForces), Fill: &paper.BothTint, Hatch: &paper.Both, Cross: true, Line: &paper.Both},
		{Text: of("Nadie", review.Nobody), Line: &paper.Nobody, Open: true}}}
	drawPresence(&m, r.Cells, all)
	return m
}

// shiftBlocks show the same for the shifts of each name, side by side, and count
// it.
func shiftBlocks(r review.Review, streets Streets) []paper.Block {
	out := paper.Maps{}
	for _, s := range r.ByShift {
		if len(s.Cells) != len(r.Cells) || len(r.Cells) == 0 {
			continue
		}
		n := map[review.Presence]int{}
		for _, p := range s.Cells {
			n[p]++
		}
		m := paper.Map{Title: s.Name, Height: 62, Credit: Credit, Lines: background(streets), Legend: []paper.Key{
			{Text: fmt.Sprintf("Solo serenazgo: %d", n[review.OnlyMunicipal]), Fill: &paper.OwnTint, Line: &paper.Own},
			{Text: fmt.Sprintf("Solo policía: %d", n[review.OnlyPolice]), Fill: &paper.PolTint, Hatch: &paper.Police, Line: &paper.Police},
			{Text: fmt.Sprintf("Ambos o integrado: %d", n[review.BothForces]), Fill: &paper.BothTint, Hatch: &paper.Both, Cross: true, Line: &paper.Both},
			{Text: fmt.Sprintf("Nadie: %d", n[review.Nobody]), Line: &paper.Nobody, Open: true}}}
		drawPresence(&m, r.Cells, s.Cells)
		out.Maps = append(out.Maps, m)
	}
	if len(out.Maps) < 2 || len(out.Maps) > mostMaps {
		return []paper.Block{shiftPresence(r)}
	}
	counted := shiftPresence(r)
	counted.OnlySheet = true // the legends say it on paper
	return []paper.Block{out, counted}
}

// mostMaps is how many maps side by side can be read; with more, or with only one,
// the table of their cells says it alone.
const mostMaps = 4

// drawPresence draws cells with who was there.
func drawPresence(m *paper.Map, cells []review.CellRow, of []review.Presence) {
	view := orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	nobody := []paper.Area{} // on top, or the outlines of their neighbours hide theirs
	for i, c := range cells {
		shape, err := c.Cell.Polygon()
		if err != nil {
			continue
		}
		view = view.Union(shape.Bound())
		area := paper.Area{Rings: shape}
		switch of[i] {
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
