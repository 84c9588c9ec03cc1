package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
	"go.yaml.in/yaml/v3"
)

// ErrMapping says that a column mapping cannot be used.
var ErrMapping = errors.New("unusable mapping")

// Clock says what the clock times of a source mean.
type Clock string

// The clock rules. Auto reads times without a zone as local, and those with
// one, or epoch numbers, as instants unless the source's own part of the day
// shows that they are local times stored as if they were UTC.
const (
	ClockAuto    Clock = ""
	ClockInstant Clock = "instant" // zones and epoch numbers mean what they say
	ClockLocal   Clock = "local"   // the clock on the wall, whatever zone is written
)

// Mapping tells how to read a source's files. All of it is optional: what is
// not said is recognised.
type Mapping struct {
	// Source is a short name of the source; with an id column it makes keys
	// that stay the same when a row is corrected.
	Source string `yaml:"source"`
	// Columns by role: at, date, hour, until, until_hour, known, lat, lon, address,
	// block, cross, ubigeo, type1, type2, type3, origin, id, note, turn, assigned,
	// arrived, outcome. An empty
	// name says that no column has the role.
	Columns map[string]string `yaml:"columns"`
	// Key lists the columns that together identify a row; default: id.
	Key       []string `yaml:"key"`
	Delimiter string   `yaml:"delimiter"` // one character, or "tab"
	// Dates is the order of day, month and year in dates with slashes: dmy, mdy or ymd.
	Dates    string `yaml:"dates"`
	TimeZone string `yaml:"time_zone"` // IANA name; default: the district's
	Clock    Clock  `yaml:"clock"`
	// Origins turns the source's words into call, complaint, camera, panic, board, patrol or "".
	Origins map[string]hotspots.Origin `yaml:"origins"`
}

// ReadMapping reads a mapping from YAML; name is what errors call the file.
func ReadMapping(r io.Reader, name string) (*Mapping, error) {
	data, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var m Mapping
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&m); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%w: %s: %v", ErrMapping, name, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrMapping, name, err)
	}
	return &m, nil
}

func (m *Mapping) check() error {
	for r := range m.Columns {
		if _, ok := usual[role(r)]; !ok {
			var known []string
			for k := range usual {
				known = append(known, string(k))
			}
			slices.Sort(known)
			return fmt.Errorf("columns: %q is no role; the roles are %s", r, strings.Join(known, ", "))
		}
	}
	if m.Delimiter != "" && m.Delimiter != "tab" && (len(m.Delimiter) != 1 || m.Delimiter == `"`) {
		return fmt.Errorf("delimiter: %q: give one character, or tab", m.Delimiter)
	}
	switch m.Dates {
	case "", "dmy", "mdy", "ymd":
	default:
		return fmt.Errorf("dates: %q: give dmy, mdy or ymd", m.Dates)
	}
	switch m.Clock {
	case ClockAuto, ClockInstant, ClockLocal:
	default:
		return fmt.Errorf("clock: %q: give instant or local", m.Clock)
	}
	if _, err := time.LoadLocation(m.TimeZone); err != nil {
		return fmt.Errorf("time_zone: %q is not an IANA name such as America/Lima", m.TimeZone)
	}
	for word, o := range m.Origins {
		switch o {
		case hotspots.OriginCall, hotspots.OriginComplaint, hotspots.OriginCamera, hotspots.OriginPanic,
			hotspots.OriginBoard, hotspots.OriginPatrol, hotspots.OriginUnknown:
		default:
			return fmt.Errorf(`origins: %q for %q: give call, complaint, camera, panic, board, patrol or ""`, o, word)
		}
	}
	return nil
}

// comma gives the delimiter, or 0 to find it out.
func (m *Mapping) comma() byte {
	switch {
	case m == nil || m.Delimiter == "":
		return 0
	case m.Delimiter == "tab":
		return '\t'
	}
	return m.Delimiter[0]
}

// usualOrigins are the words of the sources seen, as plain writes them; a word
// counts if the text begins with it.
var usualOrigins = []struct {
	word   string
	origin hotspots.Origin
}{
	{"llamada", hotspots.OriginCall}, {"telefono", hotspots.OriginCall}, {"central", hotspots.OriginCall}, {"call", hotspots.OriginCall},
	{"denuncia", hotspots.OriginComplaint}, {"complaint", hotspots.OriginComplaint},
	{"camara", hotspots.OriginCamera}, {"video", hotspots.OriginCamera}, {"camera", hotspots.OriginCamera},
	{"boton", hotspots.OriginPanic}, {"alarma", hotspots.OriginPanic}, {"panic", hotspots.OriginPanic},
	{"junta", hotspots.OriginBoard}, {"vecin", hotspots.OriginBoard}, {"board", hotspots.OriginBoard},
	{"patrull", hotspots.OriginPatrol}, {"ronda", hotspots.OriginPatrol}, {"patrol", hotspots.OriginPatrol},
}

// origin reads the source's word for how it learnt of the incident; false: the
// word is not known.
func (m *Mapping) origin(s string) (hotspots.Origin, bool) {
	word := plain(s)
	if word == "" {
		return hotspots.OriginUnknown, true
	}
	if m != nil {
		for k, o := range m.Origins {
			if plain(k) == word {
				return o, true
			}
		}
	}
	for _, u := range usualOrigins {
		if strings.HasPrefix(word, u.word) {
			return u.origin, true
		}
	}
	return hotspots.OriginUnknown, false
}
