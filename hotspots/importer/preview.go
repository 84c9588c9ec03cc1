package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
)

// Peek reads only the beginning of a file: its columns, what they hold and which
// of them are recognised. The error is Read's.
func Peek(r io.Reader, name string, opt Options) (Result, error) {
	im := &reader{opt: opt, name: name, loc: opt.Loc}
	err := im.begin(r)
	return im.res, err
}

// Fingerprint identifies a source by the names of its columns, in whatever order
// they stand.
func Fingerprint(header []string) string {
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = plain(h)
	}
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(n string) bool { return n == "" || ours[n] })
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	return hex.EncodeToString(sum[:12])
}
