package importer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

const (
	// maxLine is the longest line of a file, in bytes; a longer one is no table.
	maxLine = 1 << 20
	// maxQuotedLines is how many lines a quoted field may span; an unclosed
	// quote must not swallow the rest of a file.
	maxQuotedLines = 50
)

// ErrFormat says that a file is not a table of incidents.
var ErrFormat = errors.New("not an incident table")

// unpacked takes gzip off.
func unpacked(b *bufio.Reader, name string) (*bufio.Reader, error) {
	head, err := b.Peek(2)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(head) == 0 {
		return nil, wrong(Empty, nil, "%w: %s is empty", ErrFormat, name)
	}
	if !bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, wrong(DamagedGzip, nil, "%w: %s looks like gzip and is not: %v", ErrFormat, name, err)
	}
	b = bufio.NewReaderSize(z, 1<<16)
	if _, err = b.Peek(2); err != nil && err != io.EOF {
		return nil, wrong(DamagedGzip, nil, "%w: %s: the gzip file is damaged: %v", ErrFormat, name, err)
	}
	return b, nil
}

// text refuses what is no text and decodes UTF-16. What it gives is UTF-8 or
// Windows-1252, line by line.
func text(b *bufio.Reader, name string) (*bufio.Reader, string, error) {
	head, err := b.Peek(4)
	if err != nil && err != io.EOF {
		return nil, "", fmt.Errorf("read %s: %w", name, err)
	}
	switch {
	case len(head) == 0:
		return nil, "", wrong(Empty, nil, "%w: %s is empty", ErrFormat, name)
	case bytes.HasPrefix(head, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return nil, "", wrong(Workbook, nil, "%w: %s is an old Excel workbook: save it as .xlsx or the sheet as CSV", ErrFormat, name)
	case bytes.HasPrefix(head, []byte("%PDF")):
		return nil, "", wrong(Document, nil, "%w: %s is a PDF document: a CSV, XLSX or GeoJSON file is needed", ErrFormat, name)
	case isImage(head):
		return nil, "", wrong(Image, nil, "%w: %s looks like an image: a CSV, XLSX or GeoJSON file is needed", ErrFormat, name)
	case head[0] == '[' || head[0] == '<':
		return nil, "", wrong(Markup, nil, "%w: %s is JSON, XML or HTML: a CSV, XLSX or GeoJSON file is needed", ErrFormat, name)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		u := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		return bufio.NewReaderSize(u.NewDecoder().Reader(b), 1<<16), "UTF-16", nil
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		if _, err := b.Discard(3); err != nil {
			return nil, "", fmt.Errorf("read %s: %w", name, err)
		}
	}
	return b, "UTF-8", nil
}

// isImage knows the usual images by how they begin.
func isImage(head []byte) bool {
	for _, magic := range []string{"\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF", "II*\x00", "MM\x00*"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// blockBytes is how much of a file is read at once. The lines of a block are
// parts of one text, which costs far less than a text each.
const blockBytes = 128 << 10

// lines gives the lines of a file with their numbers, 1 = the first; lines can
// be put back.
type lines struct {
	r       *bufio.Reader
	name    string
	n       int
	buf     []byte
	block   string   // what is read and not yet given
	err     error    // what ended the file after it
	again   []string // next lines, the last first
	latin   bool     // some line was not UTF-8
	decoder *charmap.Charmap
}

func newLines(r *bufio.Reader, name string) lines {
	return lines{r: r, name: name, buf: make([]byte, blockBytes), decoder: charmap.Windows1252}
}

// line gives the next line, blank or not. It shares memory with its neighbours:
// what is to outlive the reading of a file is to be cloned.
func (l *lines) line() (string, error) {
	if n := len(l.again); n > 0 {
		s := l.again[n-1]
		l.again = l.again[:n-1]
		l.n++
		return s, nil
	}
	end := strings.IndexByte(l.block, '\n')
	for end < 0 && l.err == nil {
		have := len(l.block)
		if have > maxLine {
			break
		}
		n, err := io.ReadAtLeast(l.r, l.buf, 1)
		var block strings.Builder
		block.Grow(have + n)
		block.WriteString(l.block)
		block.Write(l.buf[:n])
		l.block, l.err = block.String(), err
		if end = strings.IndexByte(l.block[have:], '\n'); end >= 0 {
			end += have
		}
	}
	s := l.block
	if end >= 0 {
		s = s[:end+1]
	}
	switch {
	case len(s) > maxLine:
		return "", wrong(LongLine, []any{l.n + 1}, "%w: line %d of %s is longer than %d bytes", ErrFormat, l.n+1, l.name, maxLine)
	case errors.Is(l.err, bounded.ErrTooMuch) && end < 0:
		return "", tooLarge(l.name, l.err)
	case end < 0 && l.err != io.EOF:
		return "", wrong(BreaksOff, []any{l.n + 1}, "%s breaks off at line %d: %w", l.name, l.n+1, l.err)
	case s == "":
		return "", io.EOF
	case strings.IndexByte(s, 0) >= 0:
		return "", wrong(Binary, []any{l.n + 1}, "%w: line %d of %s holds zero bytes: it is not text", ErrFormat, l.n+1, l.name)
	}
	l.block = l.block[len(s):]
	l.n++
	return l.decode(strings.TrimRight(s, "\r\n")), nil
}

// decode reads a line that is not UTF-8 as Windows-1252, of which Latin-1 is a
// part. Files pasted together may hold both.
func (l *lines) decode(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	l.latin = true
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(l.decoder.DecodeByte(s[i]))
	}
	return b.String()
}

// unread makes ls the next lines again.
func (l *lines) unread(ls []string) {
	for i := len(ls) - 1; i >= 0; i-- {
		l.again = append(l.again, ls[i])
	}
	l.n -= len(ls)
}
