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

	roleUntil     role = "until"      // the latest it can have happened
	roleUntilHour role = "until_hour" // the time of day of that
	roleAddress   role = "address"    // street and block, crossing or place, for rows without coordinates
	roleBlock     role = "block"      // number of the block (cuadra), beside roleAddress
	roleCross     role = "cross"      // the other street of a crossing, beside roleAddress
	roleUbigeo    role = "ubigeo"     // the district

	roleAssigned role = "assigned" // when a unit was sent: a time, or a time of day
	roleArrived  role = "arrived"  // when the first unit was there
	roleOutcome  role = "outcome"  // what it turned out to be: real, false, nuisance
)

// usual names of columns, the better first; a source with several of a role
// (a text and a number of milliseconds) is read by the first that is there.
var usual = map[role][]string{
	roleAt: {"fecha_hora_hecho", "fecha_hora_hecho_ms", "fecha_hecho", "fecha_hora", "fecha_y_hora", "fecha_hora_inicio", "fecha_inicio",
		"fecha_ocurrencia", "fecha_de_ocurrencia", "date", "datetime", "date_time", "occurred_at"},
	roleDate:   {"fecha", "fecha_del_hecho", "dia_hecho", "dia"},
	roleHour:   {"hora", "hora_hecho", "hora_del_hecho", "hora_inicio", "hora_ocurrencia", "hora_de_ocurrencia", "time"},
	roleKnown:  {"fecha_hora_registro", "fecha_hora_registro_ms", "fecha_registro", "fecha_de_registro", "known_at"},
	roleLat:    {"lat", "latitude", "lat_hecho", "latitud", "coord_y", "coordenada_y", "y"},
	roleLon:    {"lon", "longitude", "long_hecho", "longitud", "lng", "long", "coord_x", "coordenada_x", "x"},
	roleType1:  {"generico", "tipo", "type", "tipo_de_ocurrencia", "tipo_ocurrencia", "ocurrencia", "clase"},
	roleType2:  {"especifico", "subtipo", "sub_tipo"},
	roleType3:  {"modalidad"},
	roleOrigin: {"origen", "origin", "medio", "medio_de_comunicacion", "fuente"},
	roleID:     {"id", "id_dgc", "numero", "nro", "nro_parte", "numero_de_parte", "n_parte"},
	roleNote:   {"observacion", "observaciones"},
	roleTurn:   {"turno_hecho"},

	roleUntil:     {"fecha_hora_fin", "fecha_fin", "fecha_hora_hasta", "fecha_hasta", "hasta", "until"},
	roleUntilHour: {"hora_fin", "hora_hasta"},
	roleAddress:   {"direccion", "direccion_hecho", "direccion_del_hecho", "ubicacion", "lugar", "lugar_hecho", "lugar_del_hecho", "via", "calle", "address"},
	roleBlock:     {"cuadra", "cdra", "nro_cuadra"},
	roleCross:     {"interseccion", "cruce", "esquina", "calle_2", "via_2"},
	roleUbigeo:    {"ubigeo", "ubigeo_hecho"},

	roleAssigned: {"fecha_hora_asignacion", "fecha_hora_despacho", "hora_asignacion", "hora_despacho", "hora_de_despacho", "assigned_at", "dispatched_at"},
	roleArrived:  {"fecha_hora_llegada", "fecha_hora_de_llegada", "hora_llegada", "hora_de_llegada", "arrived_at"},
	roleOutcome:  {"resultado", "estado_final", "calificacion", "outcome"},
}

// columns says which column of the table has which role.
type columns map[role]int

// layout is where each role's column stands in a row; −1: nowhere.
type layout struct {
	at, hour, until, untilHour, known, lat, lon, origin, note, turn, address, block, cross, ubigeo, assigned, arrived, outcome int

	types [3]int
}

func (cols columns) layout() layout {
	of := func(r role) int {
		if i, ok := cols[r]; ok {
			return i
		}
		return -1
	}
	return layout{of(roleAt), of(roleHour), of(roleUntil), of(roleUntilHour), of(roleKnown), of(roleLat), of(roleLon), of(roleOrigin), of(roleNote), of(roleTurn),
		of(roleAddress), of(roleBlock), of(roleCross), of(roleUbigeo), of(roleAssigned), of(roleArrived), of(roleOutcome), [3]int{of(roleType1), of(roleType2), of(roleType3)}}
}

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
			if n == "" {
				delete(cols, role(r))
				continue
			}
			i, ok := at[plain(n)]
			if !ok {
				return nil, wrong(NoSuchName, []any{n, list(header)}, "%w: %s has no column %q, which the mapping gives for %s; its columns are %s", ErrFormat, name, n, r, list(header))
			}
			cols[role(r)] = i
		}
		if m.Columns[string(roleDate)] != "" && m.Columns[string(roleAt)] == "" {
			delete(cols, roleAt)
		}
	}
	if d, ok := cols[roleDate]; ok {
		if _, ok := cols[roleAt]; !ok {
			cols[roleAt] = d
		}
	}
	return cols, nil
}

// without gives the roles that a table needs and has no column for: when it
// happened, and where, as coordinates or, if addresses can be found, in words.
func (cols columns) without(addresses bool) []role {
	var out []role
	if _, ok := cols[roleAt]; !ok {
		out = append(out, roleAt)
	}
	_, address := cols[roleAddress]
	_, lat := cols[roleLat]
	_, lon := cols[roleLon]
	if address && addresses && lat == lon {
		return out
	}
	if !lat {
		out = append(out, roleLat)
	}
	if !lon {
		out = append(out, roleLon)
	}
	return out
}

// pickHeader chooses the header among the first rows of a file: the first that
// names all that is needed, else the one that names most.
func pickHeader(rows [][]string, m *Mapping, addresses bool) int {
	best, most := 0, 0
	for i, r := range rows {
		cols, err := recognise(r, m, "")
		if err != nil {
			continue
		}
		if len(cols.without(addresses)) == 0 {
			return i
		}
		if len(cols) > most {
			best, most = i, len(cols)
		}
	}
	return best
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
