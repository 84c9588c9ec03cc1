package trial

import (
	"archive/zip"
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// feed packs files into a GTFS zip.
func feed(t testing.TB, files map[string]string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

const head = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"

func TestReadShapes(t *testing.T) {
	r := feed(t, map[string]string{"agency.txt": "x\n", "shapes.txt": head + "b,-8.1,-79.1,10\nb,-8.0,-79.0,9\na,-8.1,-79,0\na,-8.1,-79,1\na,-8.20000000001,-79,2\n"})
	got, err := ReadShapes(r, r.Size())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != "a" || len(got[0].Line) != 2 || got[0].Line[1][1] != -8.2 {
		t.Errorf("%v: want a first, its doubled point once, seven decimals", got)
	}
	if want := (orb.Point{-79, -8}); got[1].Line[0] != want {
		t.Errorf("b begins at %v, want the point of the lower sequence", got[1].Line[0])
	}
}

func TestReadShapesRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no shapes":        {map[string]string{"stops.txt": "x\n"}, "no shapes.txt"},
		"no ways":          {map[string]string{"shapes.txt": head}, "no ways"},
		"a missing column": {map[string]string{"shapes.txt": "shape_id,shape_pt_lat\n"}, "shape_pt_lon"},
		"a bad latitude":   {map[string]string{"shapes.txt": head + "a,91,-79,0\n"}, "line 2"},
		"no number":        {map[string]string{"shapes.txt": head + "a,NaN,-79,0\n"}, "line 2"},
		"a bad sequence":   {map[string]string{"shapes.txt": head + "a,1,-79,first\n"}, "line 2"},
	} {
		r := feed(t, tt.files)
		if _, err := ReadShapes(r, r.Size()); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	if _, err := ReadShapes(strings.NewReader("no zip"), 6); !errors.Is(err, ErrFile) {
		t.Errorf("no zip file: %v", err)
	}
}

func FuzzReadShapes(f *testing.F) {
	f.Add(head + "a,-8.1,-79,0\na,-8.2,-79,1\n")
	f.Fuzz(func(t *testing.T, text string) {
		shapes, err := readShapes(strings.NewReader(text))
		if err != nil && !errors.Is(err, ErrFile) {
			t.Fatalf("%v is no ErrFile", err)
		}
		for _, s := range shapes {
			for _, p := range s.Line {
				if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
					t.Fatalf("a place at %v", p)
				}
			}
		}
	})
}

func TestDrives(t *testing.T) {
	tracks, g := crossingNetwork(t)
	shapes := []Shape{{"1", tracks[0].Truth[0]}, {"away", orb.LineString{{11.95, 50.3}, {11.96, 50.3}}}}
	r := Receiver{Noise: 8, Interval: 2 * time.Second, Seed: 3}
	drives, left := r.Drives(g, shapes)
	if len(drives) != 1 || left != 1 {
		t.Fatalf("%d drives and %d left out, want one each", len(drives), left)
	}
	again, _ := r.Drives(g, shapes)
	if !slices.EqualFunc(drives[0].Fixes, again[0].Fixes, func(a, b match.Fix) bool { return a.Point == b.Point && a.Time.Equal(b.Time) }) {
		t.Error("the same seed gives other fixes")
	}
	fixes := drives[0].Fixes
	line := shapes[0].Line
	if d := geo.Distance(fixes[len(fixes)-1].Point, line[len(line)-1]); d > 40 {
		t.Errorf("the drive ends %.0f m from the end of the way", d)
	}
	for i := 1; i < len(fixes); i++ {
		if fixes[i].Time.Sub(fixes[i-1].Time) != r.Interval {
			t.Fatalf("fix %d comes %v after the one before", i, fixes[i].Time.Sub(fixes[i-1].Time))
		}
	}
	s, err := Run(g, drives, match.DefaultConfig(routing.Car).OffLine(), time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Precision < 0.95 || s.Recall < 0.95 {
		t.Errorf("on a street without rivals: %+v", s)
	}
}

// TestNoiseHolds68 asks of the receiver what it says of itself.
func TestNoiseHolds68(t *testing.T) {
	tracks, g := crossingNetwork(t)
	line := tracks[0].Truth[0]
	near, all := 0, 0
	for seed := range uint64(60) {
		r := Receiver{Noise: 10, Interval: 30 * time.Second, Seed: seed}
		drives, _ := r.Drives(g, []Shape{{"1", line}})
		// It has not left at the first fix.
		if geo.Distance(drives[0].Fixes[0].Point, line[0]) <= 10 {
			near++
		}
		all++
	}
	if share := float64(near) / float64(all); share < 0.5 || share > 0.85 {
		t.Errorf("%.0f %% of first fixes lie within 10 m, want about 68", 100*share)
	}
}
