package patrol

import (
	"context"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// BenchmarkEdit moves a street from one car to another in a plan of six for El
// Porvenir, as whoever drags it waits for it.
func BenchmarkEdit(b *testing.B) {
	im, err := osm.Load(b.Context(), osm.Source{File: dataFile(b, "streets", "el-porvenir.osm.pbf"),
		BoundaryFile: dataFile(b, "boundaries", "el-porvenir-130102-osm.geojson"), Modes: routing.SetOf(routing.Car)})
	if err != nil {
		b.Fatal(err)
	}
	in := DraftInput{Graph: im.Graph, Shift: shiftOf(b, "2026-11-21/noche", lima(b)), Loc: lima(b), Seed: 1, District: fleet.District{Ubigeo: "130102"}}
	for _, id := range []string{"A", "B", "C", "D", "E", "F"} {
		in.Units = append(in.Units, fleet.Unit{ID: id, Mode: routing.Car, Active: true})
	}
	plan, _, err := NewDraft(context.Background(), in)
	if err != nil {
		b.Fatal(err)
	}
	d, err := NewDesk(in)
	if err != nil {
		b.Fatal(err)
	}
	var streets []string
	for _, l := range plan.Rounds[0].Legs {
		if l.Kind == Service {
			streets = append(streets, l.Segment)
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := d.Edit(plan, []Edit{{Op: MoveStreet, Segments: streets[i%len(streets) : i%len(streets)+1], To: "B"}}); err != nil {
			b.Fatal(err)
		}
	}
}
