package evidence

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet/review"
)

type writer = io.Writer

// Folder takes the files of a bundle, one after the other; names are relative,
// with slashes.
type Folder interface {
	File(name string, write func(io.Writer) error) error
}

// Zip is a bundle in one file. Close ends it.
type Zip struct {
	z    *zip.Writer
	made time.Time
}

// NewZip begins a ZIP file, whose entries all carry the time at which it was
// made.
func NewZip(w io.Writer, made time.Time) *Zip { return &Zip{zip.NewWriter(w), made} }

// File adds a file.
func (z *Zip) File(name string, write func(io.Writer) error) error {
	w, err := z.z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: z.made})
	if err != nil {
		return err
	}
	return write(w)
}

// Close writes the directory of the file.
func (z *Zip) Close() error { return z.z.Close() }

// Entry is a file of a bundle.
type Entry struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest is the list of a bundle's files.
type Manifest struct {
	Ubigeo    string       `json:"ubigeo"`
	District  string       `json:"district"`
	Simulated bool         `json:"simulated"`
	Query     review.Query `json:"query"`
	Made      time.Time    `json:"made"`
	Shifts    int          `json:"shifts"`         // of the period
	Forms     bool         `json:"forms"`          // of the shifts are in it
	Why       string       `json:"why,omitempty"`  // they are not
	Files     []Entry      `json:"files"`          // by name
	Verify    string       `json:"verify_command"` // in the folder of the bundle
}

// The files that speak of the others.
const (
	sumsName     = "SHA256SUMS"
	manifestName = "manifest.json"
	readmeName   = "LEAME.txt"
)

// Verify is the command that verifies a bundle, in its folder.
const Verify = "sha256sum -c " + sumsName

// bundle is one that is being written.
type bundle struct {
	to    Folder
	files []Entry
}

// count counts what is written.
type count int64

func (c *count) Write(p []byte) (int, error) {
	*c += count(len(p))
	return len(p), nil
}

func (b *bundle) add(name string, write func(writer) error) error {
	sum := sha256.New()
	var n count
	if err := b.to.File(name, func(w io.Writer) error { return write(io.MultiWriter(w, sum, &n)) }); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.files = append(b.files, Entry{name, int64(n), hex.EncodeToString(sum.Sum(nil))})
	return nil
}

// close adds what speaks of the other files, and gives the sum of sums.
func (b *bundle) close(s Source) (string, error) {
	slices.SortFunc(b.files, func(x, y Entry) int { return strings.Compare(x.Name, y.Name) })
	m := Manifest{s.District.Ubigeo, s.District.Name, s.District.Simulated, s.Query, s.Made.UTC(), len(s.Shifts), s.Forms, s.Why, slices.Clone(b.files), Verify}
	if err := b.add(manifestName, func(w writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(m)
	}); err != nil {
		return "", err
	}
	if err := b.add(readmeName, func(w writer) error { return readme(w, s) }); err != nil {
		return "", err
	}
	sum := sha256.New()
	err := b.to.File(sumsName, func(w io.Writer) error {
		w = io.MultiWriter(w, sum)
		for _, f := range b.files {
			if _, err := fmt.Fprintf(w, "%s  %s\n", f.SHA256, f.Name); err != nil {
				return err
			}
		}
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// readme tells what is in the bundle and how it is verified.
func readme(w writer, s Source) error {
	lines := []string{
		"EXPEDIENTE DE EVIDENCIA",
		fmt.Sprintf("Serenazgo de %s, ubigeo %s", s.District.Name, s.District.Ubigeo),
		fmt.Sprintf("Período: del %s al %s", s.Query.From, s.Query.To),
		"",
		"Para comprobar que ningún archivo cambió, en esta carpeta:",
		"  Linux o macOS:  " + Verify,
		"  Windows:        Get-FileHash -Algorithm SHA256 ARCHIVO   (y comparar con " + sumsName + ")",
		"El SHA-256 del propio " + sumsName + " quedó en el registro de auditoría del programa.",
		"",
		"evaluacion-…      evaluación conjunta del período (PDF, XLSX, JSON)",
		"mapa-conjunto-…   mapa del delito y mapa de riesgo, unidos; un archivo por turno del último día",
		"sesiones/         sesiones de evaluación: acuerdos, asistencia, firmas",
		"turnos/           por turno: rol de patrullaje, hojas de ruta, paradas tácticas; por día: cuadro de unidades",
		manifestName + "     lista de archivos, con tamaño y SHA-256",
	}
	if s.District.Simulated {
		lines = append(lines, "", "Contiene datos simulados: solo para demostración.")
	}
	if !s.Forms {
		lines = append(lines, "", "Los papeles de los turnos no están aquí: "+s.Why)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\r\n")+"\r\n")
	return err
}
