package export

import (
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlOut writes elements as they come.
type xmlOut struct{ *bufio.Writer }

func newXML(w io.Writer) xmlOut {
	x := xmlOut{bufio.NewWriterSize(w, 32<<10)}
	x.WriteString(xml.Header)
	return x
}

// text writes an element that holds a text; what XML has no room for becomes a
// question mark.
func (x xmlOut) text(tag, s string) {
	x.WriteString("<" + tag + ">")
	x.escape(s)
	x.WriteString("</" + tag + ">")
}

func (x xmlOut) escape(s string) {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "?")
	}
	_ = xml.EscapeText(x.Writer, []byte(s)) // a broken writer says so at Flush
}

// degrees writes a coordinate to a centimetre.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }
