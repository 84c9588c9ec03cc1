package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
)

// findKey chooses the columns that identify a row, and what keys begin with.
func (im *reader) findKey() error {
	if err := im.keyColumns(); err != nil || len(im.key) == 0 {
		return err
	}
	im.keyOf = plain(im.header[im.key[0]])
	if m := im.opt.Mapping; m != nil && m.Source != "" {
		im.keyOf = m.Source
	}
	return nil
}

// keyColumns chooses the columns that identify a row. One number of the police's
// SIDPOL stands for several offences, told apart by subtipo and modalidad.
func (im *reader) keyColumns() error {
	if m := im.opt.Mapping; m != nil && len(m.Key) > 0 {
		for _, n := range m.Key {
			i := -1
			for j, h := range im.header {
				if plain(h) == plain(n) {
					i = j
					break
				}
			}
			if i < 0 {
				return wrong(NoSuchName, []any{n, list(im.header)}, "%w: %s has no column %q, which the mapping gives as key; its columns are %s", ErrFormat, im.name, n, list(im.header))
			}
			im.key = append(im.key, i)
		}
		im.official = m.Source != ""
		return nil
	}
	id, ok := im.cols[roleID]
	if !ok {
		return nil
	}
	im.key = []int{id}
	if plain(im.header[id]) == "id_dgc" {
		im.official = true
		for _, r := range []role{roleType2, roleType3} {
			if i, ok := im.cols[r]; ok {
				im.key = append(im.key, i)
			}
		}
	}
	if m := im.opt.Mapping; m != nil && m.Source != "" {
		im.official = true
	}
	return nil
}

// appendKey appends the key by the source's own columns; nothing if the first of
// them is empty.
func (im *reader) appendKey(b []byte, rec record) []byte {
	if len(im.key) == 0 || im.key[0] >= len(rec.fields) || strings.TrimSpace(rec.fields[im.key[0]]) == "" {
		return b
	}
	from := len(b)
	b = append(b, im.keyOf...)
	sep := byte(':')
	for _, i := range im.key {
		b = append(b, sep)
		sep = '|'
		if i < len(rec.fields) {
			b = append(b, strings.TrimSpace(rec.fields[i])...)
		}
	}
	if len(b)-from > 200 {
		sum := sha256.Sum256(b[from:])
		b = append(append(b[:from], im.keyOf...), ':')
		b = hex.AppendEncode(b, sum[:12])
	}
	return b
}

// appendMinute appends a moment to the minute in UTC, as 2006-01-02T15:04Z.
func appendMinute(b []byte, t time.Time) []byte {
	t = t.UTC()
	y, mo, d := t.Date()
	if y < 1000 || y > 9999 {
		return t.AppendFormat(b, "2006-01-02T15:04Z")
	}
	h, m, _ := t.Clock()
	two := func(sep byte, n int) { b = append(b, sep, byte('0'+n/10), byte('0'+n%10)) }
	b = strconv.AppendInt(b, int64(y), 10)
	two('-', int(mo))
	two('-', d)
	two('T', h)
	two(':', m)
	return append(b, 'Z')
}

// hashed begins the keys of rows without a number of their own.
const hashed = "row:"

// hashKey identifies a row without a number of its own by what it says. The
// point alone does not tell rows apart where it stands for places not known.
func hashKey(in *hotspots.Incident, address string) string {
	h := sha256.New()
	for _, s := range []string{in.Middle().UTC().Format(time.RFC3339Nano),
		strconv.FormatFloat(in.Point[0], 'f', 6, 64), strconv.FormatFloat(in.Point[1], 'f', 6, 64), in.Type[0], in.Type[1], in.Type[2]} {
		io.WriteString(h, s)
		h.Write([]byte{0})
	}
	io.WriteString(h, plain(strings.ToLower(address)))
	return hashed + hex.EncodeToString(h.Sum(nil)[:12])
}

// numberKeys tells incidents apart that say the same without repeating each
// other, such as two of one day at one place: by their order in the file, which
// is the same when the file comes again.
func (im *reader) numberKeys() {
	seen := map[string]int{}
	for i := range im.res.Incidents {
		in := &im.res.Incidents[i]
		if !strings.HasPrefix(in.Key, hashed) {
			continue
		}
		seen[in.Key]++
		if n := seen[in.Key]; n > 1 {
			in.Key += "#" + strconv.Itoa(n)
		}
	}
}
