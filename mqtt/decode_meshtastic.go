package mqtt

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// Meshtastic reads the JSON that Meshtastic gateways publish to
// msh/<REGION>/2/json/<CHANNEL>/<!gateway>:
//
//	{"from":2130636288,"id":452664778,"type":"position","timestamp":1763764361,
//	  "payload":{"latitude_i":-120464000,"longitude_i":-770428000,"altitude":154,"time":1763764359}}
//
// Coordinates are in 1e-7 degrees. Who sent it is "from", never the topic: that
// names the gateway. Several gateways repeat a packet; its id is the fix's
// number, so the repetition is one row. A channel may blur positions to fewer
// bits, which is then the accuracy. Other types are taken and counted.
type Meshtastic struct{}

type meshtastic struct {
	From      number `json:"from"`
	ID        number `json:"id"`
	Type      word   `json:"type"`
	Timestamp number `json:"timestamp"` // when the gateway heard it
	Payload   struct {
		LatitudeI     number `json:"latitude_i"`
		LongitudeI    number `json:"longitude_i"`
		Altitude      number `json:"altitude"`
		Time          number `json:"time"` // of the fix, 0: not known
		GroundSpeed   number `json:"ground_speed"`
		PrecisionBits number `json:"precision_bits"`
	} `json:"payload"`
}

// Name is the decoder's name in rules and counters.
func (Meshtastic) Name() string { return "meshtastic" }

// Fits takes what has a sender and a payload.
func (Meshtastic) Fits(s Shape) bool { return bool(s.Has.From && s.Has.Payload) }

// Decode reads one packet, or an array of them.
func (Meshtastic) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		// The payload of other types may be text: look at the type first.
		var head struct {
			Type word `json:"type"`
		}
		if err := decodeObject(raw, &head); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		if head.Type == "" {
			d.rejectAs(fleet.LetterForm, raw, "type is missing: this is no Meshtastic packet")
			continue
		}
		if head.Type != "position" {
			d.Skipped = "mesh_" + brief(string(head.Type))
			continue
		}
		var m meshtastic
		if err := decodeObject(raw, &m); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		f, err := m.fix(raw)
		if err != nil {
			d.reject(raw, "Meshtastic position: %v", err)
			continue
		}
		d.optional(m.Payload.Altitude, m.Payload.GroundSpeed, m.Payload.PrecisionBits)
		d.Fixes = append(d.Fixes, f)
	}
	return d
}

func (m meshtastic) fix(raw []byte) (f fleet.Fix, err error) {
	from, err := m.From.require("from", 1, math.MaxUint32)
	if err != nil {
		return f, err
	}
	const unit = 1e-7
	lat, err := m.Payload.LatitudeI.require("latitude_i", -90/unit, 90/unit)
	if err != nil {
		return f, err
	}
	lon, err := m.Payload.LongitudeI.require("longitude_i", -180/unit, 180/unit)
	if err != nil {
		return f, err
	}
	f = fleet.Fix{Device: fmt.Sprintf("!%08x", uint32(from)), Seq: ownSeq(m.ID, raw), Point: orb.Point{lon * unit, lat * unit},
		Speed: m.Payload.GroundSpeed.unknownBelow(0), Course: math.NaN(), Accuracy: math.NaN(), Altitude: m.Payload.Altitude.or(math.NaN()), Battery: math.NaN()}
	// 0 is "no clock": the gateway's time is the next best, and the receiver's
	// the last.
	for _, at := range []number{m.Payload.Time, m.Timestamp} {
		if at.set && at.v > 0 {
			if f.Time, err = parseEpoch(fmt.Sprintf("%.0f", at.v)); err != nil {
				return f, err
			}
			break
		}
	}
	// n bits of 32 over the 40,000 km around the Earth, and half of that to
	// either side.
	if b := m.Payload.PrecisionBits; b.set && b.v > 0 && b.v < 32 {
		f.Accuracy = 40_075_017 / math.Exp2(b.v) / 2
	}
	return f, nil
}
