package review

import "testing"

func TestPresenceOf(t *testing.T) {
	for _, c := range []struct {
		name   string
		cell   CellRow
		police string
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
		if got := PresenceOf(c.cell, Sources{Shifts: 10, Police: c.police}); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
