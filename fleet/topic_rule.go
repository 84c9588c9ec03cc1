package fleet

import (
	"fmt"
	"slices"
	"strings"
)

// TopicRule says how a district's messages on a topic are read: in which
// format, and who they are from. (Ubigeo, Pattern) is its identity.
type TopicRule struct {
	Ubigeo string `json:"-"`
	// Pattern is an MQTT filter in which {device} stands for a level that names
	// the device; several such levels are joined with '/'. "+" stands for any
	// one level, "#" at the end for any further ones.
	Pattern  string         `json:"pattern"`
	Format   string         `json:"format"` // one of Formats; FormatAuto: by shape
	Identity IdentitySource `json:"identity"`
	Note     string         `json:"note,omitempty"`
}

// IdentitySource tells where a message says which device it is from.
type IdentitySource string

// The places where an identity may stand. A device that is no gateway is always
// taken for the one it logged in as.
const (
	IdentityTopic   IdentitySource = "topic"   // the {device} levels
	IdentityPayload IdentitySource = "payload" // IMEI, uniqueId, ident, … in it
	IdentityLogin   IdentitySource = "login"   // the user name of the connection
)

// FormatAuto chooses the decoder by the shape of each payload.
const FormatAuto = "auto"

// Formats are the payload formats that can be read, as topic rules name them.
var Formats = [...]string{FormatAuto, "serenazgo", "geojson", "owntracks", "traccar", "osmand", "teltonika", "flespi", "thingsboard", "meshtastic"}

// DeviceLevel stands for the device in a pattern.
const DeviceLevel = "{device}"

// CheckTopicRule tells what is wrong with a rule, if anything.
func CheckTopicRule(r TopicRule) error {
	if err := CheckUbigeo(r.Ubigeo); err != nil {
		return err
	}
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: topic rule %q: %s", ErrInvalid, r.Pattern, fmt.Sprintf(format, args...))
	}
	if r.Pattern == "" || len(r.Pattern) > 200 || r.Pattern != printable(r.Pattern) || strings.ContainsAny(r.Pattern, " \t\r\n") {
		return bad("give a topic of 1 to 200 printable letters without spaces")
	}
	levels := strings.Split(r.Pattern, "/")
	named, literal := 0, 0
	for i, l := range levels {
		switch {
		case l == DeviceLevel:
			named++
		case l == "+":
		case l == "#":
			if i != len(levels)-1 {
				return bad("# stands only at the end")
			}
		case strings.ContainsAny(l, "+#{}"):
			return bad("level %q: +, # and {device} each stand for a whole level", l)
		case l != "":
			literal++
		}
	}
	switch {
	case literal == 0:
		return bad("at least one level must be literal, or it would take everything")
	case strings.HasPrefix(r.Pattern, "$"):
		return bad("topics that begin with $ belong to the broker; leave out $share/<group>/")
	case levels[0] == "serenazgo":
		return bad("topics under serenazgo/ are read as they are, without a rule")
	case !slices.Contains(Formats[:], r.Format):
		return bad("format %q is none of %s", r.Format, strings.Join(Formats[:], ", "))
	case len([]rune(r.Note)) > 200:
		return bad("the note is longer than 200 letters")
	}
	switch r.Identity {
	case IdentityTopic:
		if named == 0 {
			return bad("the identity is in the topic, so {device} must stand for a level of it")
		}
	case IdentityPayload, IdentityLogin:
		if named > 0 {
			return bad("{device} stands in the topic, so the identity must be %q", IdentityTopic)
		}
	default:
		return bad("identity %q is none of topic, payload, login", r.Identity)
	}
	return nil
}
