package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/hotspots"
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

// Names of the columns that WriteRejected puts before the file's own.
const (
	columnRow    = "fila_original"
	columnReason = "motivo_rechazo"
)

// ours are those columns; reading a corrected file passes over them.
var ours = map[string]bool{columnRow: true, columnReason: true}

// WriteRejected writes rows that were left out as a table with the columns of
// their file, so that they can be corrected in a spreadsheet and imported again:
// before them the row and why it was left out, by reason. It is UTF-8 with a
// byte order mark, which spreadsheets know it by.
func WriteRejected(w io.Writer, header []string, comma string, rows []hotspots.Rejected, reason func(hotspots.Rejected) string) error {
	if comma == "" {
		comma = ","
	}
	own := added(header)
	names := []string{columnRow, columnReason}
	for i, h := range header {
		if !slices.Contains(own, i) {
			names = append(names, h)
		}
	}
	if _, err := fmt.Fprintf(w, "\ufeff%s\r\n", delimited(names, comma)); err != nil {
		return err
	}
	for _, r := range rows {
		raw := r.Raw
		if len(own) > 0 {
			raw = stripped(raw, own, comma)
		}
		if _, err := fmt.Fprintf(w, "%s%s%s\r\n", delimited([]string{strconv.Itoa(r.Row), reason(r)}, comma), comma, raw); err != nil {
			return err
		}
	}
	return nil
}

// added gives the columns of a header that an earlier writing added.
func added(header []string) []int {
	var own []int
	for i, h := range header {
		if ours[plain(h)] {
			own = append(own, i)
		}
	}
	return own
}

// stripped gives a row without some of its fields, in ascending order; as it is
// if it cannot be split.
func stripped(raw string, columns []int, comma string) string {
	fields, open := split(nil, raw, comma[0])
	if open {
		return raw
	}
	for _, i := range slices.Backward(columns) {
		if i < len(fields) {
			fields = slices.Delete(fields, i, i+1)
		}
	}
	return delimited(fields, comma)
}

// delimited writes fields as a row of a table, quoted where they must be.
func delimited(fields []string, comma string) string {
	out := make([]string, len(fields))
	for i, f := range fields {
		if strings.ContainsAny(f, comma+"\"\r\n") || strings.HasPrefix(f, " ") {
			f = `"` + strings.ReplaceAll(f, `"`, `""`) + `"`
		}
		out[i] = f
	}
	return strings.Join(out, comma)
}
