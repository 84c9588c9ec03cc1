package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// format is what a file is by its first bytes; names are not trusted.
type format int

const (
	formatPBF format = iota
	formatXML
)

// extract is an extract on disk that can be passed over several times.
type extract struct {
	path     string
	size     int64
	progress func(done, total int64)
}

func (x *extract) name() string { return filepath.Base(x.path) }

// problem words a fault of this file.
func (x *extract) problem(c Code, what, remedy string, cause error) *Problem {
	return &Problem{Code: c, File: x.name(), What: what, Remedy: remedy, Cause: cause}
}

// openExtract checks that the file is there and has bytes.
func openExtract(path string) (*extract, error) {
	x := &extract{path: path}
	fi, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, x.problem(Unreadable, "no such file", "check the path", nil)
	case err != nil:
		return nil, x.problem(Unreadable, "cannot be read", "check the path and the permissions", err)
	case fi.IsDir():
		return nil, x.problem(WrongType, "is a folder", remedyExtract, nil)
	case fi.Size() == 0:
		return nil, x.problem(Empty, "the file is empty", remedyDownload, nil)
	}
	x.size = fi.Size()
	return x, nil
}

// format tells what the file is, unpacked.
func (x *extract) format() (format, error) {
	f, err := x.open()
	if err != nil {
		return 0, err
	}
	defer f.Close()
	m := &meter{r: f}
	_, kind, err := unpack(m)
	if err != nil {
		return 0, x.explain(err, m.n)
	}
	return kind, nil
}

func (x *extract) open() (*os.File, error) {
	f, err := os.Open(x.path)
	if err != nil {
		return nil, x.problem(Unreadable, "cannot be read", "check the path and the permissions", err)
	}
	return f, nil
}

// pass reads the whole file once.
func (x *extract) pass(ctx context.Context, c *collector, pass, passes int) error {
	f, err := x.open()
	if err != nil {
		return err
	}
	defer f.Close()
	m := &meter{r: f, report: func(n int64) {
		if x.progress != nil {
			x.progress(int64(pass)*x.size+n, int64(passes)*x.size)
		}
	}}
	err = readExtract(ctx, m, c)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return x.explain(err, m.n)
}

// readExtract unpacks and reads an extract of whatever format.
func readExtract(ctx context.Context, r io.Reader, c *collector) error {
	u, kind, err := unpack(r)
	if err != nil {
		return err
	}
	if kind == formatXML {
		return readXML(ctx, u, c)
	}
	return readPBF(ctx, u, c)
}

// unpack takes off gzip or bzip2 and tells what is inside.
func unpack(r io.Reader) (io.Reader, format, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	for range 2 {
		head, err := br.Peek(512)
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		switch {
		case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
			z, err := gzip.NewReader(br)
			if err != nil {
				return nil, 0, err
			}
			br = bufio.NewReaderSize(z, 1<<16)
		case bytes.HasPrefix(head, []byte("BZh")):
			br = bufio.NewReaderSize(bzip2.NewReader(br), 1<<16)
		default:
			kind, err := sniff(head)
			return br, kind, err
		}
	}
	return nil, 0, fmt.Errorf("%w: packed twice", errKind)
}

// errKind is a file that is no extract at all.
var errKind = errors.New("not an OpenStreetMap extract")

// sniff tells the format of unpacked bytes.
func sniff(head []byte) (format, error) {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	switch {
	case len(head) == 0:
		return 0, io.ErrUnexpectedEOF
	case bytes.HasPrefix(text, []byte("<!doctype html")), bytes.HasPrefix(text, []byte("<html")):
		return 0, fmt.Errorf("%w: a web page (did the download fail?)", errKind)
	case bytes.HasPrefix(text, []byte("<")):
		return formatXML, nil
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return 0, fmt.Errorf("%w: JSON", errKind)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return 0, fmt.Errorf("%w: a zip archive (unpack it first)", errKind)
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}), bytes.HasPrefix(head, []byte{0xfd, '7', 'z', 'X', 'Z'}):
		return 0, fmt.Errorf("%w: packed with Zstandard or xz (unpack it first)", errKind)
	case len(head) < 4 || head[0] == 0 && head[1] == 0:
		return formatPBF, nil
	}
	return 0, errKind
}

// explain turns a reader's error into a problem that says what to do.
func (x *extract) explain(err error, at int64) error {
	place := fmt.Sprintf("at byte %d of %d", at, x.size)
	p := x.problem(Corrupt, "the file is damaged", remedyDownload, err)
	p.Place = place
	var bz bzip2.StructuralError
	switch {
	case errors.Is(err, errKind), errors.Is(err, errRoot):
		return x.problem(WrongType, err.Error(), remedyExtract, nil)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		p.Code, p.What, p.Cause = Truncated, "the file ends too early", nil
	case errors.Is(err, errTooLarge):
		p.Code, p.What, p.Cause = TooLarge, "the extract is larger than an import takes", nil
		p.Remedy = `cut it to the district first, for example with "osmium extract"`
	case errors.Is(err, errPacking):
		p.Code, p.What, p.Cause, p.Remedy = WrongType, "the blocks are packed in a way that is not supported", nil, err.Error()
	case errors.As(err, &bz):
		p.What = "the bzip2 stream is damaged"
	}
	return p
}

// meter counts the bytes read.
type meter struct {
	r      io.Reader
	n      int64
	report func(int64)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n += int64(n)
	if m.report != nil {
		m.report(m.n)
	}
	return n, err
}
