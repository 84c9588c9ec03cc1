package patrol

import (
	"bytes"
	"context"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

func TestDraw(t *testing.T) {
	in := town(t, 2, routing.Car, routing.Car)
	plan, _, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	// strokes counts the streets of each path: of nobody, of the units, and the rings.
	strokes := func(until time.Time) []int {
		t.Helper()
		var b bytes.Buffer
		if err := Draw(&b, plan, in.Graph, until, `two cars & a "town"`); err != nil {
			t.Fatal(err)
		}
		var svg struct {
			Paths []struct {
				D string `xml:"d,attr"`
			} `xml:"g>path"`
			Texts []string `xml:"text"`
		}
		if err := xml.Unmarshal(b.Bytes(), &svg); err != nil {
			t.Fatal(err)
		}
		if len(svg.Texts) != 2 || svg.Texts[0] != `two cars & a "town"` || !strings.Contains(svg.Texts[1], "OpenStreetMap") {
			t.Errorf("texts %q", svg.Texts)
		}
		var out []int
		for _, p := range svg.Paths {
			out = append(out, strings.Count(p.D, "M"))
		}
		return out
	}
	belong := 0
	for i := range in.Graph.Segments {
		if in.Graph.Segments[i].Belongs {
			belong++
		}
	}
	before := strokes(in.Shift.Start)
	if before[0] != belong || before[1]+before[2] != 0 {
		t.Errorf("as the shift begins: %v, want %d streets of nobody", before, belong)
	}
	after := strokes(time.Time{})
	if after[0] >= belong/10 || after[1] == 0 || after[2] == 0 || after[0]+after[1]+after[2] != belong {
		t.Errorf("at the end: %v of %d streets", after, belong)
	}
}
