package hotspots_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// From the file of a district to the ranked cells of a night.
func TestElPorvenir(t *testing.T) {
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	outline, err := os.ReadFile(filepath.Join(dir, "boundaries", "el-porvenir-130102-osm.geojson"))
	if err != nil {
		t.Skip("no data: set SERENAZGO_DATA to the folder that holds it")
	}
	var fc geojson.FeatureCollection
	if err := json.Unmarshal(outline, &fc); err != nil {
		t.Fatal(err)
	}
	var boundary orb.MultiPolygon
	for _, f := range fc.Features {
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			boundary = append(boundary, g)
		case orb.MultiPolygon:
			boundary = append(boundary, g...)
		}
	}
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "simulated", "el-porvenir-incidents-simulated.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	begun := time.Now()
	res, err := importer.Read(f, "incidents.csv", importer.Options{Loc: loc})
	if err != nil {
		t.Fatal(err)
	}
	read := time.Now()
	g, err := hotspots.NewGrid(boundary, 10)
	if err != nil {
		t.Fatal(err)
	}
	gridded := time.Now()
	last := res.Incidents[len(res.Incidents)-1].At.In(loc)
	night := time.Date(last.Year(), last.Month(), last.Day(), 22, 0, 0, 0, loc)
	s, err := hotspots.Forecast(g, res.Incidents, hotspots.Target{Start: night, End: night.Add(8 * time.Hour), Loc: loc})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("import %v, grid of %d cells %v, forecast of %s on %d incidents %v", read.Sub(begun).Round(time.Millisecond), g.Len(),
		gridded.Sub(read).Round(time.Millisecond), night.Format(time.DateOnly), s.Sample, time.Since(gridded).Round(time.Millisecond))
	top, share := s.Ranked(20), 0.0
	for _, r := range top {
		share += r.Share
	}
	t.Logf("%.1f incidents expected, %.0f %% of them in 20 cells; the first %+v", s.Total, 100*share, top[0])
	if s.Model != "mix_shift" || s.Total < 1 || s.Total > 15 || share < 0.05 {
		t.Errorf("model %s, %.1f expected, %.2f in 20 cells", s.Model, s.Total, share)
	}
}
