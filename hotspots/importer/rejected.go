package importer

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Names of the columns that WriteRejected puts before the file's own.
const (
	columnRow    = "fila_original"
	columnReason = "motivo_rechazo"
)

// ours are those columns; reading a corrected file passes over them.
var ours = map[string]bool{columnRow: true, columnReason: true}

// WriteRejected writes rejected rows as a table with the columns of their file,
// so that they can be corrected in a spreadsheet and imported again: before them
// the row and why it was rejected, by reason. Rows that repeat another are not
// among them, since alone they would pass for new. It is UTF-8 with a byte order
// mark, which spreadsheets know it by; no field is a formula.
func WriteRejected(w io.Writer, header []string, comma string, rows []hotspots.Rejected, reason func(hotspots.Rejected) string) error {
	if comma == "" {
		comma = ","
	}
	own := added(header)
	write := func(mark, row, why string, fields []string) error {
		fields = without(fields, own)
		for i, f := range fields {
			fields[i] = harmless(f)
		}
		_, err := fmt.Fprintf(w, "%s%s\r\n", mark, delimited(slices.Concat([]string{row, harmless(why)}, fields), comma))
		return err
	}
	if err := write("\ufeff", columnRow, columnReason, slices.Clone(header)); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Code == string(SameKey) || r.Code == string(SameIncident) {
			continue
		}
		if err := write("", strconv.Itoa(r.Row), reason(r), fieldsOf(r.Raw, comma)); err != nil {
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

// without takes fields out of a row, by their columns in ascending order.
func without(fields []string, columns []int) []string {
	for _, i := range slices.Backward(columns) {
		if i < len(fields) {
			fields = slices.Delete(fields, i, i+1)
		}
	}
	return fields
}

// fieldsOf cuts a row into its fields; one with a quote that does not end, at
// every delimiter.
func fieldsOf(raw, comma string) []string {
	if fields, open := split(nil, raw, comma[0]); !open {
		return fields
	}
	return strings.Split(raw, comma)
}

// formula tells whether a spreadsheet would take a field for a formula: it
// begins with a sign of one and is not a number.
func formula(s string) bool {
	if s == "" || !strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0]) {
		return false
	}
	_, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return err != nil
}

// harmless puts an apostrophe before a formula.
func harmless(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

// asItWas takes the apostrophes of harmless away.
func asItWas(fields []string) {
	for i, f := range fields {
		if rest, ok := strings.CutPrefix(f, "'"); ok && formula(rest) {
			fields[i] = rest
		}
	}
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
