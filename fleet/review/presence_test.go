package review

import "testing"

func TestPresenceOf(t *testing.T) {
	for _, c := range []struct {
		name   string
		cell   CellRow
		police string // PoliceDriven: in all ten shifts
		want   Presence
	}{
		{"nobody", CellRow{}, PoliceDriven, Nobody},
		{"passed through once in ten shifts", CellRow{Municipal: 9}, PoliceDriven, Nobody},
		{"municipal", CellRow{Municipal: 10, Police: 9}, PoliceDriven, OnlyMunicipal},
		{"police", CellRow{Municipal: 9, Police: 10}, PoliceDriven, OnlyPolice},
		{"both", CellRow{Municipal: 10, Police: 10}, PoliceDriven, BothForces},
		{"integrated", CellRow{Integrated: 10}, PoliceNone, BothForces},
		{"expected", CellRow{PolicePlan: 5}, PolicePlanned, OnlyPolice},
		{"hardly expected", CellRow{Municipal: 10, PolicePlan: 4.9}, PolicePlanned, OnlyMunicipal},
		{"a plan says nothing where positions are known", CellRow{Municipal: 10, PolicePlan: 99}, PoliceDriven, OnlyMunicipal},
	} {
		s := Sources{Shifts: 10, Police: c.police}
		if c.police == PoliceDriven {
			s.PoliceShifts = 10
		}
		if got := presenceOf(c.cell, s, Terms{}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	// Police known in 2 of ten shifts are told by these, and the municipality by its own.
	few := Sources{Shifts: 10, PoliceShifts: 2, Police: PoliceDriven}
	if got := presenceOf(CellRow{Municipal: 10, Police: 2}, few, DefaultTerms()); got != BothForces {
		t.Errorf("a minute in each known shift of the police: %s", got)
	}
	if got := presenceOf(CellRow{Municipal: 9, Police: 1.9}, few, DefaultTerms()); got != Nobody {
		t.Errorf("less than a minute in the known shifts: %s", got)
	}
}
