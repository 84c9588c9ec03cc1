package patrol

import (
	"fmt"
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
)

// PresenceCode tells what is wrong with a police patrol plan or with a part of
// it. Words in another language than English are written for the code.
type PresenceCode string

// Why a whole file is refused.
const (
	PresenceTooLarge      PresenceCode = "too_large"
	PresenceXML           PresenceCode = "xml"            // KML, GPX
	PresenceZip           PresenceCode = "zip"            // a workbook or an archive
	PresenceNotGeoJSON    PresenceCode = "not_geojson"    // not even JSON
	PresenceNotCollection PresenceCode = "not_collection" // GeoJSON of another type
	PresenceNoFeatures    PresenceCode = "no_features"
	PresenceBadFeatures   PresenceCode = "bad_features" // see PresenceError.Problems
)

// What is wrong with a feature or, where Property is given, with a property.
const (
	PresenceNotFeature  PresenceCode = "not_feature"
	PresenceMissing     PresenceCode = "missing"
	PresenceWrong       PresenceCode = "wrong"        // of another type, or out of range
	PresenceEndFirst    PresenceCode = "end_first"    // end is not after start
	PresenceTimeForms   PresenceCode = "time_forms"   // one clock time, one instant
	PresenceNoGeometry  PresenceCode = "no_geometry"  // absent or null
	PresenceBadGeometry PresenceCode = "bad_geometry" // not GeoJSON, or without positions
	PresenceWrongShape  PresenceCode = "wrong_shape"  // of a type that does not suit the kind
	PresenceBadPosition PresenceCode = "bad_position" // not [longitude, latitude]
	PresenceShortLine   PresenceCode = "short_line"   // fewer than two positions
	PresenceOpenRing    PresenceCode = "open_ring"    // does not return to its first position
)

// PresenceProblem is one thing that is wrong with one feature.
type PresenceProblem struct {
	Feature  int    // from 1
	Name     string // of the feature; empty if it cannot be read
	Kind     PresenceKind
	Property string // that is wrong; empty for the feature itself and its geometry
	Code     PresenceCode
	Value    string // the bad value as it was given, cut short; may be empty
	Text     string // all of it in English, without the feature
}

// PresenceError is why a police patrol plan was refused. It is a
// fleet.ErrInvalid.
type PresenceError struct {
	File     string
	Code     PresenceCode
	Features int               // how many the file holds
	Wrong    int               // how many of them are wrong
	Problems []PresenceProblem // in the order of the features
	text     string            // English; empty for PresenceBadFeatures
}

// Unwrap makes the error a fleet.ErrInvalid.
func (e *PresenceError) Unwrap() error { return fleet.ErrInvalid }

// Error says it in English, a line for each of the first wrong features.
func (e *PresenceError) Error() string {
	if e.Code != PresenceBadFeatures {
		return fmt.Sprintf("%v: %s %s", fleet.ErrInvalid, e.File, e.text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %s: %d of %d features are wrong, nothing was read:", fleet.ErrInvalid, e.File, e.Wrong, e.Features)
	groups := e.ByFeature()
	for i, ps := range groups {
		if i == maxPresenceProblems {
			fmt.Fprintf(&b, "\n  and %d more", len(groups)-i)
			break
		}
		title := "without a name"
		if ps[0].Name != "" {
			title = fmt.Sprintf("%q", ps[0].Name)
		}
		texts := make([]string, len(ps))
		for j, p := range ps {
			texts[j] = p.Text
		}
		fmt.Fprintf(&b, "\n  feature %d (%s): %s", ps[0].Feature, title, strings.Join(texts, "; "))
	}
	return b.String()
}

// ByFeature groups the problems by feature: one list a feature, none empty.
func (e *PresenceError) ByFeature() [][]PresenceProblem {
	var out [][]PresenceProblem
	for i, p := range e.Problems {
		if i == 0 || p.Feature != e.Problems[i-1].Feature {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], p)
	}
	return out
}
