// Package relay hands positions on to the ministry's GPS platform: it picks the
// points that the platform wants, keeps them until they are taken, and lists
// what the platform did not get.
//
// The protocol is PT-GPS v1.2 as integrators document it (unofficial): JSON over
// TLS, at most 25 points a request, 5 s between requests, at most 10,000 points
// a vehicle and day, a point every 10 s while moving and every 180 s with the
// ignition off; 201 stored, 400 not understood, 401 address or certificate not
// known, 500 try again after 5 s.
package relay

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Limits of the protocol.
const (
	MaxBatch = 25               // points in a request
	Pause    = 5 * time.Second  // between requests
	PerDay   = 10_000           // points of a vehicle and local day
	Moving   = 10 * time.Second // between points while the ignition is on
	Parked   = 3 * time.Minute  // while it is off
)

// SilentFor is how long a vehicle may be unheard before that is a gap.
const SilentFor = 10 * time.Minute

// Kind of a place where points go.
const (
	FileSink  = "file"  // a folder: a dry run
	HTTPSSink = "https" // the platform
)

// Whom the pause between requests is kept for. Documents leave it open: All is
// the strict reading.
const (
	PaceAll     = "all"
	PaceVehicle = "vehicle"
)

// Settings say what a district hands on, and where to.
type Settings struct {
	On           bool               `json:"on"`
	Sink         string             `json:"sink"`
	URL          string             `json:"url"`          // of the platform
	Municipality string             `json:"municipality"` // idMunicipalidad
	Batch        int                `json:"batch"`        // points in a request; 1: a plain object, as in the samples
	Pace         string             `json:"pace"`
	Vehicles     map[string]Vehicle `json:"vehicles"` // by unit; who is not here is not handed on
	// Since is when it was switched on last: where vehicles were before is not
	// handed on. The store sets it.
	Since time.Time `json:"-"`
}

// Vehicle is how the platform knows a unit.
type Vehicle struct {
	IMEI         string `json:"imei"`
	Plate        string `json:"plate"`
	Station      string `json:"station,omitempty"`      // codigoComisaria: a police vehicle
	Transmission string `json:"transmission,omitempty"` // idTransmision, of police vehicles
}

// Defaults is a dry run of nothing.
func Defaults() Settings {
	return Settings{Sink: FileSink, Batch: MaxBatch, Pace: PaceAll, Vehicles: map[string]Vehicle{}}
}

// Check tells what is wrong with settings, if anything.
func (s Settings) Check() error {
	switch {
	case s.Sink != FileSink && s.Sink != HTTPSSink:
		return fault(FaultSink, "", "sink %q is neither file nor https", s.Sink)
	case s.Sink == HTTPSSink && checkURL(s.URL) != nil:
		return checkURL(s.URL)
	case s.Batch < 1 || s.Batch > MaxBatch:
		return fault(FaultBatch, "", "a request holds 1 to %d points, not %d", MaxBatch, s.Batch)
	case !slices.Contains([]string{PaceAll, PaceVehicle}, s.Pace):
		return fault(FaultPace, "", "pace %q is neither all nor vehicle", s.Pace)
	case len(s.URL) > 500 || len(s.Municipality) > 40:
		return fault(FaultLong, "", "the address or the municipality's id is too long")
	}
	for unit, v := range s.Vehicles {
		switch {
		case fleet.CheckUnitID(unit) != nil:
			return fault(FaultUnit, unit, "no unit can be called %q", unit)
		case len(v.IMEI) < 5 || len(v.IMEI) > 20 || strings.Trim(v.IMEI, "0123456789") != "":
			return fault(FaultIMEI, unit, "unit %s: an IMEI has 5 to 20 digits, not %q", unit, v.IMEI)
		case v.Plate == "" || len([]rune(v.Plate)) > fleet.MaxPlate:
			return fault(FaultPlate, unit, "unit %s needs a plate of up to %d letters", unit, fleet.MaxPlate)
		case (v.Station == "") != (v.Transmission == ""):
			return fault(FaultPolice, unit, "unit %s: a police vehicle has a station and a transmission id", unit)
		case v.Station == "" && s.On && s.Municipality == "":
			return fault(FaultMunicipality, unit, "unit %s is municipal: give the municipality's id", unit)
		}
	}
	return nil
}

// checkURL tells what is wrong with a platform's address, if anything. One with
// a name and password in it would end up in logs.
func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "":
		return fault(FaultURL, "", "the platform's address must begin with https:// and name a server")
	case strings.ContainsFunc(u.Hostname(), func(r rune) bool { return r > 0x7e }):
		// It is called by another name than it is checked by.
		return fault(FaultURLName, "", "the platform's address must name its server in plain letters (xn--… for others)")
	case u.User != nil:
		return fault(FaultURLUser, "", "the platform's address must not hold a user name or password")
	case u.Fragment != "":
		return fault(FaultURLFragment, "", "the platform's address must not hold a #")
	}
	return nil
}

// Host is the server that points go to; empty: a file.
func (s Settings) Host() string {
	u, err := url.Parse(s.URL)
	if s.Sink != HTTPSSink || err != nil {
		return ""
	}
	return u.Hostname()
}

// Outside tells whether an address is one that the world sees: who may change
// the settings must not reach into the network of the service by them.
func Outside(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(inner, func(p netip.Prefix) bool { return p.Contains(a) })
}

// inner are further ranges that lead inside: what providers give to subscribers
// behind one address (RFC 6598), and addresses that stand for IPv4 ones (RFC
// 6052, RFC 3056).
var inner = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16")}

// CheckOutside tells whether the platform's address is obviously one of the
// service's own network. A name that resolves to one is found out when it is
// called.
func (s Settings) CheckOutside() error {
	host := strings.TrimSuffix(strings.ToLower(s.Host()), ".")
	if a, err := netip.ParseAddr(host); host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && !Outside(a) {
		return fault(FaultInside, "", "%s is in the service's own network; who runs the service can allow that with --relay-private", host)
	}
	return nil
}
