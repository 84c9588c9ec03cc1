package importer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// role is what a column tells about an incident.
type role string

// The roles; a mapping names them.
const (
	roleAt     role = "at"     // when it happened
	roleDate   role = "date"   // the day it happened, beside roleHour
	roleHour   role = "hour"   // the time of day it happened
	roleKnown  role = "known"  // when it was registered
	roleLat    role = "lat"    //
	roleLon    role = "lon"    //
	roleType1  role = "type1"  // genérico
	roleType2  role = "type2"  // específico
	roleType3  role = "type3"  // modalidad
	roleOrigin role = "origin" // call, complaint, …
	roleID     role = "id"     // the source's own number
	roleNote   role = "note"   // remarks on the coordinates, such as SIDPOL's observacion
	roleTurn   role = "turn"   // the source's own part of the day, to check the clock by
)

// usual names of columns, the better first; a source with several of a role
// (a text and a number of milliseconds) is read by the first that is there.
var usual = map[role][]string{
	roleAt:     {"fecha_hora_hecho", "fecha_hora_hecho_ms", "fecha_hecho", "fecha_hora", "fecha_y_hora", "date", "datetime", "occurred_at"},
	roleDate:   {"fecha", "fecha_del_hecho", "dia_hecho"},
	roleHour:   {"hora", "hora_hecho", "hora_del_hecho"},
	roleKnown:  {"fecha_hora_registro", "fecha_hora_registro_ms", "fecha_registro", "known_at"},
	roleLat:    {"lat", "latitude", "lat_hecho", "latitud"},
	roleLon:    {"lon", "longitude", "long_hecho", "longitud", "lng", "long"},
	roleType1:  {"generico", "tipo", "type"},
	roleType2:  {"especifico", "subtipo"},
	roleType3:  {"modalidad"},
	roleOrigin: {"origen", "origin"},
	roleID:     {"id", "id_dgc"},
	roleNote:   {"observacion", "observaciones"},
	roleTurn:   {"turno_hecho"},
}

// columns says which column of the table has which role.
type columns map[role]int

// plain writes a column's name in lower case without accents, with _ for
// spaces and signs.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.TrimSpace(s))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.TrimSuffix(b.String(), "_")
}

// recognise finds the columns by a mapping's names, and those that the mapping
// does not name by their usual ones.
func recognise(header []string, m *Mapping, name string) (columns, error) {
	at := map[string]int{}
	for i, h := range header {
		if _, twice := at[plain(h)]; !twice {
			at[plain(h)] = i
		}
	}
	cols := columns{}
	for r, names := range usual {
		for _, n := range names {
			if i, ok := at[n]; ok {
				cols[r] = i
				break
			}
		}
	}
	if m != nil {
		for r, n := range m.Columns {
			i, ok := at[plain(n)]
			if !ok {
				return nil, wrong(NoSuchName, []any{n, list(header)}, "%w: %s has no column %q, which the mapping gives for %s; its columns are %s", ErrFormat, name, n, r, list(header))
			}
			cols[role(r)] = i
		}
		if _, ok := m.Columns[string(roleDate)]; ok && m.Columns[string(roleAt)] == "" {
			delete(cols, roleAt)
		}
	}
	if d, ok := cols[roleDate]; ok {
		if _, ok := cols[roleAt]; !ok {
			cols[roleAt] = d
		}
	}
	var without []role
	for _, need := range [...]role{roleAt, roleLat, roleLon} {
		if _, ok := cols[need]; !ok {
			without = append(without, need)
		}
	}
	if len(without) > 0 {
		return nil, missing(name, header, without)
	}
	return cols, nil
}

// missing is the error of a table without columns that it needs.
func missing(name string, header []string, roles []role) error {
	what := map[role]string{roleAt: "the date and time", roleLat: "the latitude", roleLon: "the longitude"}
	r := roles[0]
	p := wrong(NoColumns, []any{list(header)}, "%w: no column of %s is recognised as %s (usual names: %s); its columns are %s: name the column with --mapping",
		ErrFormat, name, what[r], strings.Join(usual[r], ", "), list(header))
	for _, r := range roles {
		p.Missing = append(p.Missing, string(r))
	}
	return p
}

// list names columns in a message, not too many.
func list(header []string) string {
	h := slices.Clone(header)
	for i := range h {
		if r := []rune(h[i]); len(r) > 30 {
			h[i] = string(r[:30]) + "…"
		}
	}
	if len(h) > 20 {
		return strings.Join(h[:20], ", ") + fmt.Sprintf(" and %d more", len(h)-20)
	}
	return strings.Join(h, ", ")
}
