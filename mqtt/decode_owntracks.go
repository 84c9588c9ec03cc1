package mqtt

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// OwnTracks reads what the OwnTracks phone apps publish (booklet, "JSON").
// Stored are location, transition, lwt, status, waypoint and waypoints; the
// other types are taken and counted; an encrypted payload is a dead letter.
//
// The apps leave out members that are zero. So a missing vel is standing still
// and a missing cog while moving is north, a single missing coordinate is 0,
// and both missing are 0,0 (flagged, as everywhere). A missing acc, alt or
// batt is unknown: none of them is zero in earnest.
//
// tst is the instant of the fix, created_at that of the message; a minute or
// more between them means that the fix had to wait. tid is not unique and is
// not looked at. topic, which stands in what is sent over HTTP, names the phone
// where one login sends for several.
type OwnTracks struct{}

// waited is the time between fix and message that marks a backlog.
const waited = time.Minute

type ownTracks struct {
	Type      word             `json:"_type"`
	Lat       number           `json:"lat"`
	Lon       number           `json:"lon"`
	TST       instant          `json:"tst"`
	CreatedAt instant          `json:"created_at"`
	Acc       number           `json:"acc"`
	Alt       number           `json:"alt"`
	Vel       number           `json:"vel"` // km/h
	Cog       number           `json:"cog"`
	Batt      number           `json:"batt"` // percent
	Trigger   word             `json:"t"`
	Event     word             `json:"event"` // of a transition: enter, leave
	Topic     word             `json:"topic"`
	Waypoints []ownTracksPlace `json:"waypoints"`
}

// ownTracksPlace is a waypoint of a list: a place, not the phone's position.
type ownTracksPlace struct {
	Lat number  `json:"lat"`
	Lon number  `json:"lon"`
	TST instant `json:"tst"`
}

// Name is the decoder's name in counters.
func (OwnTracks) Name() string { return "owntracks" }

// Fits takes whatever names a type the OwnTracks way.
func (OwnTracks) Fits(s Shape) bool { return s.SubType != "" }

// Decode reads one message, or an array of them.
func (OwnTracks) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var o ownTracks
		if err := decodeObject(raw, &o); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		d.ownTracks(raw, o)
	}
	if len(list) > 1 {
		d.backlog()
	}
	return d
}

func (d *Decoded) ownTracks(raw []byte, o ownTracks) {
	var f fleet.Fix
	var err error
	switch o.Type {
	case "location":
		f, err = o.location(raw)
	case "transition":
		f, err = o.transition(raw)
	case "lwt":
		// tst is when the phone connected first; the loss is noticed now.
		f = o.withoutPosition(raw, "connection_lost")
	case "status":
		f = o.withoutPosition(raw, "status")
		f.Time, err = o.TST.t, o.TST.check("tst")
	case "waypoint":
		f, err = ownTracksPlace{o.Lat, o.Lon, o.TST}.fix(raw)
	case "waypoints":
		if len(o.Waypoints) == 0 {
			d.Skipped = "waypoints"
			return
		}
		for i, w := range o.Waypoints {
			f, err := w.fix(fmt.Appendf(nil, "%d %s", i, raw))
			if err != nil {
				d.reject(raw, "waypoint %d: %v", i+1, err)
				continue
			}
			f.Device = o.phone()
			d.Fixes = append(d.Fixes, f)
		}
		return
	case "beacon", "card", "cmd", "configuration", "request", "steps":
		d.Skipped = string(o.Type)
		return
	case "encrypted":
		d.rejectAs(fleet.LetterEncrypted, raw, "OwnTracks payload encryption is on; clear the encryption key in the app (use TLS instead)")
		return
	case "":
		d.rejectAs(fleet.LetterForm, raw, "_type is missing: this is no OwnTracks message")
		return
	default:
		d.rejectAs(fleet.LetterForm, raw, "OwnTracks type %q is not known", brief(string(o.Type)))
		return
	}
	if err != nil {
		d.reject(raw, "OwnTracks %s: %v", o.Type, err)
		return
	}
	d.optional(o.Acc, o.Alt, o.Vel, o.Cog, o.Batt)
	f.Device = o.phone()
	d.Fixes = append(d.Fixes, f)
}

// phone is "<user>/<device>" of the topic, as by a topic rule; "" if it does not
// say.
func (o ownTracks) phone() string {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(string(o.Topic), "/"), "owntracks/")
	user, rest, named := strings.Cut(rest, "/")
	device, _, _ := strings.Cut(rest, "/") // what follows is what it tells of
	if !ok || !named || user == "" || device == "" {
		return ""
	}
	return user + "/" + device
}

// location is a position of the phone.
func (o ownTracks) location(raw []byte) (fleet.Fix, error) {
	f, err := o.positioned(raw)
	if err != nil {
		return f, err
	}
	f.Speed = o.Vel.unknownBelow(0) / 3.6
	f.Course = o.Cog.unknownBelow(0)
	if !o.Vel.set && o.Vel.raw == "" {
		f.Speed = 0
	} else if !o.Cog.set && o.Cog.raw == "" && f.Speed > 0 {
		f.Course = 0
	}
	if o.Trigger == "p" {
		f.Event = "ping"
	}
	return f, nil
}

// transition tells that the phone crossed the edge of a region, and where.
func (o ownTracks) transition(raw []byte) (fleet.Fix, error) {
	if o.Event != "enter" && o.Event != "leave" {
		return fleet.Fix{}, fmt.Errorf("event %q is neither enter nor leave", brief(string(o.Event)))
	}
	f, err := o.positioned(raw)
	f.Event = "region_" + string(o.Event)
	return f, err
}

// positioned is what location and transition have in common.
func (o ownTracks) positioned(raw []byte) (fleet.Fix, error) {
	f := o.withoutPosition(raw, "")
	var err error
	if f.Point, err = point(o.Lat, o.Lon); err != nil {
		return f, err
	}
	f.Flags = 0
	f.Accuracy, f.Altitude, f.Battery = accuracy(o.Acc), o.Alt.or(math.NaN()), o.Batt.times(0.01)
	if err := o.TST.check("tst"); err != nil {
		return f, err
	}
	f.Time = o.TST.t
	if o.TST.set && o.CreatedAt.set && o.CreatedAt.t.Sub(o.TST.t) >= waited {
		f.Flags |= fleet.FlagBacklog
	}
	return f, nil
}

// withoutPosition is an event that says nothing about where.
func (o ownTracks) withoutPosition(raw []byte, event string) fleet.Fix {
	nan := math.NaN()
	return fleet.Fix{Seq: ownSeq(number{}, raw), Point: orb.Point{nan, nan}, Speed: nan, Course: nan, Accuracy: nan,
		Altitude: nan, Battery: o.Batt.times(0.01), Event: event, Flags: fleet.FlagInvalid}
}

// fix keeps a waypoint. It is marked invalid, since nobody was seen there.
func (w ownTracksPlace) fix(raw []byte) (fleet.Fix, error) {
	f := ownTracks{}.withoutPosition(raw, "waypoint")
	var err error
	if f.Point, err = point(w.Lat, w.Lon); err != nil {
		return f, err
	}
	f.Time = w.TST.t
	return f, w.TST.check("tst")
}

// point reads coordinates of which the app leaves out the zero ones.
func point(lat, lon number) (orb.Point, error) {
	for _, n := range []*number{&lat, &lon} {
		if n.raw == "" {
			n.set = true
		}
	}
	y, err := lat.require("lat", -90, 90)
	if err != nil {
		return orb.Point{}, err
	}
	x, err := lon.require("lon", -180, 180)
	return orb.Point{x, y}, err
}
