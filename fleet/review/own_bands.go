package review

import "time"

// OwnBands are the bands that a district has set itself, in the place of those of
// the profile's file. A change is a new version.
type OwnBands struct {
	Version int       `json:"version"` // 0: never set
	SetAt   time.Time `json:"set_at,omitzero"`
	SetBy   string    `json:"set_by,omitempty"`
	Bands   *Bands    `json:"bands"` // nil: those of the profile
}

// With gives the profile with the bands that the district has set, if it has.
func (p Profile) With(own OwnBands) Profile {
	if own.Bands != nil {
		p.Bands, p.BandsVersion = *own.Bands, own.Version
	}
	return p
}

// Banded lists the indicators that may have bands of their own, in the order in
// which they are shown; common tells those that the common bands judge.
func Banded() (keys []string, common map[string]bool) {
	common = map[string]bool{}
	for _, key := range judged {
		common[key] = true
	}
	for _, f := range formulas {
		if f.Unit == "%" && !f.Lower {
			keys = append(keys, f.Key)
		}
	}
	return keys, common
}
