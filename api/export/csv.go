package export

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// csvWriter writes a table with commas, in UTF-8 with the mark by which
// spreadsheets know it.
type csvWriter struct {
	w   *csv.Writer
	loc *time.Location
	out []string
}

func newCSV(w io.Writer, cols []column, loc *time.Location) (writer, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	c := &csvWriter{w: csv.NewWriter(w), loc: loc}
	c.w.UseCRLF = true
	for _, k := range cols {
		c.out = append(c.out, k.key)
	}
	return c, c.w.Write(c.out)
}

func (c *csvWriter) row(r row) error {
	c.out = c.out[:0]
	for _, v := range r.cells {
		c.out = append(c.out, csvCell(v, c.loc))
	}
	return c.w.Write(c.out)
}

func (c *csvWriter) step(r row, _ step, _ bool) error { return c.row(r) }

func (c *csvWriter) close() error {
	c.w.Flush()
	return c.w.Error()
}

func csvCell(v any, loc *time.Location) string {
	switch v := v.(type) {
	case string:
		return harmless(v)
	case float64:
		if math.IsNaN(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	case bool:
		if v {
			return "sí"
		}
		return "no"
	case time.Time:
		if !v.IsZero() {
			return instant(v, loc)
		}
	}
	return ""
}

// harmless keeps a spreadsheet from taking a text for a formula: one that
// begins with a sign of a formula gets an apostrophe before it. Numbers are not
// texts and stay as they are.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
