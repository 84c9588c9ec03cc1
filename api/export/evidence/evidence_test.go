package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

var made = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)

// source is two days of two shifts, of which the second has no plan.
func source(t *testing.T) Source {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	q := review.Query{Period: review.Period{From: "2026-11-21", To: "2026-11-22"}}
	defs := []fleet.ShiftDef{{Code: "dia", Name: "Día", Start: "06:00", End: "18:00"}, {Code: "noche", Name: "Noche", Start: "18:00", End: "06:00"}}
	shifts, err := ShiftsOf(q, defs, loc)
	if err != nil {
		t.Fatal(err)
	}
	of := func(name string) (templates.Paper, error) {
		return templates.Paper{Name: name, Book: paper.Book{Title: name, Made: made, Documents: []paper.Document{{Title: name}}}, Content: name}, nil
	}
	return Source{District: fleet.District{Ubigeo: "130102", Name: "El Porvenir"}, Query: q, Shifts: shifts, Forms: true, Made: made,
		Review: func(context.Context) (templates.Paper, error) { return of("evaluacion") },
		Joint: func(_ context.Context, s fleet.Shift) (templates.Paper, error) {
			return of("mapa-" + strings.ReplaceAll(string(s.ID), "/", "-"))
		},
		Sessions: func(context.Context) ([]templates.Paper, error) {
			p, err := of("sesion")
			return []templates.Paper{p}, err
		},
		Form: func(_ context.Context, kind string, s fleet.Shift) (templates.Paper, error) {
			if kind != templates.KindUnits && strings.HasSuffix(string(s.ID), "noche") {
				return templates.Paper{}, fleet.ErrNotFound
			}
			return of(kind)
		}}
}

// unzip gives the files of a bundle.
func unzip(t *testing.T, s Source) (files map[string][]byte, names []string, sum string) {
	t.Helper()
	var raw bytes.Buffer
	z := NewZip(&raw, made)
	sum, err := Write(t.Context(), z, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(raw.Bytes()), int64(raw.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		names = append(names, f.Name)
	}
	return files, names, sum
}

func TestBundle(t *testing.T) {
	files, names, sum := unzip(t, source(t))
	var pdfs []string
	for _, n := range names {
		if strings.HasSuffix(n, ".pdf") {
			pdfs = append(pdfs, n)
		}
	}
	want := []string{"evaluacion.pdf", "mapa-2026-11-22-dia.pdf", "mapa-2026-11-22-noche.pdf", "sesiones/sesion.pdf",
		"turnos/2026-11-21-dia/route.pdf", "turnos/2026-11-21-dia/roster.pdf", "turnos/2026-11-21-dia/stops.pdf", "turnos/2026-11-21/units.pdf",
		"turnos/2026-11-22-dia/route.pdf", "turnos/2026-11-22-dia/roster.pdf", "turnos/2026-11-22-dia/stops.pdf", "turnos/2026-11-22/units.pdf"}
	if d := cmp.Diff(want, pdfs); d != "" {
		t.Errorf("papers: %s", d)
	}
	if len(names) != 3*len(want)+3 {
		t.Errorf("%d files: %v", len(names), names)
	}
	if got := sha256.Sum256(files[sumsName]); hex.EncodeToString(got[:]) != sum {
		t.Errorf("%s is said to have the sum %s", sumsName, sum)
	}
	listed := 0
	for line := range strings.Lines(string(files[sumsName])) {
		hash, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if got := sha256.Sum256(files[name]); !ok || hex.EncodeToString(got[:]) != hash {
			t.Errorf("%q does not fit %s", line, name)
		}
		listed++
	}
	if listed != len(names)-1 {
		t.Errorf("%d of %d files have a sum", listed, len(names))
	}
	var m Manifest
	if err := json.Unmarshal(files[manifestName], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 3*len(want) || m.Shifts != 4 || !m.Forms || m.Query.From != "2026-11-21" {
		t.Errorf("manifest: %+v", m)
	}
	if again, _, _ := unzip(t, source(t)); !cmp.Equal(again, files) {
		t.Error("the same bundle is another one the second time")
	}
}

// TestVerified runs the command that the bundle names, and again on a bundle
// that somebody has changed.
func TestVerified(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("sha256sum is not installed")
	}
	files, _, _ := unzip(t, source(t))
	dir := t.TempDir()
	for name, raw := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	verified := func() error {
		c := exec.Command("sh", "-c", Verify)
		c.Dir = dir
		return c.Run()
	}
	if err := verified(); err != nil {
		t.Fatalf("%s: %v", Verify, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "evaluacion.json"), []byte("otra cosa"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := verified(); err == nil {
		t.Error("a bundle that was changed is verified")
	}
}

func TestBundleWithoutForms(t *testing.T) {
	s := source(t)
	s.Forms, s.Why = false, "no se pidieron."
	files, names, _ := unzip(t, s)
	for _, n := range names {
		if strings.HasPrefix(n, "turnos/") {
			t.Errorf("%s is in it", n)
		}
	}
	if !strings.Contains(string(files[readmeName]), s.Why) {
		t.Error("the reader is not told why")
	}
}

// TestBundleFails: an error on the way is one of the whole.
func TestBundleFails(t *testing.T) {
	broken := errors.New("broken")
	s := source(t)
	s.Joint = func(context.Context, fleet.Shift) (templates.Paper, error) { return templates.Paper{}, broken }
	if _, err := Write(t.Context(), NewZip(io.Discard, made), s); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestShiftsOf(t *testing.T) {
	s := source(t)
	var got []string
	for _, x := range s.Shifts {
		got = append(got, string(x.ID))
	}
	if d := cmp.Diff([]string{"2026-11-21/dia", "2026-11-21/noche", "2026-11-22/dia", "2026-11-22/noche"}, got); d != "" {
		t.Error(d)
	}
	for name, c := range map[string]struct {
		made time.Time
		want fleet.ShiftID
	}{
		"all have begun":    {made, "2026-11-22/dia"},
		"the first day has": {time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC), "2026-11-21/dia"},
		"none has":          {time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), "2026-11-21/dia"},
	} {
		s.Made = c.made
		if got := s.lastDay(); len(got) != 2 || got[0].ID != c.want {
			t.Errorf("%s: the joint maps are of %v", name, got)
		}
	}
}

func TestName(t *testing.T) {
	q := review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}, Sector: "../Año 1"}
	if got, want := Name(fleet.District{Ubigeo: "130102"}, q), "expediente-130102-2026-07-01-2026-09-30-___A_o_1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
