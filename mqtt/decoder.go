package mqtt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Message is a payload as it came in.
type Message struct {
	Topic    string
	Client   string // of the connection, for the operator; "" behind an external broker
	User     string // that a device logged in with; "": an external broker, or the service account
	Format   string // of what came over another way than a topic; "": by the topic
	Payload  []byte
	Received time.Time
}

// Decoded is what a payload held. A payload may hold good and bad parts at
// once: the good are stored, the bad become dead letters.
type Decoded struct {
	// Ubigeo and Received are filled in by the Registry. Device is, from the
	// decoder, what the payload calls its device, if it does; from the Registry,
	// the device's id.
	Fixes   []fleet.Fix
	Rejects []Reject
	Skipped string // kind of a message that is known and holds nothing to store
	Ignored int    // optional fields that could not be read and count as unknown
}

// Reject is a part of a payload that could not be decoded.
type Reject struct {
	Code   fleet.LetterCode
	Reason string // precise: which field, which value, what is expected
	Raw    []byte
}

// reject gives up a part whose fields cannot be used, or for what an error among
// args says that it is.
func (d *Decoded) reject(raw []byte, format string, args ...any) {
	code := fleet.LetterValue
	for _, a := range args {
		var c codedError
		if err, ok := a.(error); ok && errors.As(err, &c) {
			code = c.code
		}
	}
	d.rejectAs(code, raw, format, args...)
}

func (d *Decoded) rejectAs(code fleet.LetterCode, raw []byte, format string, args ...any) {
	d.Rejects = append(d.Rejects, Reject{Code: code, Reason: fmt.Sprintf(format, args...), Raw: raw})
}

// codedError is why something is no payload at all.
type codedError struct {
	code fleet.LetterCode
	text string
}

func (e codedError) Error() string { return e.text }

func notJSON(format string, args ...any) error {
	return codedError{fleet.LetterNotJSON, fmt.Sprintf(format, args...)}
}

// optional counts those of the optional fields that could not be read.
func (d *Decoded) optional(fields ...number) {
	for _, n := range fields {
		if n.raw != "" {
			d.Ignored++
		}
	}
}

// backlog flags every fix of one payload but the newest of each device: they
// waited for it.
func (d *Decoded) backlog() {
	if len(d.Fixes) < 2 {
		return
	}
	newest := map[string]int{} // by device
	for i, f := range d.Fixes {
		n, ok := newest[f.Device]
		if was := d.Fixes[n].Time; !ok || f.Time.IsZero() || !was.IsZero() && f.Time.After(was) {
			newest[f.Device] = i
		}
	}
	for i, f := range d.Fixes {
		if i != newest[f.Device] {
			d.Fixes[i].Flags |= fleet.FlagBacklog
		}
	}
}

// Decoder understands one kind of payload. It must take any bytes without
// panic, and give fixes and rejects that together account for all of them.
type Decoder interface {
	Name() string
	// Fits tells from the shape whether the payload is of this kind.
	Fits(s Shape) bool
	Decode(payload []byte) Decoded
}

// Shape is what decoders are chosen by: the first byte that is not space, and
// of a JSON object the members that formats mark themselves with.
type Shape struct {
	First   byte
	JSON    bool   // the payload is one well-formed JSON value
	Type    string // "type", as in GeoJSON
	SubType string // "_type", as in OwnTracks
	Has     marks
	Query   bool // not JSON, but "lat=…&lon=…"
	Lists   bool // an object of nothing but lists
}

// marks are members that only one format has.
type marks struct {
	Position, Event, Device there // Traccar
	Location                there // OsmAnd
	State, RSP              there // Teltonika
	Ident                   there // flespi
	Values, Latitude        there // ThingsBoard
	From, Payload           there // Meshtastic
	Lat                     there // ours
}

// there is true of a member that an object has, whatever it is.
type there bool

// UnmarshalJSON never fails.
func (t *there) UnmarshalJSON([]byte) error {
	*t = true
	return nil
}

// shapeOf looks at a payload once for all decoders. Of an array it looks at
// the first element, since formats send backlogs that way.
func shapeOf(payload []byte) Shape {
	s := Shape{First: firstByte(payload)}
	if s.JSON = json.Valid(payload); !s.JSON {
		s.Query = s.First != '{' && s.First != '[' && (bytes.Contains(payload, []byte("lat=")) || bytes.Contains(payload, []byte("location=")))
		return s
	}
	var m struct {
		Type    any `json:"type"`
		SubType any `json:"_type"`
		marks
	}
	object := payload
	if s.First == '[' {
		var list []json.RawMessage
		if json.Unmarshal(payload, &list) != nil || len(list) == 0 {
			return s
		}
		object = list[0]
	}
	if firstByte(object) != '{' || json.Unmarshal(object, &m) != nil {
		return s
	}
	s.Type, _ = m.Type.(string)
	s.SubType, _ = m.SubType.(string)
	if s.Has = m.marks; s.Has == (marks{}) && s.Type == "" && s.SubType == "" {
		_, s.Lists = thingsBoardGateway(object)
	}
	return s
}
