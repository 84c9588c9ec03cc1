package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/serenazgo/serenazgo/fleet"
)

// maxField bounds a field of a form that is not a file, in bytes.
const maxField = 64 << 10

// form is an uploaded form: files on this machine, small fields in memory.
type form struct {
	dir    string
	files  map[string]Upload
	fields map[string]string
}

func (f *form) close() { os.RemoveAll(f.dir) }

// readForm takes an upload from the wire to a folder of its own; close it.
func readForm(r *multipart.Reader) (*form, error) {
	dir, err := os.MkdirTemp("", "serenazgo-upload-")
	if err != nil {
		return nil, err
	}
	f := &form{dir: dir, files: map[string]Upload{}, fields: map[string]string{}}
	if err := f.read(r); err != nil {
		f.close()
		return nil, err
	}
	return f, nil
}

func (f *form) read(r *multipart.Reader) error {
	for n := 0; ; n++ {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return cutOff(err)
		}
		if n > 8 {
			return invalid("file", "El formulario tiene demasiadas partes.")
		}
		name := part.FormName()
		if part.FileName() == "" {
			b, err := io.ReadAll(io.LimitReader(part, maxField+1))
			if err != nil {
				return cutOff(err)
			}
			if len(b) > maxField {
				return invalid(name, "El campo es demasiado largo.")
			}
			f.fields[name] = string(b)
			continue
		}
		// The name that the client gives decides the format and appears in
		// messages; it never becomes a path of ours beyond its last element.
		base := shortName(filepath.Base(filepath.Clean("/" + part.FileName())))
		file, err := os.CreateTemp(f.dir, "*-"+safeName(base))
		if err != nil {
			return err
		}
		wire := &wireReader{r: part}
		size, err := io.Copy(file, wire)
		if wire.err != nil {
			err = cutOff(wire.err)
		}
		if cerr := file.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return err
		}
		if size == 0 {
			return invalid(name, fmt.Sprintf("El archivo «%s» está vacío.", base))
		}
		f.files[name] = Upload{Path: file.Name(), Name: base}
	}
}

// wireReader remembers what went wrong on the wire, apart from what goes wrong
// on our disk.
type wireReader struct {
	r   io.Reader
	err error
}

func (w *wireReader) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// cutOff is the error of a form that ends too early or is none; one that is too
// large or too slow stays what it is.
func cutOff(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return problem{fleet.ErrInvalid, "El envío se cortó antes de terminar. Vuelva a intentarlo.", "file"}
}

// shortName keeps the end of a long name, where its format is, on one line.
func shortName(s string) string {
	out := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	return string(out[max(0, len(out)-120):])
}

// safeName keeps letters, digits, dots and dashes of a file's name.
func safeName(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			out = append(out, r)
		}
	}
	if len(out) > 80 {
		out = out[len(out)-80:]
	}
	return string(out)
}

// upload reads the form and the district it is for.
func (s *server) upload(ctx context.Context, ubigeo string, body *multipart.Reader, file string) (*form, fleet.District, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return nil, d, err
	}
	if body == nil {
		return nil, d, invalid(file, "Elija un archivo.")
	}
	f, err := readForm(body)
	if err != nil {
		return nil, d, err
	}
	if _, ok := f.files[file]; !ok {
		f.close()
		return nil, d, invalid(file, "Elija un archivo.")
	}
	return f, d, nil
}

// done audits an import and has the live state read anew.
func (s *server) done(ctx context.Context, ubigeo, what string, f Upload, rep ImportReport) error {
	if rep.DryRun {
		return nil
	}
	if err := s.audit(ctx, ubigeo, "import."+what, f.Name, rep.Message); err != nil {
		return err
	}
	s.cfg.Changed(ctx, ubigeo)
	return nil
}

// ImportStreets replaces the district's streets.
func (s *server) ImportStreets(ctx context.Context, r ImportStreetsRequestObject) (ImportStreetsResponseObject, error) {
	f, d, err := s.upload(ctx, r.Ubigeo, r.Body, "extract")
	if err != nil {
		return nil, err
	}
	defer f.close()
	var boundary *Upload
	if b, ok := f.files["boundary"]; ok {
		boundary = &b
	}
	var paths *bool
	if p, ok := f.fields["paths"]; ok {
		paths = ptr(p == "true")
	}
	rep, err := s.cfg.Importer.ImportStreets(ctx, d, f.files["extract"], boundary, paths, f.fields["dry_run"] == "true", callerOf(ctx).user.Username)
	if err != nil {
		return nil, err
	}
	return ImportStreets200JSONResponse(rep), s.done(ctx, r.Ubigeo, "streets", f.files["extract"], rep)
}

// ImportPolice replaces the police presence.
func (s *server) ImportPolice(ctx context.Context, r ImportPoliceRequestObject) (ImportPoliceResponseObject, error) {
	f, d, err := s.upload(ctx, r.Ubigeo, r.Body, "file")
	if err != nil {
		return nil, err
	}
	defer f.close()
	rep, err := s.cfg.Importer.ImportPolice(ctx, d, f.files["file"], f.fields["dry_run"] == "true", callerOf(ctx).user.Username)
	if err != nil {
		return nil, err
	}
	return ImportPolice200JSONResponse(rep), s.done(ctx, r.Ubigeo, "police", f.files["file"], rep)
}
