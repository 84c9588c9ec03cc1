package osm

import "errors"

// errWire is any break of the protocol buffer encoding.
var errWire = errors.New("broken protocol buffer")

// Wire types of the protocol buffer encoding.
const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

// wire reads one protocol buffer message. Every step is checked against the
// end of the bytes; after the first fault err stays set and all reads give
// zero values, so callers may check once at the end of a loop.
type wire struct {
	b   []byte
	err error
}

func (w *wire) fail() {
	w.err = errWire
	w.b = nil
}

// more tells whether bytes are left.
func (w *wire) more() bool { return len(w.b) > 0 && w.err == nil }

// varint reads a base-128 number.
func (w *wire) varint() uint64 {
	var v uint64
	for i, shift := 0, uint(0); i < len(w.b) && shift < 64; i, shift = i+1, shift+7 {
		c := w.b[i]
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			w.b = w.b[i+1:]
			return v
		}
	}
	w.fail()
	return 0
}

// zigzag reads a signed number of type sint32 or sint64.
func (w *wire) zigzag() int64 {
	v := w.varint()
	return int64(v>>1) ^ -int64(v&1)
}

// bytes reads a length and as many bytes, without a copy.
func (w *wire) bytes() []byte {
	n := w.varint()
	if w.err != nil || n > uint64(len(w.b)) {
		w.fail()
		return nil
	}
	v := w.b[:n:n]
	w.b = w.b[n:]
	return v
}

// message reads an embedded message or a packed list.
func (w *wire) message() wire {
	b := w.bytes()
	return wire{b: b, err: w.err}
}

// field reads the next field's number and wire type.
func (w *wire) field() (number int, kind int) {
	v := w.varint()
	return int(v >> 3), int(v & 7)
}

// skip passes over the value of a field nobody asked for.
func (w *wire) skip(kind int) {
	n := 0
	switch kind {
	case wireVarint:
		w.varint()
	case wireBytes:
		w.bytes()
	case wireFixed4:
		n = 4
	case wireFixed8:
		n = 8
	default:
		w.fail()
	}
	if n > len(w.b) {
		w.fail()
		return
	}
	if w.err == nil {
		w.b = w.b[n:]
	}
}

// want checks that a field has the wire type its meaning needs.
func (w *wire) want(kind, wanted int) bool {
	if kind == wanted {
		return w.err == nil
	}
	w.fail()
	return false
}
