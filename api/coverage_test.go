package api

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Cells of the coarsest resolution are told, the one left alone longest first.
func TestCellsOf(t *testing.T) {
	near, err := hotspots.CellOf([2]float64{-79, -8.08}, 9)
	if err != nil {
		t.Fatal(err)
	}
	far, err := hotspots.CellOf([2]float64{-79.01, -8.08}, 9)
	if err != nil {
		t.Fatal(err)
	}
	fine, err := hotspots.CellOf([2]float64{-79, -8.08}, 10)
	if err != nil {
		t.Fatal(err)
	}
	got := *cellsOf([]coverage.CellReport{
		{Cell: fine, Res: 10, MaxGapS: 9000},
		{Cell: near, Res: 9, MaxGapS: 600, Visits: 3, DwellS: coverage.Dwell{Municipal: 120, Police: 60, Integrated: 30}},
		{Cell: far, Res: 9, MaxGapS: 7200},
	})
	if len(got) != 2 || got[0].Cell != far.String() || got[0].LongestGapMin != 120 || got[1].Visits != 3 || got[1].MunicipalMin != 2 || got[1].PoliceMin != 1 || got[1].IntegratedMin != 0.5 {
		t.Errorf("%+v", got)
	}
	if got[1].Centre[0] < -79.01 || got[1].Centre[0] > -78.99 {
		t.Errorf("centre %v", got[1].Centre)
	}
	if none := *cellsOf(nil); len(none) != 0 {
		t.Errorf("%v of nothing", none)
	}
}
