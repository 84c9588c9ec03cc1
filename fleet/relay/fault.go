package relay

import (
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
)

// Fault is what is wrong with settings. It wraps fleet.ErrInvalid; its text is
// for who runs the service, and the API words it for people by its Code.
type Fault struct {
	Code string
	Unit string // empty: it is not about a vehicle
	text string
}

// Codes of faults.
const (
	FaultSink         = "sink"
	FaultURL          = "url"          // not https:// and a server
	FaultURLName      = "url_name"     // the server's name has other letters
	FaultURLUser      = "url_user"     // it holds a name or password
	FaultURLFragment  = "url_fragment" // it holds a #
	FaultInside       = "inside"       // it leads into the service's own network
	FaultBatch        = "batch"
	FaultPace         = "pace"
	FaultLong         = "long" // the address or the municipality's id
	FaultUnit         = "unit" // no unit can be called so
	FaultIMEI         = "imei"
	FaultPlate        = "plate"
	FaultPolice       = "police"       // a station without a transmission id, or the other way round
	FaultMunicipality = "municipality" // it is missing
)

func (f Fault) Error() string { return fleet.ErrInvalid.Error() + ": " + f.text }

func (f Fault) Unwrap() error { return fleet.ErrInvalid }

// fault makes one; unit "" is none.
func fault(code, unit, format string, args ...any) error {
	return Fault{code, unit, fmt.Sprintf(format, args...)}
}
