package patrol

import "github.com/paulmach/orb"

// PresenceKind is the form of a police presence.
type PresenceKind string

// Kinds of presence and their geometry.
const (
	PresenceRound  PresenceKind = "round"  // LineString or MultiLineString
	PresenceSector PresenceKind = "sector" // Polygon or MultiPolygon
	PresencePost   PresenceKind = "post"   // Point
)

// Presence is one feature of a police patrol plan, as the file gives it.
// Start and End are local "HH:MM" (every day, may cross midnight) or RFC 3339
// (once).
type Presence struct {
	Kind      PresenceKind `json:"kind"`
	Name      string       `json:"name"`
	Shift     string       `json:"shift"`
	Start     string       `json:"start"`
	End       string       `json:"end"`
	Mode      string       `json:"mode"`
	Units     int          `json:"units"`
	Trust     float64      `json:"trust"` // 0..1: planned 0.5, confirmed 1
	Simulated bool         `json:"simulated,omitempty"`
	Geometry  orb.Geometry `json:"-"`
}
