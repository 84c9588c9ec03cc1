package coverage

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/hotspots"
)

// A snapshot that was kept can be read again.
func TestStatesAreReadBack(t *testing.T) {
	cell, err := hotspots.CellOf(orb.Point{-79.03, -8.11}, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := Snapshot{States: States{None, ByMunicipal, ByPolice, Both, ByIntegrated, Unknown, Outside}, Cells: []CellReport{{Cell: cell, State: ByIntegrated}}}
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Snapshot
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.States, want.States) || got.Cells[0].State != ByIntegrated {
		t.Errorf("got %v, %v", got.States, got.Cells)
	}
	for _, bad := range []string{`{"states":"nmx"}`, `{"states":"é"}`, `{"cells":[{"state":"gone"}]}`} {
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
