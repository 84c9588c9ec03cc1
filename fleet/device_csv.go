package fleet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// DeviceRow is a row of a table of devices that could be read.
type DeviceRow struct {
	Line   int
	Device Device // Known; of no district yet
}

// BadRow is a row that could not be read or used, with the reason: in a
// sentence for who runs the service, and as a code with what it is about, for
// pages that have words of their own.
type BadRow struct {
	Line   int    `json:"line"`
	Raw    string `json:"raw"`
	Reason string `json:"reason"`
	Code   string `json:"code"`
	Value  string `json:"value,omitempty"` // the word in the row
	Other  string `json:"other,omitempty"` // the line or device that it meets
}

// Codes of bad rows.
const (
	RowNotCSV        = "csv"
	RowNoID          = "no_id"
	RowRounded       = "rounded"        // a number that the spreadsheet rounded
	RowInterval      = "interval"       // no number of seconds
	RowClock         = "clock"          // no number of hours
	RowGateway       = "gateway"        // neither yes nor no
	RowTwice         = "twice"          // Other: the line of the device's first row
	RowIdentityTwice = "identity_twice" // Other: the line that has the identity
	RowUnit          = "unit"           // the district has no such unit
	RowIdentityTaken = "identity_taken" // Other: the device that has it
	RowBadID         = "id"
	RowBadName       = "name"
	RowBadIdentity   = "identity"
	RowIdentities    = "identities" // too many
)

// rowError is what is wrong with a row.
type rowError struct {
	code, value, other string
	text               string
}

func (e rowError) Error() string { return e.text }

// bad makes a bad row of what is wrong with it.
func (e rowError) bad(line int, raw string) BadRow {
	return BadRow{Line: line, Raw: raw, Reason: e.text, Code: e.code, Value: e.value, Other: e.other}
}

// deviceColumns are the names by which columns are recognised, without accents
// and in lower case.
var deviceColumns = map[string][]string{
	"id":         {"id", "device", "equipo", "codigo", "dispositivo", "gps"},
	"name":       {"name", "nombre", "descripcion"},
	"unit":       {"unit", "unidad", "movil"},
	"identities": {"identities", "identidades", "identidad", "imei", "uniqueid", "ident"},
	"interval":   {"interval_s", "intervalo_s", "intervalo"},
	"gateway":    {"gateway", "pasarela"},
	"clock":      {"clock_fix_h", "correccion_h", "huso_h"},
}

// maxDeviceRows bounds a table of devices.
const maxDeviceRows = 20_000

// ReadDevices reads a table of devices: CSV with a header, comma, semicolon or
// tab, UTF-8. Only the id, or an identity to make one of, is needed. A row that
// cannot be used is told with its line and the reason and costs no other; two
// rows that name one device or one identity are one good and one bad row. An
// error, which wraps ErrInvalid, means that nothing could be read at all.
func ReadDevices(r io.Reader) (rows []DeviceRow, bad []BadRow, err error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, fmt.Errorf("read the table of devices: %w", err)
	}
	s := strings.TrimPrefix(string(text), "\ufeff")
	if !utf8.ValidString(s) {
		return nil, nil, fmt.Errorf("%w: the table is not UTF-8; save the sheet as \"CSV UTF-8\"", ErrInvalid)
	}
	head, _, _ := strings.Cut(s, "\n")
	table := csv.NewReader(strings.NewReader(s))
	table.FieldsPerRecord, table.LazyQuotes, table.TrimLeadingSpace = -1, true, true
	for _, mark := range []rune{';', '\t'} {
		if strings.Count(head, string(mark)) > strings.Count(head, string(table.Comma)) {
			table.Comma = mark
		}
	}
	header, err := table.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: the table has no header; give the columns id, name, unit, identities, interval_s", ErrInvalid)
	}
	at := map[string]int{}
	for i, h := range header {
		for key, names := range deviceColumns {
			if _, have := at[key]; !have && slices.Contains(names, plainWord(h)) {
				at[key] = i
			}
		}
	}
	_, hasID := at["id"]
	_, hasName := at["identities"]
	if !hasID && !hasName {
		return nil, nil, fmt.Errorf("%w: the table has neither a column id nor one of identities (imei); its columns are %s", ErrInvalid, strings.Join(header, ", "))
	}
	ids, names := map[string]int{}, map[string]int{}
	for {
		rec, err := table.Read()
		if errors.Is(err, io.EOF) {
			return rows, bad, nil
		}
		line, _ := table.FieldPos(0)
		raw := strings.Join(rec, string(table.Comma))
		if err != nil {
			var pe *csv.ParseError
			if !errors.As(err, &pe) {
				return nil, nil, fmt.Errorf("read the table of devices: %w", err)
			}
			bad = append(bad, rowError{code: RowNotCSV, text: "the row is not CSV: " + pe.Err.Error()}.bad(pe.StartLine, raw))
			continue
		}
		if strings.TrimSpace(strings.Join(rec, "")) == "" {
			continue
		}
		if len(rows)+len(bad) >= maxDeviceRows {
			return nil, nil, fmt.Errorf("%w: the table has more than %d devices", ErrInvalid, maxDeviceRows)
		}
		d, wrong := deviceOf(rec, at)
		if wrong == nil {
			wrong = firstOf(d, line, ids, names)
		}
		if wrong != nil {
			bad = append(bad, wrong.bad(line, raw))
			continue
		}
		rows = append(rows, DeviceRow{line, d})
	}
}

// deviceOf reads one row.
func deviceOf(rec []string, at map[string]int) (d Device, wrong *rowError) {
	get := func(key string) string {
		if i, ok := at[key]; ok && i < len(rec) {
			return strings.TrimSpace(rec[i])
		}
		return ""
	}
	d = Device{ID: get("id"), Name: get("name"), Unit: get("unit"), Interval: 10 * time.Second, Known: true}
	for name := range strings.FieldsFuncSeq(get("identities"), func(r rune) bool { return r == '|' || r == ',' || r == ';' }) {
		if name = strings.TrimSpace(name); name != "" {
			d.Identities = append(d.Identities, name)
		}
	}
	if d.ID == "" && len(d.Identities) > 0 {
		d.ID = DeviceIDOf(d.Identities[0])
	}
	if d.ID == "" {
		return d, &rowError{code: RowNoID, text: "no id"}
	}
	// A spreadsheet turns an IMEI into 3.56307E+14 and loses its last digits.
	for _, x := range append([]string{d.ID}, d.Identities...) {
		if f, err := strconv.ParseFloat(strings.ReplaceAll(x, ",", "."), 64); err == nil && strings.ContainsAny(x, "eE+.") && math.Abs(f) > 1e9 {
			return d, &rowError{RowRounded, x, "", fmt.Sprintf("%q is a number rounded by the spreadsheet; format the column as text", x)}
		}
	}
	if v := get("interval"); v != "" {
		s, err := strconv.ParseFloat(strings.ReplaceAll(v, ",", "."), 64)
		if err != nil || !(s >= 1 && s <= MaxInterval.Seconds()) {
			return d, &rowError{RowInterval, v, "", fmt.Sprintf("the interval %q is not a number of seconds from 1 to %.0f", v, MaxInterval.Seconds())}
		}
		d.Interval = time.Duration(s * float64(time.Second))
	}
	if v := get("clock"); v != "" {
		h, err := strconv.ParseFloat(strings.ReplaceAll(v, ",", "."), 64)
		if err != nil || !(math.Abs(h) <= maxClockFix.Hours()) {
			return d, &rowError{RowClock, v, "", fmt.Sprintf("the correction of the clock %q is not a number of hours", v)}
		}
		d.ClockFix = time.Duration(h * float64(time.Hour))
	}
	switch v := plainWord(get("gateway")); v {
	case "", "0", "no", "false":
	case "1", "si", "yes", "true", "x":
		d.Gateway = true
	default:
		return d, &rowError{RowGateway, v, "", fmt.Sprintf("gateway %q is neither yes nor no", v)}
	}
	return d, wrongWith(d)
}

// wrongWith tells what CheckDevice finds wrong with a device of a row.
func wrongWith(d Device) *rowError {
	d.Ubigeo = "000000"
	err := CheckDevice(d)
	if err == nil {
		return nil
	}
	e := rowError{code: RowIdentities, text: strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": ")}
	bad := slices.IndexFunc(d.Identities, func(x string) bool { return CheckIdentity(x) != nil })
	switch {
	case CheckDeviceID(d.ID) != nil:
		e.code, e.value = RowBadID, d.ID
	case len([]rune(d.Name)) > maxDeviceName || CheckLine("", d.Name) != nil:
		e.code, e.value = RowBadName, d.Name
	case bad >= 0:
		e.code, e.value = RowBadIdentity, d.Identities[bad]
	}
	return &e
}

// firstOf tells whether a row is the first with its id and identities.
func firstOf(d Device, line int, ids, names map[string]int) *rowError {
	if n, ok := ids[d.ID]; ok {
		return &rowError{RowTwice, d.ID, strconv.Itoa(n), fmt.Sprintf("device %s is in line %d already", d.ID, n)}
	}
	for _, x := range d.Identities {
		if n, ok := names[x]; ok {
			return &rowError{RowIdentityTwice, x, strconv.Itoa(n), fmt.Sprintf("identity %s is in line %d already", x, n)}
		}
	}
	ids[d.ID] = line
	for _, x := range d.Identities {
		names[x] = line
	}
	return nil
}

// plainWord writes a word in lower case and without accents.
func plainWord(s string) string {
	return strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n").Replace(strings.ToLower(strings.TrimSpace(s)))
}
