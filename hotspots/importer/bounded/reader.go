// Package bounded reads files of others without letting them fill the memory:
// a reader fails where a file says more than may be held, in all or in one of
// its elements.
package bounded

import (
	"errors"
	"fmt"
	"io"
)

// ErrTooMuch says that something holds, or unpacks to, more than it may.
var ErrTooMuch = errors.New("too much")

// Reader fails where more is read than may be: in all, and since the last step.
type Reader struct {
	r     io.Reader
	max   int64
	left  int64
	each  int64 // 0: steps do not count
	since int64
}

// New bounds what is read of r to limit bytes, and to each bytes between steps;
// each 0: without a bound.
func New(r io.Reader, limit, each int64) *Reader {
	return &Reader{r: r, max: limit, left: limit, each: each}
}

// Step begins the next element.
func (b *Reader) Step() { b.since = 0 }

// Read reads; past a bound it fails with ErrTooMuch.
func (b *Reader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: it unpacks to more than %d MB", ErrTooMuch, b.max>>20)
	}
	if b.each > 0 && b.since >= b.each {
		return 0, fmt.Errorf("%w: a part of it is longer than %d MB", ErrTooMuch, b.each>>20)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	b.since += int64(n)
	return n, err
}
