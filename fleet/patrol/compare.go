package patrol

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// UnitDifference is a unit's round in two versions of a plan; what a version
// has no round for is zero.
type UnitDifference struct {
	Unit     string       `json:"unit"`
	CallSign string       `json:"call_sign"`
	Before   RoundFigures `json:"before"`
	After    RoundFigures `json:"after"`
	// OverlapPct is how much of the length that either version drives both do.
	OverlapPct float64 `json:"overlap_pct"`
	Changed    bool    `json:"changed"`
}

// RoundFigures are those of one round.
type RoundFigures struct {
	Km         float64 `json:"km"`
	ServiceKm  float64 `json:"service_km"` // streets that it visits first
	TransferKm float64 `json:"transfer_km"`
	FillKm     float64 `json:"fill_km"`
	Stops      int     `json:"stops"`
	Minutes    float64 `json:"minutes"`
}

// Handed is a street that another unit visits first than before.
type Handed struct {
	Segment string         `json:"segment"`
	Name    string         `json:"name"`
	From    string         `json:"from"` // empty: nobody
	To      string         `json:"to"`   // empty: nobody
	Metres  float64        `json:"metres"`
	Line    orb.LineString `json:"-"`
}

// Comparison is what differs between two versions of a plan.
type Comparison struct {
	Before      RoundFigures     `json:"before"` // of all rounds
	After       RoundFigures     `json:"after"`
	CoverageKm  [2]float64       `json:"covered_km"` // of different streets first visited
	OverlapPct  float64          `json:"overlap_pct"`
	Units       []UnitDifference `json:"units"`
	HandedKm    float64          `json:"handed_km"`
	HandedCount int              `json:"handed_streets"`
	Handed      []Handed         `json:"-"`
}

// Compare tells what differs between two versions of a plan. Lengths are those
// of the segments on the map; nil: of the lines driven.
func Compare(before, after Plan, g *routing.Graph) Comparison {
	length := map[string]float64{}
	if g != nil {
		for i := range g.Segments {
			length[g.Segments[i].ID] = g.Segments[i].Length
		}
	}
	metres := func(l Leg) float64 {
		if m, ok := length[l.Segment]; ok {
			return m
		}
		return geo.Length(l.Line)
	}
	var out Comparison
	out.Before, out.After = figuresOf(metres, before.Rounds...), figuresOf(metres, after.Rounds...)
	find := func(p Plan, unit string) []Round {
		i := slices.IndexFunc(p.Rounds, func(r Round) bool { return r.Unit == unit })
		if i < 0 {
			return nil
		}
		return p.Rounds[i : i+1]
	}
	both, either := 0.0, 0.0
	add := func(r Round) {
		a, b := find(before, r.Unit), find(after, r.Unit)
		u := UnitDifference{Unit: r.Unit, CallSign: r.CallSign, Before: figuresOf(metres, a...), After: figuresOf(metres, b...)}
		same, all := shared(a, b, metres)
		both, either = both+same, either+all
		u.OverlapPct = percent(same, all)
		u.Changed = len(a) != len(b) || len(a) == 1 && !sameLegs(a[0], b[0])
		out.Units = append(out.Units, u)
	}
	for _, r := range after.Rounds {
		add(r)
	}
	for _, r := range before.Rounds {
		if find(after, r.Unit) == nil {
			add(r)
		}
	}
	out.OverlapPct = percent(both, either)
	out.hand(before, after, metres)
	return out
}

// figuresOf adds rounds up.
func figuresOf(metres func(Leg) float64, rounds ...Round) RoundFigures {
	var f RoundFigures
	for _, r := range rounds {
		for _, l := range r.Legs {
			km := 0.0
			if l.Segment != "" {
				km = metres(l) / 1000
			}
			f.Km += km
			switch l.Kind {
			case Service:
				f.ServiceKm += km
			case Repeat, Deadhead:
				f.TransferKm += km
			case Fill:
				f.FillKm += km
			case Stop:
				f.Stops++
			}
		}
		if n := len(r.Legs); n > 0 {
			f.Minutes += r.Legs[n-1].End.Sub(r.Legs[0].Start).Minutes()
		}
	}
	for _, v := range [...]*float64{&f.Km, &f.ServiceKm, &f.TransferKm, &f.FillKm} {
		*v = math.Round(*v*1000) / 1000
	}
	f.Minutes = math.Round(f.Minutes*10) / 10
	return f
}

// shared is the length that two rounds both drive, street by street as often
// as both do, and the length that either drives.
func shared(a, b []Round, metres func(Leg) float64) (both, either float64) {
	type times struct {
		n      [2]int
		metres float64
	}
	seen := map[string]*times{}
	for k, rs := range [...][]Round{a, b} {
		for _, r := range rs {
			for _, l := range r.Legs {
				if l.Segment == "" {
					continue
				}
				t := seen[l.Segment]
				if t == nil {
					t = &times{metres: metres(l)}
					seen[l.Segment] = t
				}
				t.n[k]++
			}
		}
	}
	for _, t := range seen {
		both += t.metres * float64(min(t.n[0], t.n[1]))
		either += t.metres * float64(max(t.n[0], t.n[1]))
	}
	return both, either
}

// percent rounds to a thousandth; of nothing everything is shared.
func percent(part, whole float64) float64 {
	if whole <= 0 {
		return 100
	}
	return math.Round(1e5*part/whole) / 1000
}

// sameLegs tells whether a crew would do the same, at the same times.
func sameLegs(a, b Round) bool {
	return a.Base == b.Base && a.Ended.Equal(b.Ended) && slices.EqualFunc(a.Legs, b.Legs, func(x, y Leg) bool {
		return x.Kind == y.Kind && x.Segment == y.Segment && x.Point == y.Point && x.Start.Equal(y.Start) && x.End.Equal(y.End) && slices.Equal(x.Line, y.Line)
	})
}

// Touched lists the units whose rounds differ between two versions: those that
// have to be told.
func Touched(before, after Plan) []string {
	var out []string
	for _, r := range after.Rounds {
		i := slices.IndexFunc(before.Rounds, func(o Round) bool { return o.Unit == r.Unit })
		if i < 0 || !sameLegs(before.Rounds[i], r) {
			out = append(out, r.Unit)
		}
	}
	for _, r := range before.Rounds {
		if !slices.ContainsFunc(after.Rounds, func(o Round) bool { return o.Unit == r.Unit }) {
			out = append(out, r.Unit)
		}
	}
	return out
}

// hand finds the streets that changed hands.
func (c *Comparison) hand(before, after Plan, metres func(Leg) float64) {
	type owner struct {
		unit string
		leg  Leg
	}
	first := func(p Plan, covered *float64) (map[string]owner, []string) {
		out := map[string]owner{}
		var order []string
		for _, r := range p.Rounds {
			for _, l := range r.Legs {
				if _, ok := out[l.Segment]; l.Kind == Service && !ok {
					out[l.Segment] = owner{r.Unit, l}
					order = append(order, l.Segment)
					*covered += metres(l) / 1000
				}
			}
		}
		*covered = math.Round(*covered*1000) / 1000
		return out, order
	}
	old, oldOrder := first(before, &c.CoverageKm[0])
	now, order := first(after, &c.CoverageKm[1])
	add := func(id string) {
		a, b := old[id], now[id]
		if a.unit == b.unit {
			return
		}
		l := b.leg
		if b.unit == "" {
			l = a.leg
		}
		h := Handed{Segment: id, Name: l.Name, From: a.unit, To: b.unit, Metres: math.Round(metres(l)*10) / 10, Line: l.Line}
		c.Handed = append(c.Handed, h)
		c.HandedKm += h.Metres / 1000
	}
	for _, id := range order {
		add(id)
	}
	for _, id := range oldOrder {
		if _, ok := now[id]; !ok {
			add(id)
		}
	}
	c.HandedCount = len(c.Handed)
	c.HandedKm = math.Round(c.HandedKm*1000) / 1000
}

// GeoJSON writes the streets that changed hands as a FeatureCollection.
func (c Comparison) GeoJSON() ([]byte, error) {
	type feature struct {
		Type       string       `json:"type"`
		Geometry   geometryJSON `json:"geometry"`
		Properties Handed       `json:"properties"`
	}
	out := struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", []feature{}}
	for _, h := range c.Handed {
		line, err := json.Marshal(h.Line)
		if err != nil {
			return nil, fmt.Errorf("segment %s: %w", h.Segment, err)
		}
		out.Features = append(out.Features, feature{"Feature", geometryJSON{"LineString", line}, h})
	}
	return json.Marshal(out)
}
