package importer

import "strings"

var errQuote = wrong(OpenQuote, nil, "a quote is opened and not closed")

// record is a row of the table: its fields, the line it starts on, and the
// text as it was.
type record struct {
	row    int
	fields []string
	raw    string
	err    error // the row cannot be split into fields
}

// nextRecord gives the next row that is not blank. Quoted fields may hold the
// delimiter, doubled quotes and line ends. io.EOF ends the table.
func (l *lines) nextRecord(comma byte) (record, error) {
	for {
		raw, err := l.next()
		if err != nil {
			return record{}, err
		}
		if strings.Trim(raw, " \t"+string(comma)) == "" {
			continue
		}
		rec := record{row: l.n, raw: raw}
		var more []string
		for {
			fields, open := split(raw, comma)
			if !open {
				rec.fields, rec.raw = fields, raw
				return rec, nil
			}
			next, err := l.next()
			if err != nil || len(more) == maxQuotedLines || len(raw)+len(next) > maxLine {
				if err == nil {
					more = append(more, next)
				}
				l.putBack(more)
				rec.err = errQuote
				return rec, nil
			}
			more = append(more, next)
			raw += "\n" + next
		}
	}
}

// split cuts a row into fields; open: a quoted field does not end in it. A
// quote inside an unquoted field is an ordinary character.
func split(s string, comma byte) (fields []string, open bool) {
	fields = make([]string, 0, 1+strings.Count(s, string(rune(comma))))
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
