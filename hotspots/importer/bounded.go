package importer

import (
	"errors"
	"fmt"
	"io"
)

// maxText bounds a file as text, in bytes: what of a packed one counts is how
// much it unpacks to, so that a small file cannot fill the memory.
const maxText = 512 << 20

// errTooMuch says that something unpacks to more than it may.
var errTooMuch = errors.New("too much")

// Bounds of what is held at once.
const (
	// maxElement is how long, in bytes of text, a row of a sheet, a text of a
	// workbook or a feature of GeoJSON may be.
	maxElement = 1 << 20
	// maxPeeked is how much text is held to find out what the columns hold.
	maxPeeked = 8 << 20
)

// bounded fails where more is read than may be: in all, and since the last step.
type bounded struct {
	r     io.Reader
	max   int64
	left  int64
	each  int64 // 0: steps do not count
	since int64
}

func newBounded(r io.Reader, limit, each int64) *bounded {
	return &bounded{r: r, max: limit, left: limit, each: each}
}

// step begins the next element.
func (b *bounded) step() { b.since = 0 }

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: it unpacks to more than %d MB", errTooMuch, b.max>>20)
	}
	if b.each > 0 && b.since >= b.each {
		return 0, fmt.Errorf("%w: a part of it is longer than %d MB", errTooMuch, b.each>>20)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	b.since += int64(n)
	return n, err
}

// tooLarge is the error of a file that says more than is held.
func tooLarge(name string, err error) error {
	return wrong(TooLarge, []any{maxText >> 20}, "%w: %s is too large (%w): import it in parts", ErrFormat, name, err)
}
