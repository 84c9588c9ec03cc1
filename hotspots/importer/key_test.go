package importer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Rows without numbers and times that a police station's point has in common are
// told apart by the addresses that place them, in whatever order they come.
func TestKeysOfRelocatedRows(t *testing.T) {
	const header = "fecha,lat,lon,tipo,direccion"
	r := rand.New(rand.NewPCG(5, 5))
	var rows []string
	for i := range 300 {
		rows = append(rows, fmt.Sprintf("2026-01-%02d,%.6f,%.6f,HURTO,Calle %d", i%28+1, -8-r.Float64()/10, -79-r.Float64()/10, i))
	}
	for i := range 60 {
		rows = append(rows, fmt.Sprintf("2026-01-05,-8.05,-79.05,ROBO,Jr. %d", i))
		rows = append(rows, fmt.Sprintf("2026-01-05,-8.05,-79.05,HURTO,Jr. %d", i))
	}
	locate := func(s string) (Located, bool) {
		var n int
		_, err := fmt.Sscanf(s, "Jr. %d", &n)
		return Located{orb.Point{-79.02, -8.01 - float64(n)/1000}, hotspots.GradeBlock}, err == nil
	}
	keys := func() map[string]string { // of each place and type
		res, err := Read(strings.NewReader(header+"\n"+strings.Join(rows, "\n")+"\n"), "f", Options{Locate: locate})
		if err != nil || len(res.Incidents) != len(rows) {
			t.Fatalf("%d of %d rows, %v", len(res.Incidents), len(rows), err)
		}
		out, seen := map[string]string{}, map[string]bool{}
		for _, in := range res.Incidents {
			if seen[in.Key] {
				t.Errorf("row %d has the key of another", in.Row)
			}
			seen[in.Key] = true
			out[fmt.Sprint(in.Point, in.Type)] = in.Key
		}
		return out
	}
	before := keys()
	slices.Reverse(rows)
	for where, key := range keys() {
		if before[where] != key {
			t.Errorf("%s: %s in one order, %s in the other", where, before[where], key)
		}
	}
}

// Of rows that only name a day, those that say the same throughout repeat each
// other; the rest are incidents, also when they come again.
func TestRepeatsWithoutTime(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		incidents  int
	}{
		{"days, other notes", "fecha,lat,lon,tipo,parte\n2026-01-05,-8.05,-79.05,ROBO,cartera\n2026-01-05,-8.05,-79.05,ROBO,celular\n", 2},
		{"days, the same", "fecha,lat,lon,tipo,parte\n2026-01-05,-8.05,-79.05,ROBO,cartera\n2026-01-05,-8.05,-79.05,ROBO,cartera\n", 1},
		{"days, from other rows", "fila_original,motivo_rechazo,fecha,lat,lon,tipo\n7,x,2026-01-05,-8.05,-79.05,ROBO\n8,y,2026-01-05,-8.05,-79.05,ROBO\n", 1},
		{"times, other notes", "fecha,lat,lon,tipo,parte\n2026-01-05 10:00,-8.05,-79.05,ROBO,cartera\n2026-01-05 10:05,-8.05,-79.05,ROBO,celular\n", 1},
		{"a day and a time", "fecha,lat,lon,tipo\n2026-01-05,-8.05,-79.05,ROBO\n2026-01-05 00:05,-8.05,-79.05,ROBO\n", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var keys []string
			for range 2 {
				res, err := Read(strings.NewReader(tc.file), "f", Options{})
				if err != nil || len(res.Incidents) != tc.incidents {
					t.Fatalf("%d incidents, %v", len(res.Incidents), err)
				}
				checkAccounts(t, res)
				for _, in := range res.Incidents {
					keys = append(keys, in.Key)
				}
			}
			if !slices.Equal(keys[:tc.incidents], keys[tc.incidents:]) || len(slices.Compact(keys[:tc.incidents])) != tc.incidents {
				t.Errorf("keys %q", keys)
			}
		})
	}
}
