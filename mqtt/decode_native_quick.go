package mqtt

import (
	"bytes"
	"math"
	"strconv"
)

// Nearly everything that comes in is one fix of our own, as plain as in the
// example over Native, and reading that with encoding/json (once for the shape,
// once for the parts, once for the members) was a third of the service's work.
// quickNative reads it in one go and without memory. It takes what it understands
// without a doubt; the rest is left to Native itself.

// quickNative reads a payload that is one object of nothing but members of
// nativeFix, each once, with plain numbers, true and false, and text without
// escapes. ok is false for anything else, good or bad. No other decoder takes
// such a payload, since none of its marks is there.
func quickNative(payload []byte) (d Decoded, ok bool) {
	n, ok := scanNative(payload)
	if !ok {
		return d, false
	}
	f, err := n.fix(payload)
	if err != nil {
		return d, false
	}
	d.Fixes = append(d.Fixes, f)
	return d, true
}

// scanNative reads the members.
func scanNative(payload []byte) (n nativeFix, ok bool) {
	b := bytes.Trim(payload, " \t\r\n") // what JSON takes for space
	if len(b) < 2 || b[0] != '{' || b[len(b)-1] != '}' {
		return n, false
	}
	b = b[1 : len(b)-1]
	seen := 0
	for {
		key, rest, ok := scanWord(skipSpace(b))
		if !ok {
			return n, false
		}
		if b = skipSpace(rest); len(b) == 0 || b[0] != ':' {
			return n, false
		}
		value, rest := scanValue(skipSpace(b[1:]))
		bit := n.member(key, value)
		if bit == 0 || seen&bit != 0 {
			return n, false
		}
		seen |= bit
		if b = skipSpace(rest); len(b) == 0 {
			return n, true
		}
		if b[0] != ',' {
			return n, false
		}
		b = b[1:]
	}
}

// member sets the member that key names. It gives a bit of the member's own, 0
// if there is no such member or the value is not a plain one.
func (n *nativeFix) member(key, value []byte) int {
	var to *number
	bit := 0
	switch string(key) {
	case "ts":
		if !plainNumber(value) {
			return 0
		}
		t, err := parseEpoch(string(value))
		if err != nil {
			return 0
		}
		n.TS = instant{t: t, set: true}
		return 1
	case "ign":
		switch string(value) {
		case "true":
			n.Ign.v = &ignitionOn
		case "false":
			n.Ign.v = &ignitionOff
		default:
			return 0
		}
		return 2
	case "event":
		text, rest, ok := scanWord(value)
		if !ok || len(rest) > 0 {
			return 0
		}
		n.Event = word(text)
		return 4
	case "lat":
		to, bit = &n.Lat, 8
	case "lon":
		to, bit = &n.Lon, 16
	case "speed_kmh":
		to, bit = &n.SpeedKmh, 32
	case "course":
		to, bit = &n.Course, 64
	case "acc":
		to, bit = &n.Acc, 128
	case "alt":
		to, bit = &n.Alt, 256
	case "batt":
		to, bit = &n.Batt, 512
	case "seq":
		to, bit = &n.Seq, 1024
	default:
		return 0
	}
	if !plainNumber(value) {
		return 0
	}
	v, err := strconv.ParseFloat(string(value), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0
	}
	to.v, to.set = v, true
	return bit
}

// What flags point to; nobody changes it.
var ignitionOn, ignitionOff = true, false

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// scanWord reads a JSON string of printable ASCII without escapes.
func scanWord(b []byte) (text, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '"':
			return b[1:i], b[i+1:], true
		case c < ' ' || c > '~' || c == '\\':
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// scanValue takes a value off the front: a string with its quotes, or what goes
// up to a comma or space.
func scanValue(b []byte) (value, rest []byte) {
	if _, rest, ok := scanWord(b); ok {
		return b[:len(b)-len(rest)], rest
	}
	i := 0
	for i < len(b) && b[i] != ',' && b[i] != ' ' && b[i] != '\t' && b[i] != '\r' && b[i] != '\n' {
		i++
	}
	return b[:i], b[i:]
}

// plainNumber tells whether b is a number as JSON writes it.
func plainNumber(b []byte) bool {
	if len(b) > 0 && b[0] == '-' {
		b = b[1:]
	}
	switch {
	case len(b) == 0:
		return false
	case b[0] == '0':
		b = b[1:]
	default:
		var any bool
		if b, any = skipDigits(b); !any {
			return false
		}
	}
	any := true
	if len(b) > 0 && b[0] == '.' {
		b, any = skipDigits(b[1:])
	}
	if any && len(b) > 0 && (b[0] == 'e' || b[0] == 'E') {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		b, any = skipDigits(b)
	}
	return any && len(b) == 0
}

// skipDigits skips digits and tells whether there were any.
func skipDigits(b []byte) (rest []byte, any bool) {
	for len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
		b, any = b[1:], true
	}
	return b, any
}
