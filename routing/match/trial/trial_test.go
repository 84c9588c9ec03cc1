package trial

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

func TestReadRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"nothing":        {"", "header"},
		"no column":      {"id,when,geometry\n", "no column time"},
		"a short row":    {"id,time,geometry\n1,2018-07-18 17:13:33+00:00\n", "line 2 has no geometry"},
		"a bad time":     {"id,time,geometry\n1,yesterday,POINT (1 2)\n", "line 2: time"},
		"a bad geometry": {"id,time,geometry\n1,2018-07-18 17:13:33+00:00,POINT (1\n", "line 2: geometry"},
	} {
		if _, err := ReadPoints(strings.NewReader(tt.text)); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	for name, text := range map[string]string{
		"no tracks": "id,WKT\n", "twice": "id,WKT\n1,\"LINESTRING (1 2,3 4)\"\n1,\"LINESTRING (1 2,3 4)\"\n", "a point": "id,WKT\n1,POINT (1 2)\n",
	} {
		if _, err := ReadTruth(strings.NewReader(text), nil); !errors.Is(err, ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// crossing is two tracks that cross at a vertex; the second ends in the middle
// of a side of the first.
func crossing() []Track {
	p := func(x, y float64) orb.Point { return orb.Point{11.9 + x*0.001, 50.3 + y*0.001} }
	end := orb.Point{11.90150000049, 50.3}
	return []Track{
		{ID: "1", Truth: []orb.LineString{{p(0, 0), p(1, 0), p(2, 0), p(3, 0)}}},
		{ID: "2", Truth: []orb.LineString{{p(1, 2), p(1, 1), p(1, 0), end}}},
	}
}

// crossingNetwork gives the two tracks with the network of their ways.
func crossingNetwork(t *testing.T) ([]Track, *routing.Graph) {
	t.Helper()
	tracks := crossing()
	g, err := Network(tracks)
	if err != nil {
		t.Fatal(err)
	}
	return tracks, g
}

func TestNetwork(t *testing.T) {
	tracks, g := crossingNetwork(t)
	// From the crossing: west, north, and east to the end of the first track.
	if len(g.Segments) != 3 || len(g.Nodes) != 4 {
		t.Fatalf("%d segments, %d nodes; want 3 and 4", len(g.Segments), len(g.Nodes))
	}
	for i, tr := range tracks {
		es, off := Edges(g, tr.Truth)
		if want := geo.Length(tr.Truth[0]); off > 0 || math.Abs(match.Length(es)-want) > 0.5 || len(es) != 2 {
			t.Errorf("track %d: %v (%.1f m off the network), want %.1f m in 2 edges", i+1, es, off, want)
		}
	}
	for _, s := range g.Segments {
		if both := s.Forward != 0 && s.Backward != 0; both || s.Forward == 0 && s.Backward == 0 {
			t.Errorf("segment %s is open to %v and %v, want the one way that was driven", s.ID, s.Forward, s.Backward)
		}
	}
	if _, off := Edges(g, []orb.LineString{{{11.95, 50.3}, {11.96, 50.3}}}); off < 700 {
		t.Errorf("a line far away is off by %v m", off)
	}
}

func TestRunOnATrackWithoutNoise(t *testing.T) {
	tracks, g := crossingNetwork(t)
	at := time.Date(2018, 7, 18, 17, 0, 0, 0, time.UTC)
	for i := range tracks {
		l := tracks[i].Truth[0]
		for k := 1; k < len(l); k++ {
			for f := 0.0; f < 1; f += 0.25 {
				tracks[i].Fixes = append(tracks[i].Fixes, match.Fix{Time: at, Speed: math.NaN(), Course: math.NaN(), Accuracy: math.NaN(),
					Point: orb.Point{l[k-1][0] + f*(l[k][0]-l[k-1][0]), l[k-1][1] + f*(l[k][1]-l[k-1][1])}})
				at = at.Add(3 * time.Second)
			}
		}
		tracks[i].Fixes = append(tracks[i].Fixes, tracks[i].Fixes[0])
	}
	s, err := Run(g, tracks, match.DefaultConfig(routing.Car), time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Tracks != 2 || s.Refused != 2 || s.Precision < 0.999 || s.Recall < 0.97 || s.Mismatch > 0.03 {
		t.Errorf("%+v", s)
	}
	// Of a track without noise nothing is learnt afterwards.
	missing, extra, err := Differ(g, tracks, match.DefaultConfig(routing.Car))
	if err != nil || missing > 0.01 || extra > 0.01 {
		t.Errorf("%.4f missing, %.4f extra, %v", missing, extra, err)
	}
	if _, _, err := Differ(g, tracks, match.Config{}); err == nil {
		t.Error("parameters that say nothing were taken")
	}
}

func TestHof(t *testing.T) {
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	open := func(name string) *os.File {
		f, err := os.Open(filepath.Join(dir, "gps", name))
		if err != nil {
			t.Skipf("no data file gps/%s: set SERENAZGO_DATA to the folder that holds it", name)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	points, err := ReadPoints(open("hof-train-points.csv"))
	if err != nil {
		t.Fatal(err)
	}
	tracks, err := ReadTruth(open("hof-train-truth.csv"), points)
	if err != nil {
		t.Fatal(err)
	}
	g, err := Network(tracks)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name                        string
		cfg                         match.Config
		precision, recall, mismatch float64
	}{
		{"off line", match.DefaultConfig(routing.Car).OffLine(), 0.995, 0.995, 0.006},
		{"as they come", match.DefaultConfig(routing.Car), 0.995, 0.99, 0.012},
	} {
		s, err := Run(g, tracks, tt.cfg, time.Now, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d segments; %+v", tt.name, len(g.Segments), s)
		if s.Tracks != 131 || s.OffNetworkKm > 0 || s.Precision < tt.precision || s.Recall < tt.recall || s.Mismatch > tt.mismatch {
			t.Errorf("%s: want 131 tracks, precision ≥ %v, recall ≥ %v, mismatch ≤ %v", tt.name, tt.precision, tt.recall, tt.mismatch)
		}
	}
}
