package risk

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/hotspots"
)

// ErrFactor says that a risk factor cannot be used.
var ErrFactor = errors.New("unusable risk factor")

// Kind is what a factor is.
type Kind string

// The kinds of factors.
const (
	Unlit      Kind = "unlit"      // street or place without light
	VacantLot  Kind = "vacant_lot" // or an abandoned building
	Bar        Kind = "bar"        // or another place that sells alcohol
	School     Kind = "school"
	Market     Kind = "market"
	Bank       Kind = "bank" // or a cash machine
	BusStop    Kind = "bus_stop"
	Park       Kind = "park"
	Nightclub  Kind = "nightclub"
	DrugPoint  Kind = "drug_point" // where drugs are known to be sold or used
	Building   Kind = "construction"
	Camera     Kind = "camera" // makes a place safer
	GuardPost  Kind = "guard_post"
	OtherPlace Kind = "other"
)

// Term is how a kind counts.
type Term struct {
	Weight float64 `json:"weight"`  // per full exposure; negative: makes safer
	Reach  float64 `json:"reach_m"` // metres
}

// terms are those of a district that has set none. Judgements, in the order of
// the studies of risk terrain that put bars, drug markets and vacant lots first;
// a district should set its own.
var terms = map[Kind]Term{
	Unlit: {3, 150}, VacantLot: {2, 200}, Bar: {3, 200}, School: {1, 200}, Market: {2, 250}, Bank: {2, 150}, BusStop: {1.5, 150}, Park: {1, 200},
	Nightclub: {3, 250}, DrugPoint: {4, 250}, Building: {1, 150}, Camera: {-1, 150}, GuardPost: {-2, 200}, OtherPlace: {1, 150},
}

// Kinds gives every kind in the order in which they are listed.
func Kinds() []Kind {
	return []Kind{Unlit, VacantLot, Bar, Nightclub, DrugPoint, School, Market, Bank, BusStop, Park, Building, OtherPlace, Camera, GuardPost}
}

// Limits of what is taken.
const (
	MaxFactors = 50_000 // of a district
	maxName    = 120    // letters
	maxWeight  = 10
	minReach   = 20
	maxReach   = 2000
	maxCorners = 5000
)

// Factor is a place that makes its surroundings riskier or safer.
type Factor struct {
	ID        string
	Kind      Kind
	Name      string // may be empty
	Geometry  orb.Geometry
	Source    string // file it came from; "": drawn on the map
	Simulated bool
}

// Check tells what is wrong with a factor, if anything.
func (f Factor) Check() error {
	if !slices.Contains(Kinds(), f.Kind) {
		return fmt.Errorf("%w: kind %q is none of %v", ErrFactor, f.Kind, Kinds())
	}
	if f.ID == "" || len(f.ID) > 100 {
		return fmt.Errorf("%w: an id of 1 to 100 bytes is needed", ErrFactor)
	}
	if utf8.RuneCountInString(f.Name) > maxName {
		return fmt.Errorf("%w: the name is longer than %d letters", ErrFactor, maxName)
	}
	return checkShape(f.Geometry)
}

// checkShape takes points, lines and polygons with corners on the Earth.
func checkShape(g orb.Geometry) error {
	var corners []orb.Point
	switch g := g.(type) {
	case orb.Point:
		corners = []orb.Point{g}
	case orb.LineString:
		if len(g) < 2 {
			return fmt.Errorf("%w: a line needs two positions or more", ErrFactor)
		}
		corners = g
	case orb.Polygon:
		if len(g) == 0 {
			return fmt.Errorf("%w: the polygon is empty", ErrFactor)
		}
		for _, r := range g {
			if len(r) < 4 || !r.Closed() {
				return fmt.Errorf("%w: a ring of the polygon is not closed by four or more positions", ErrFactor)
			}
			corners = append(corners, r...)
		}
	default:
		return fmt.Errorf("%w: give a Point, a LineString or a Polygon", ErrFactor)
	}
	if len(corners) > maxCorners {
		return fmt.Errorf("%w: %d corners, at most %d", ErrFactor, len(corners), maxCorners)
	}
	for _, p := range corners {
		if err := hotspots.CheckPoint(p); err != nil {
			return fmt.Errorf("%w: %w", ErrFactor, err)
		}
		if p == (orb.Point{}) { // what an empty position is read as
			return fmt.Errorf("%w: longitude 0, latitude 0 is no place", ErrFactor)
		}
	}
	return nil
}

// Settings are how a district's joint map is made.
type Settings struct {
	Share float64       `json:"share"` // part of the municipal map in the joint one, 0..1
	Terms map[Kind]Term `json:"terms"` // kinds that are absent count as by default
}

// DefaultShare: the recorded crime counts for most, since it is counted and the
// weights of the factors are judged.
const DefaultShare = 0.3

// DefaultSettings gives those of a district that has set none.
func DefaultSettings() Settings { return Settings{Share: DefaultShare, Terms: map[Kind]Term{}} }

// Term gives how a kind counts.
func (s Settings) Term(k Kind) Term {
	if t, ok := s.Terms[k]; ok {
		return t
	}
	return terms[k]
}

// Check tells what is wrong with the settings, if anything.
func (s Settings) Check() error {
	if !(s.Share >= 0 && s.Share <= 1) {
		return fmt.Errorf("%w: the part of the municipal map is %g: give 0 to 1", ErrFactor, s.Share)
	}
	for k, t := range s.Terms {
		if !slices.Contains(Kinds(), k) {
			return fmt.Errorf("%w: kind %q is none of %v", ErrFactor, k, Kinds())
		}
		if !(math.Abs(t.Weight) <= maxWeight) {
			return fmt.Errorf("%w: weight %g of %s: give −%d to %d", ErrFactor, t.Weight, k, maxWeight, maxWeight)
		}
		if !(t.Reach >= minReach && t.Reach <= maxReach) {
			return fmt.Errorf("%w: reach %g m of %s: give %d to %d", ErrFactor, t.Reach, k, minReach, maxReach)
		}
	}
	return nil
}
