package review

// ShiftPresence tells which force was in each cell in the shifts of one name.
type ShiftPresence struct {
	Code         string     `json:"code"`
	Name         string     `json:"name"`
	Shifts       int        `json:"shifts"` // in which a municipal or integrated crew was heard
	PoliceShifts int        `json:"police_shifts"`
	Police       string     `json:"police"` // as in Sources
	Cells        []Presence `json:"cells"`  // in the order of Review.Cells
}

// codeCell is what a cell got in the shifts of one name.
type codeCell struct {
	dwell [3]float64 // seconds, by force
	plan  float64    // expected half-hours with police
}

// in gives what the cell got in the shifts of the code with an index.
func (c *cellTally) in(code int) *codeCell {
	for len(c.byCode) <= code {
		c.byCode = append(c.byCode, codeCell{})
	}
	return &c.byCode[code]
}

// byShift tells it of all codes, of the cells in the order of rows.
func (t *tally) byShift(rows []CellRow, terms Terms) []ShiftPresence {
	out := []ShiftPresence{}
	for _, name := range t.codes {
		c := t.byCode[name]
		s := Sources{Shifts: c.row.Shifts, PoliceShifts: c.policeShifts, Police: policeFrom(c.policeShifts, c.planShifts)}
		p := ShiftPresence{Code: c.row.Code, Name: c.row.Name, Shifts: s.Shifts, PoliceShifts: s.PoliceShifts, Police: s.Police, Cells: make([]Presence, len(rows))}
		for i, r := range rows {
			x := t.cells[r.Cell].in(c.index)
			p.Cells[i] = presenceOf(CellRow{Municipal: x.dwell[0] / 60, Police: x.dwell[1] / 60, Integrated: x.dwell[2] / 60, PolicePlan: x.plan}, s, terms)
		}
		out = append(out, p)
	}
	return out
}

// policeFrom says where figures of the police come from.
func policeFrom(driven, planned int) string {
	switch {
	case driven > 0:
		return PoliceDriven
	case planned > 0:
		return PolicePlanned
	}
	return PoliceNone
}
