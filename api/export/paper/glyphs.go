package paper

import (
	"encoding/binary"
	"strings"
	"sync"
)

// stand are signs that the font has no glyph for, and what is drawn instead.
var stand = map[rune]string{'−': "–", '≥': ">=", '≤': "<=", '→': "->", '\t': " "}

// glyphs is the set of signs that the font draws, read from its character map.
var glyphs = sync.OnceValue(func() map[rune]bool { return charactersOf(regular) })

// drawable writes a text in the signs of the font: others have a stand-in, or
// are a question mark.
func drawable(s string) string {
	has := glyphs()
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || has[r]:
			out.WriteRune(r)
		case stand[r] != "":
			out.WriteString(stand[r])
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}

// charactersOf reads the character map of a TrueType font, the subtable of
// format 4 that covers the basic plane (OpenType 1.9, cmap).
func charactersOf(font []byte) map[rune]bool {
	be := binary.BigEndian
	out := map[rune]bool{}
	cmap := 0
	for i := range int(be.Uint16(font[4:])) {
		if entry := font[12+16*i:]; string(entry[:4]) == "cmap" {
			cmap = int(be.Uint32(entry[8:]))
		}
	}
	for i := range int(be.Uint16(font[cmap+2:])) {
		table := font[cmap+int(be.Uint32(font[cmap+8+8*i:])):]
		if be.Uint16(table) != 4 {
			continue
		}
		n := int(be.Uint16(table[6:])) // twice the number of segments
		for k := 0; k < n; k += 2 {
			last, first := rune(be.Uint16(table[14+k:])), rune(be.Uint16(table[16+n+k:]))
			for r := first; r <= last && r != 0xffff; r++ {
				out[r] = true
			}
		}
	}
	return out
}
