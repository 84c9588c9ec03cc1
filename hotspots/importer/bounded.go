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

// bounded fails where more is read than may be.
type bounded struct {
	r    io.Reader
	left int64
	max  int64
}

func newBounded(r io.Reader, limit int64) *bounded { return &bounded{r, limit, limit} }

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("%w: it unpacks to more than %d MB", errTooMuch, b.max>>20)
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
