package review

import (
	"cmp"
	"slices"
)

func (t *tally) verdict(rows []Indicator) Verdict {
	v := Verdict{}
	for _, r := range rows {
		if r.Key != KeyStreets {
			continue
		}
		v.Light, v.JointPct = r.Together.Light, r.Together.Value
		if r.Police.Planned {
			v.PolicePlanPct = r.Police.Value
		} else {
			v.PolicePct = r.Police.Value
		}
	}
	v.SerenazgoPct, v.UnknownPct = t.serenazgo.figure().Value, t.unknown.figure().Value
	if len(t.cells) > 0 && t.heardDays > 0 {
		sum := 0.0
		for _, c := range t.cells {
			sum += c.nobody
		}
		h := t.aDay(sum) / float64(len(t.cells))
		v.NobodyHours = &h
	}
	return v
}

// aDay turns seconds of the shifts that were heard into hours a day. Shifts of
// which nothing is known do not thin it out.
func (t *tally) aDay(seconds float64) float64 {
	if t.heardDays == 0 {
		return 0
	}
	return seconds / 3600 / t.heardDays
}

func (t *tally) cellRows() []CellRow {
	out := make([]CellRow, 0, len(t.cells))
	for id, c := range t.cells {
		out = append(out, CellRow{Cell: id, Municipal: c.dwell[0] / 60, Police: c.dwell[1] / 60, Integrated: c.dwell[2] / 60, Alone: c.alone / 60,
			Doubled: c.doubled, Present: c.present, MaxGap: c.gap.Minutes, PolicePlan: c.plan, Nobody: t.aDay(c.nobody)})
	}
	slices.SortFunc(out, func(a, b CellRow) int { return cmp.Compare(a.Cell, b.Cell) })
	return out
}

func (t *tally) worstGaps() []Gap {
	out := []Gap{}
	for id, c := range t.cells {
		if g := c.gap; g.Minutes > 0 {
			g.Cell, g.Start, g.End = id, g.Start.UTC(), g.End.UTC()
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(cmp.Compare(b.Minutes, a.Minutes), cmp.Compare(a.Cell, b.Cell)) })
	return out[:min(len(out), MaxGaps)]
}

func (t *tally) dosage() []Dose {
	out := []Dose{}
	for _, d := range t.doses {
		if d.PlannedMin > 0 {
			d.Pct = 100 * (d.Municipal + d.Police + d.Integrated) / d.PlannedMin
		}
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b Dose) int { return cmp.Or(cmp.Compare(a.Pct, b.Pct), cmp.Compare(a.Cell, b.Cell)) })
	return out
}

func (t *tally) shiftRows() []ShiftRow {
	out := []ShiftRow{}
	for _, name := range t.codes {
		c := t.byCode[name]
		r := c.row
		r.Units = float64(c.units) / float64(max(r.Shifts, 1))
		r.JointPct, r.SerenazgoPct, r.PolicePct = c.joint.figure().Value, c.serenazgo.figure().Value, c.pnp.figure().Value
		if c.cells > 0 {
			h := c.nobody / 3600 / float64(c.cells)
			r.NobodyHours = &h
		}
		out = append(out, r)
	}
	return out
}
