package main

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// decodePath reads what encodePath wrote, as a device would.
func decodePath(t testing.TB, s string) (line orb.LineString) {
	t.Helper()
	var at [2]int
	for i, k := 0, 0; i < len(s); k = 1 - k {
		v, shift := 0, 0
		for {
			if i == len(s) {
				t.Fatalf("%q ends in the middle of a number", s)
			}
			c := int(s[i]) - 63
			i++
			v |= (c & 0x1f) << shift
			if shift += 5; c < 0x20 {
				break
			}
		}
		if v&1 != 0 {
			v = ^v
		}
		at[k] += v >> 1
		if k == 1 {
			line = append(line, orb.Point{float64(at[1]) / 1e5, float64(at[0]) / 1e5})
		}
	}
	return line
}

func TestEncodePath(t *testing.T) {
	// The example of the algorithm's description.
	if got := encodePath(orb.LineString{{-120.2, 38.5}, {-120.95, 40.7}, {-126.453, 43.252}}); got != "_p~iF~ps|U_ulLnnqC_mqNvxq`@" {
		t.Errorf("got %q", got)
	}
	plain := t
	rapid.Check(t, func(t *rapid.T) {
		var line orb.LineString
		for range rapid.IntRange(0, 30).Draw(t, "points") {
			line = append(line, orb.Point{rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat")})
		}
		got := decodePath(plain, encodePath(line))
		if len(got) != len(line) {
			t.Fatalf("%d points of %d", len(got), len(line))
		}
		for i := range got {
			if math.Abs(got[i][0]-line[i][0]) > 0.51e-5 || math.Abs(got[i][1]-line[i][1]) > 0.51e-5 {
				t.Fatalf("point %d is %v, want %v", i, got[i], line[i])
			}
		}
	})
}

// A device that reads the message drives what was planned, leg by leg, and the
// message is small enough for it.
func TestRoundMessage(t *testing.T) {
	at := time.Date(2026, 11, 22, 3, 0, 0, 400e6, time.UTC)
	r := patrol.Round{Unit: "C01", Number: 1}
	p := orb.Point{-79.00601, -8.06444}
	add := func(kind patrol.LegKind, name, why string, seconds float64, moves ...orb.Point) {
		l := patrol.Leg{Kind: kind, Name: name, Reason: why, Start: at, Point: p}
		if len(moves) > 0 {
			l.Line = orb.LineString{p}
			for _, m := range moves {
				p = orb.Point{p[0] + m[0], p[1] + m[1]}
				l.Line = append(l.Line, p)
			}
		}
		at = at.Add(time.Duration(seconds * 1e9))
		l.End = at
		r.Legs = append(r.Legs, l)
	}
	for n := range 400 {
		name := fmt.Sprintf("Calle %d", n/4%60)
		add(patrol.Service, name, "", 27.544, orb.Point{0.00076, -0.00015}, orb.Point{0.00046, -0.0001})
		if n%50 == 49 {
			add(patrol.Stop, name, "hot:8a8e2a0a1b27fff", 720)
		}
	}
	at = at.Add(30 * time.Second) // a gap
	add(patrol.Deadhead, "Base", "", 60, orb.Point{-0.001, 0})
	plan := patrol.Plan{ID: "2026-11-21-noche-1", Version: 1, Shift: "2026-11-21/noche"}
	b, err := json.Marshal(newRoundMessage(plan, r))
	must(t, err)
	var m roundMessage
	must(t, json.Unmarshal(b, &m))
	if m.Format != roundFormat || m.Plan != plan.ID || m.Unit != "C01" || len(m.Names) != 61 {
		t.Errorf("it is read as %+v", m)
	}
	var want, got float64
	for _, l := range r.Legs {
		want += geo.Length(l.Line)
	}
	before, k := 0, 0
	var end orb.Point
	for i, l := range m.Legs {
		from := before
		if l.From != nil {
			from = *l.From
		}
		first := r.Legs[k]
		if d := m.Start.Add(time.Duration(from) * time.Second).Sub(first.Start); d.Abs() > time.Second || l.Kind != first.Kind || m.Names[l.Name] != first.Name || l.Why != first.Reason {
			t.Fatalf("leg %d %+v is not %+v", i, l, first)
		}
		until := m.Start.Add(time.Duration(l.Until) * time.Second)
		for k < len(r.Legs) && !r.Legs[k].End.After(until.Add(time.Second)) {
			k++
		}
		before = l.Until
		if l.Point != nil {
			if geo.Distance(*l.Point, end) > 2 {
				t.Errorf("leg %d stops %.1f m from where the one before ends", i, geo.Distance(*l.Point, end))
			}
			continue
		}
		line := decodePath(t, l.Path)
		if i > 0 && geo.Distance(line[0], end) > 2 {
			t.Errorf("leg %d begins %.1f m from where the one before ends", i, geo.Distance(line[0], end))
		}
		got, end = got+geo.Length(line), line[len(line)-1]
	}
	if k != len(r.Legs) || math.Abs(got-want) > 0.002*want {
		t.Errorf("%.0f m in %d legs, want %.0f m in %d", got, k, want, len(r.Legs))
	}
	if per := float64(len(b)) / float64(len(m.Legs)); per > 100 {
		t.Errorf("%.0f bytes a leg", per)
	}
	if empty, err := json.Marshal(newRoundMessage(plan, patrol.Round{Unit: "C02"})); err != nil || json.Unmarshal(empty, &m) != nil {
		t.Errorf("a round without legs: %s, %v", empty, err)
	}
}
