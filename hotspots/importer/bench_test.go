package importer

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

func BenchmarkMillion(b *testing.B) {
	const rows = 1_000_000
	grid, err := hotspots.NewGrid(orb.MultiPolygon{orb.Bound{Min: orb.Point{-79.05, -8.15}, Max: orb.Point{-78.95, -8.05}}.ToPolygon()}, 10)
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	file.WriteString("id,fecha_hora_hecho,fecha_hora_registro,lat,lon,generico,especifico,modalidad,origen\n")
	for i := range rows {
		fmt.Fprintf(&file, "%d,2025-%02d-%02d %02d:%02d,2025-12-31 20:04,-8.%06d,-%.6f,PATRIMONIO,ROBO,ROBO AGRAVADO A MANO ARMADA,LLAMADA\n",
			i, i%12+1, i%28+1, i%24, i*7%60, 50_000+i*31%100_000, 78.95+float64(i*17%100_000)/1e6)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		res, err := Read(bytes.NewReader(file.Bytes()), "bench", Options{})
		if err != nil || len(res.Incidents) != rows {
			b.Fatal(err, len(res.Incidents))
		}
		inside := 0
		for _, c := range grid.CellsAt(rows, func(i int) orb.Point { return res.Incidents[i].Point }) {
			if c >= 0 {
				inside++
			}
		}
		if inside < rows/2 {
			b.Fatal(inside)
		}
	}
}
