package mqtt

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Message is a payload as it came in.
type Message struct {
	Topic    string
	Client   string // of the connection, for the operator; "" behind an external broker
	Payload  []byte
	Received time.Time
}

// Decoded is what a payload held. A payload may hold good and bad parts at
// once: the good are stored, the bad become dead letters.
type Decoded struct {
	Fixes   []fleet.Fix // Ubigeo, Device and Received are filled in by the Registry
	Rejects []Reject
	Skipped string // kind of a message that is known and holds nothing to store
	Ignored int    // optional fields that could not be read and count as unknown
}

// Reject is a part of a payload that could not be decoded.
type Reject struct {
	Reason string // precise: which field, which value, what is expected
	Raw    []byte
}

func (d *Decoded) reject(raw []byte, format string, args ...any) {
	d.Rejects = append(d.Rejects, Reject{Reason: fmt.Sprintf(format, args...), Raw: raw})
}

// optional counts those of the optional fields that could not be read.
func (d *Decoded) optional(fields ...number) {
	for _, n := range fields {
		if n.raw != "" {
			d.Ignored++
		}
	}
}

// backlog flags every fix of one payload but the newest: they waited for it.
func (d *Decoded) backlog() {
	newest := 0
	for i, f := range d.Fixes {
		if f.Time.IsZero() || !d.Fixes[newest].Time.IsZero() && f.Time.After(d.Fixes[newest].Time) {
			newest = i
		}
	}
	for i := range d.Fixes {
		if i != newest {
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
}

// shapeOf looks at a payload once for all decoders. Of an array it looks at
// the first element, since formats send backlogs that way.
func shapeOf(payload []byte) Shape {
	s := Shape{First: firstByte(payload)}
	if s.JSON = json.Valid(payload); !s.JSON {
		return s
	}
	type mark struct {
		Type    any `json:"type"`
		SubType any `json:"_type"`
	}
	var m mark
	switch s.First {
	case '{':
		_ = json.Unmarshal(payload, &m)
	case '[':
		var list []json.RawMessage
		if json.Unmarshal(payload, &list) == nil && len(list) > 0 {
			_ = json.Unmarshal(list[0], &m)
		}
	}
	s.Type, _ = m.Type.(string)
	s.SubType, _ = m.SubType.(string)
	return s
}

// Rule names the decoders of a topic pattern, tried in order by shape; the
// last one takes what no other fits and says what is wrong with it.
type Rule struct {
	Pattern  string
	Decoders []Decoder
}

// DefaultRules are the topics of the package comment.
func DefaultRules() []Rule {
	return []Rule{
		{Pattern: "serenazgo/{ubigeo}/{device}/pos", Decoders: []Decoder{GeoJSON{}, OwnTracks{}, Native{}}},
		{Pattern: "owntracks/{ubigeo}/{device}/#", Decoders: []Decoder{OwnTracks{}}},
	}
}

// Registry chooses the decoder of a message: by topic, then by shape.
type Registry struct{ rules []Rule }

// NewRegistry makes a registry; with no rules it has the default ones.
func NewRegistry(rules []Rule) *Registry {
	if len(rules) == 0 {
		rules = DefaultRules()
	}
	return &Registry{rules: rules}
}

// Filters are the MQTT filters that bring every topic of the rules.
func (r *Registry) Filters() []string {
	var out []string
	for _, rule := range r.rules {
		out = append(out, filterOf(rule.Pattern))
	}
	return out
}

// Owner names the device that a topic belongs to.
func (r *Registry) Owner(topic string) (ubigeo, device string, ok bool) {
	for _, rule := range r.rules {
		if u, d, ok := identify(rule.Pattern, topic); ok && fleet.CheckUbigeo(u) == nil && fleet.CheckDeviceID(d) == nil {
			return u, d, true
		}
	}
	return "", "", false
}

// Decode gives the fixes of a message, ready to store, and its rejects. The
// name of the decoder that took it is "" when none did.
func (r *Registry) Decode(m Message) (d Decoded, ubigeo, decoder string) {
	var rule *Rule
	var device string
	for i := range r.rules {
		var ok bool
		if ubigeo, device, ok = identify(r.rules[i].Pattern, m.Topic); ok {
			rule = &r.rules[i]
			break
		}
	}
	if rule == nil {
		d.reject(m.Payload, "topic %q is of no known form", m.Topic)
		return d, "", ""
	}
	if err := fleet.CheckUbigeo(ubigeo); err != nil {
		d.reject(m.Payload, "topic %q: %v", m.Topic, err)
		return d, "", ""
	}
	if err := fleet.CheckDeviceID(device); err != nil {
		d.reject(m.Payload, "topic %q: %v", m.Topic, err)
		return d, ubigeo, ""
	}
	dec := rule.Decoders[len(rule.Decoders)-1]
	if len(rule.Decoders) > 1 {
		s := shapeOf(m.Payload)
		for _, c := range rule.Decoders {
			if c.Fits(s) {
				dec = c
				break
			}
		}
	}
	d = dec.Decode(m.Payload)
	good := d.Fixes[:0]
	for _, f := range d.Fixes {
		f.Ubigeo, f.Device, f.Received = ubigeo, device, m.Received
		if err := fleet.Normalise(&f); err != nil {
			d.reject(m.Payload, "%v", err)
			continue
		}
		good = append(good, f)
	}
	d.Fixes = good
	return d, ubigeo, dec.Name()
}
