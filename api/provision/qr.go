// Package provision makes what a phone needs to report: a link that sets the
// OwnTracks app up, and its QR code as a picture or as text for a terminal. Both
// hold a password: they are shown once and kept nowhere.
package provision

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// quiet is the empty margin that readers need, in modules.
const quiet = 4

// matrix gives the modules of the QR code of a text, margin included.
func matrix(text string) ([][]bool, error) {
	code, err := qr.Encode(text, qr.L, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("QR code of %d bytes: %w", len(text), err)
	}
	n := code.Bounds().Dx()
	out := make([][]bool, n+2*quiet)
	for y := range out {
		out[y] = make([]bool, n+2*quiet)
		for x := range out[y] {
			if cx, cy := x-quiet, y-quiet; cx >= 0 && cy >= 0 && cx < n && cy < n {
				r, _, _, _ := code.At(cx, cy).RGBA()
				out[y][x] = r == 0
			}
		}
	}
	return out, nil
}

// SVG draws the QR code of a text, black on white.
func SVG(text string) (string, error) {
	m, err := matrix(text)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y, row := range m {
		for x := 0; x < len(row); x++ {
			begin := x
			for x < len(row) && row[x] {
				x++
			}
			if x > begin {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", begin, y, x-begin, x-begin)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><rect width="100%%" height="100%%" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		len(m), len(m), path.String()), nil
}

// Text draws the QR code with half blocks, two modules a letter, for a terminal
// with light letters on a dark ground.
func Text(text string) (string, error) {
	m, err := matrix(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for y := 0; y < len(m); y += 2 {
		for x := range m[y] {
			upper, lower := !m[y][x], y+1 < len(m) && !m[y+1][x]
			switch {
			case upper && lower:
				out.WriteRune('█')
			case upper:
				out.WriteRune('▀')
			case lower:
				out.WriteRune('▄')
			default:
				out.WriteByte(' ')
			}
		}
		out.WriteByte('\n')
	}
	return out.String(), nil
}
