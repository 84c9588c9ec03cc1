package store

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// packedRound is a row of the table of rounds. The legs of a round, a few
// thousand, are kept together as gzip of a JSON array: nobody asks the
// database for one of them, and a plan is read as fast as it is decompressed.
type packedRound struct {
	number int
	unit   string
	body   []byte // patrol.Round without legs, JSON
	legs   []byte
}

// packedLeg is a leg with what its own JSON leaves out.
type packedLeg struct {
	patrol.Leg
	Line  orb.LineString `json:"line,omitempty"`
	Point *orb.Point     `json:"point,omitempty"`
}

func packRounds(rounds []patrol.Round) ([]packedRound, error) {
	out := make([]packedRound, len(rounds))
	for i, r := range rounds {
		if r.Number == 0 {
			r.Number = i + 1
		}
		legs, err := packLegs(r.Legs)
		if err != nil {
			return nil, fmt.Errorf("round %d: %w", r.Number, err)
		}
		r.Legs = nil
		body, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("round %d: %w", r.Number, err)
		}
		out[i] = packedRound{number: r.Number, unit: r.Unit, body: body, legs: legs}
	}
	return out, nil
}

func packLegs(legs []patrol.Leg) ([]byte, error) {
	packed := make([]packedLeg, len(legs))
	for i, l := range legs {
		packed[i] = packedLeg{Leg: l, Line: l.Line}
		if l.Point != (orb.Point{}) {
			packed[i].Point = &l.Point
		}
	}
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(z).Encode(packed); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (pr packedRound) unpack() (patrol.Round, error) {
	var r patrol.Round
	if err := json.Unmarshal(pr.body, &r); err != nil {
		return r, fmt.Errorf("round %d: %w", pr.number, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(pr.legs))
	if err != nil {
		return r, fmt.Errorf("legs of round %d: %w", pr.number, err)
	}
	var packed []packedLeg
	if err := json.NewDecoder(z).Decode(&packed); err != nil {
		return r, fmt.Errorf("legs of round %d: %w", pr.number, err)
	}
	if len(packed) == 0 {
		return r, nil
	}
	r.Legs = make([]patrol.Leg, len(packed))
	for i, p := range packed {
		p.Leg.Line = p.Line
		if p.Point != nil {
			p.Leg.Point = *p.Point
		}
		r.Legs[i] = p.Leg
	}
	return r, nil
}
