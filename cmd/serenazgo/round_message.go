package main

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// roundFormat is the version of roundMessage. It rises when a reader of the one
// before would read it wrong.
const roundFormat = 2

// roundMessage is what a device gets as its round; see docs/formats.md. A round
// of eight hours has more than a thousand legs, and devices pay for every byte:
// names are told once, times are seconds from the start, lines are encoded.
type roundMessage struct {
	Format  int           `json:"v"`
	Plan    string        `json:"plan"`
	Version int           `json:"version"`
	Shift   fleet.ShiftID `json:"shift"`
	Unit    string        `json:"unit"`
	Number  int           `json:"number"`
	Start   time.Time     `json:"start"`
	Names   []string      `json:"names"`
	Legs    []roundLeg    `json:"legs"`
}

// roundLeg is a street to drive, or a stop or break.
type roundLeg struct {
	Kind  patrol.LegKind `json:"k"`
	Name  int            `json:"n"`           // index in Names
	From  *int           `json:"f,omitempty"` // seconds from Start; absent: where the leg before ended
	Until int            `json:"t"`           // seconds from Start
	Path  string         `json:"p,omitempty"` // encodePath
	Point *orb.Point     `json:"at,omitempty"`
	Why   string         `json:"why,omitempty"`
}

// newRoundMessage writes a round, consecutive legs of one street and kind as one.
func newRoundMessage(p patrol.Plan, r patrol.Round) roundMessage {
	out := roundMessage{Format: roundFormat, Plan: p.ID, Version: p.Version, Shift: p.Shift, Unit: r.Unit, Number: r.Number, Names: []string{}, Legs: []roundLeg{}}
	if len(r.Legs) == 0 {
		return out
	}
	out.Start = r.Legs[0].Start.Truncate(time.Second)
	seconds := func(t time.Time) int { return int(math.Round(t.Sub(out.Start).Seconds())) }
	index := map[string]int{}
	before := 0
	for i := 0; i < len(r.Legs); {
		l := r.Legs[i]
		line, end := l.Line, l.End
		next := i + 1
		for ; next < len(r.Legs) && len(line) > 0 && sameStreet(l, r.Legs[next]); next++ {
			if next == i+1 {
				line = line.Clone()
			}
			line, end = append(line, r.Legs[next].Line[1:]...), r.Legs[next].End
		}
		n, known := index[l.Name]
		if !known {
			n = len(out.Names)
			index[l.Name], out.Names = n, append(out.Names, l.Name)
		}
		leg := roundLeg{Kind: l.Kind, Name: n, Until: seconds(end), Why: l.Reason}
		if from := seconds(l.Start); from != before {
			leg.From = &from
		}
		if len(line) > 0 {
			leg.Path = encodePath(line)
		} else {
			at := orb.Point{math.Round(l.Point[0]*1e5) / 1e5, math.Round(l.Point[1]*1e5) / 1e5}
			leg.Point = &at
		}
		out.Legs, before, i = append(out.Legs, leg), leg.Until, next
	}
	return out
}

// sameStreet tells whether b goes on where a ends, as the same thing.
func sameStreet(a, b patrol.Leg) bool {
	return b.Kind == a.Kind && b.Name == a.Name && b.Reason == a.Reason && len(b.Line) > 0
}

// encodePath writes a line as text: latitude and longitude in 1e-5 degrees (1.1
// m), each as the difference from the point before, in groups of five bits from
// the lowest, a 6th bit saying that more follow, plus 63. It is the "encoded
// polyline" that map libraries read.
func encodePath(line orb.LineString) string {
	out := make([]byte, 0, 6*len(line))
	var last [2]int
	for _, p := range line {
		for k, degrees := range [2]float64{p[1], p[0]} {
			v := int(math.Round(degrees * 1e5))
			d := (v - last[k]) << 1
			if d < 0 {
				d = ^d
			}
			last[k] = v
			for ; d >= 0x20; d >>= 5 {
				out = append(out, byte(0x20|d&0x1f)+63)
			}
			out = append(out, byte(d)+63)
		}
	}
	return string(out)
}
