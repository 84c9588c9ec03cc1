package importer

import (
	"cmp"
	"io"
	"strings"
)

var errQuote = wrong(OpenQuote, nil, "a quote is opened and not closed")

// csvTable is a table of delimited text.
type csvTable struct {
	lines
	comma byte // 0 until begin
}

// begin takes the first lines for rows, each by the delimiter that it has most
// of, since titles above the header have others.
func (t *csvTable) begin(pick func(rows [][]string) int) ([]string, error) {
	var (
		first []string
		rows  [][]string
		at    []int // line of each row
		comma []byte
	)
	hint := byte(0)
	for len(rows) < headerRows {
		s, err := t.line()
		if err == io.EOF {
			break
		}
		if err != nil {
			if len(rows) > 0 {
				t.unread(first)
			}
			return nil, err
		}
		if sep, ok := strings.CutPrefix(strings.ToLower(s), "sep="); ok && len(sep) == 1 && len(first) == 0 && t.comma == 0 { // Excel's own hint
			hint = sep[0]
			continue
		}
		first = append(first, s)
		if strings.Trim(s, " \t;,|") == "" {
			continue
		}
		c := cmp.Or(t.comma, hint, delimiterOf(s))
		fields, open := split(nil, s, c)
		if open {
			if len(rows) == 0 {
				return nil, wrong(OpenHeader, nil, "%w: the header of %s: %w", ErrFormat, t.name, errQuote)
			}
			break
		}
		rows, at, comma = append(rows, fields), append(at, len(first)), append(comma, c)
	}
	if len(rows) == 0 {
		return nil, wrong(Empty, nil, "%w: %s is empty", ErrFormat, t.name)
	}
	h := pick(rows)
	t.unread(first[at[h]:])
	t.comma = comma[h]
	return rows[h], nil
}

// next gives the next row that is not blank. Quoted fields may hold the
// delimiter, doubled quotes and line ends. A row without quotes is left for
// record.split, so that many hands can do it.
func (t *csvTable) next() (record, error) {
	for {
		raw, err := t.line()
		if err != nil {
			return record{}, err
		}
		if t.blank(raw) {
			continue
		}
		rec := record{row: t.n, raw: raw}
		if strings.IndexByte(raw, '"') >= 0 {
			t.quoted(&rec)
		}
		return rec, nil
	}
}

// blank tells whether a line holds delimiters and spaces alone.
func (t *csvTable) blank(line string) bool {
	for i := range len(line) {
		if c := line[i]; c != ' ' && c != '\t' && c != t.comma {
			return false
		}
	}
	return true
}

// quoted splits a row with quotes; it may go on over further lines.
func (t *csvTable) quoted(rec *record) {
	var more []string
	for {
		fields, open := split(nil, rec.raw, t.comma)
		if !open {
			rec.fields = fields
			return
		}
		next, err := t.line()
		if err != nil || len(more) == maxQuotedLines || len(rec.raw)+len(next) > maxLine {
			if err == nil {
				more = append(more, next)
			}
			t.unread(more)
			rec.raw, _, _ = strings.Cut(rec.raw, "\n")
			rec.fields, rec.err = []string{}, errQuote
			return
		}
		more = append(more, next)
		rec.raw += "\n" + next
	}
}

// split cuts the row into its fields if nobody has.
func (rec *record) split(comma byte) {
	if rec.fields == nil {
		rec.fields, _ = split(nil, rec.raw, comma)
	}
}

// text gives a field without the spaces around it, "" where the row has none.
func (rec *record) text(column int) string {
	if column < 0 || column >= len(rec.fields) {
		return ""
	}
	return strings.TrimSpace(rec.fields[column])
}

// split cuts a row into fields, appended to fields; open: a quoted field does
// not end in it. A quote inside an unquoted field is an ordinary character.
func split(fields []string, s string, comma byte) (_ []string, open bool) {
	if fields == nil {
		fields = make([]string, 0, 1+strings.Count(s, string(rune(comma))))
	}
	for {
		if !strings.HasPrefix(s, `"`) {
			i := strings.IndexByte(s, comma)
			if i < 0 {
				return append(fields, s), false
			}
			fields = append(fields, s[:i])
			s = s[i+1:]
			continue
		}
		var b strings.Builder
		rest := s[1:]
		for {
			i := strings.IndexByte(rest, '"')
			if i < 0 {
				return nil, true
			}
			b.WriteString(rest[:i])
			rest = rest[i+1:]
			if !strings.HasPrefix(rest, `"`) {
				break
			}
			b.WriteByte('"')
			rest = rest[1:]
		}
		i := strings.IndexByte(rest, comma)
		if i < 0 {
			return append(fields, b.String()+rest), false
		}
		fields = append(fields, b.String()+rest[:i])
		s = rest[i+1:]
	}
}

// delimiterOf finds the delimiter of a header: the commonest of semicolon,
// comma, tab and bar outside quotes.
func delimiterOf(header string) byte {
	best, count := byte(','), 0
	for _, c := range []byte(";,\t|") {
		n, quoted := 0, false
		for i := range len(header) {
			switch {
			case header[i] == '"':
				quoted = !quoted
			case header[i] == c && !quoted:
				n++
			}
		}
		if n > count {
			best, count = c, n
		}
	}
	return best
}
