package mqtt

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// Teltonika reads "Codec JSON", which Teltonika's FMB and FMC trackers publish
// in MQTT mode, by default to <IMEI>/data:
//
//	{"state":{"reported":{"ts":1763764359000,"pr":0,"latlng":"-12.046400,-77.042800","alt":154,"ang":271,"sat":9,
//	  "sp":34,"evt":0,"239":1,"66":12840,"113":88}}}
//
// ts is in milliseconds, latlng is text, sp is km/h; pr 2 is the panic
// priority. Members named by a number are AVL ids. No satellites, or 0,0, is no
// position: the rest of the record is kept. The CBOR variants are refused with
// the remedy.
type Teltonika struct{}

type teltonika struct {
	State *struct {
		Reported json.RawMessage `json:"reported"` // an object, or an array of them
	} `json:"state"`
	RSP json.RawMessage `json:"RSP"` // the answer to a command
}

type teltonikaRecord struct {
	TS     instant `json:"ts"`
	PR     number  `json:"pr"`
	LatLng word    `json:"latlng"`
	Alt    number  `json:"alt"`
	Ang    number  `json:"ang"`
	Sat    number  `json:"sat"`
	Sp     number  `json:"sp"`
	Evt    number  `json:"evt"` // AVL id that caused the record; 0: none

	DIN1     number `json:"1"`   // digital input: the panic button
	External number `json:"66"`  // mV
	Battery  number `json:"113"` // percent
	Ignition flag   `json:"239"`
	Unplug   number `json:"252"`
	Tow      number `json:"246"`
	Crash    number `json:"247"`
	Jamming  number `json:"249"`
	Odometer number `json:"16"`  // metres in all
	Engine   number `json:"449"` // seconds with the ignition on, in all
}

// unplugged in mV: no vehicle's battery is so low, and still feeds a tracker.
const unplugged = 3000

// Name is the decoder's name in rules and counters.
func (Teltonika) Name() string { return "teltonika" }

// Fits takes what has a state, or the answer to a command.
func (Teltonika) Fits(s Shape) bool { return bool(s.Has.State || s.Has.RSP) }

// Decode reads a record, or an array of them.
func (Teltonika) Decode(payload []byte) (d Decoded) {
	if c := firstByte(payload); c != 0 && c != '{' && c != '[' {
		d.rejectAs(fleet.LetterBinary, payload, "not JSON but binary (CBOR or Codec 8): set the data protocol of the tracker to \"Codec JSON\" and data encoding to plain")
		return d
	}
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var t teltonika
		if err := decodeObject(raw, &t); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		switch {
		case t.State == nil && len(t.RSP) > 0:
			d.Skipped = "command_answer"
			continue
		case t.State == nil || len(t.State.Reported) == 0:
			d.rejectAs(fleet.LetterForm, raw, "state.reported is missing: this is no Codec JSON record")
			continue
		}
		d.inside(raw, "state.reported", t.State.Reported, d.teltonika)
	}
	d.backlog()
	return d
}

func (d *Decoded) teltonika(raw []byte) (f fleet.Fix, err error) {
	var r teltonikaRecord
	if err := decodeObject(raw, &r); err != nil {
		return f, err
	}
	if err := r.TS.check("ts"); err != nil {
		return f, err
	}
	nan := math.NaN()
	f = fleet.Fix{Time: r.TS.t, Seq: fleet.DeriveSeq(raw), Point: orb.Point{nan, nan}, Speed: r.Sp.unknownBelow(0) / 3.6,
		Course: r.Ang.unknownBelow(0), Accuracy: nan, Altitude: r.Alt.or(nan), Battery: r.Battery.times(0.01), Ignition: r.Ignition.v,
		Event: r.event(), Odometer: r.Odometer.total(1), Engine: r.Engine.total(1), Power: r.External.feeds(unplugged)}
	if r.LatLng != "" {
		if f.Point, err = latLng(string(r.LatLng)); err != nil {
			return f, err
		}
	}
	if r.LatLng == "" || r.Sat.set && r.Sat.v == 0 || f.Point == (orb.Point{}) {
		f.Flags |= fleet.FlagInvalid
		f.Speed, f.Course, f.Altitude = nan, nan, nan // as of no satellites
	}
	d.optional(r.PR, r.Alt, r.Ang, r.Sat, r.Sp, r.Evt, r.Battery, r.External, r.Odometer, r.Engine)
	return f, nil
}

// event names what caused the record, the most urgent first.
func (r teltonikaRecord) event() string {
	caused := func(id float64, n number) bool { return r.Evt.set && r.Evt.v == id && n.set && n.v != 0 }
	switch {
	case r.PR.set && r.PR.v == 2, caused(1, r.DIN1):
		return "sos"
	case caused(247, r.Crash):
		return "accident"
	case caused(252, r.Unplug), r.External.set && r.External.v < unplugged:
		return "power_cut"
	case r.Evt.set && r.Evt.v == 252:
		return "power_restored"
	case caused(249, r.Jamming):
		return "jamming"
	case caused(246, r.Tow):
		return "tow"
	}
	return ""
}

// latLng reads "-12.046400,-77.042800".
func latLng(s string) (p orb.Point, err error) {
	a, b, ok := strings.Cut(s, ",")
	lat, err1 := strconv.ParseFloat(strings.TrimSpace(a), 64)
	lon, err2 := strconv.ParseFloat(strings.TrimSpace(b), 64)
	if !ok || err1 != nil || err2 != nil {
		return p, fmt.Errorf("latlng is %q, not \"latitude,longitude\"", brief(s))
	}
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) {
		return p, fmt.Errorf("latlng %q is not on the Earth", brief(s))
	}
	return orb.Point{lon, lat}, nil
}
