package review

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// StreetSetOf names a list of ids of streets, which is kept once however many
// days tell of it.
func StreetSetOf(ids []string) string {
	sum := sha256.Sum256([]byte(strings.Join(ids, "\n")))
	return hex.EncodeToString(sum[:16])
}

// StreetRow is in how many shifts of a period a street was covered, by whom. Parts
// are apart from each other.
type StreetRow struct {
	ID         string   `json:"id"`
	Municipal  int      `json:"municipal"`  // shifts, by the municipality alone
	Police     int      `json:"police"`     // by the police alone
	Both       int      `json:"both"`       // by each
	Integrated int      `json:"integrated"` // by an integrated crew and neither alone
	Shifts     int      `json:"shifts"`     // in which a municipal or integrated crew was heard
	PoliceOf   int      `json:"police_shifts"`
	Presence   Presence `json:"presence"`
}

// Streets tells of the streets of a period who covered them, in the order in
// which days name them first, of the whole district, whatever the query's sector.
// sets gives the ids that a day's StreetSet stands for. Days that were kept in
// format 1 do not tell.
func (c Context) Streets(days Days, sets func(name string) ([]string, error)) ([]StreetRow, error) {
	at := map[string]int{}
	out := []StreetRow{}
	index, known := []int{}, "" // of the last set
	dates := map[string]bool{}
	for _, d := range c.Query.Dates() {
		dates[d] = true
	}
	for d, err := range days {
		if err != nil {
			return nil, err
		}
		if d.StreetSet == "" || !dates[d.Date] {
			continue
		}
		if d.StreetSet != known {
			ids, err := sets(d.StreetSet)
			if err != nil {
				return nil, err
			}
			index = index[:0]
			for _, id := range ids {
				i, ok := at[id]
				if !ok {
					i = len(out)
					at[id] = i
					out = append(out, StreetRow{ID: id})
				}
				index = append(index, i)
			}
			known = d.StreetSet
		}
		for i := range d.Shifts {
			s := &d.Shifts[i]
			if h := s.heard(); (h.own || h.police) && (c.Query.Shift == "" || s.Code == c.Query.Shift) {
				s.cover(out, index, h)
			}
		}
	}
	terms := c.Profile.Terms.OrDefault()
	for i := range out {
		out[i].Presence = out[i].presence(terms)
	}
	return out, nil
}

// cover counts a shift on its streets.
func (s *Shift) cover(rows []StreetRow, index []int, h heard) {
	for k, mask := range s.Covered {
		if k >= len(index) {
			return
		}
		r := &rows[index[k]]
		if h.own {
			r.Shifts++
		}
		if h.police {
			r.PoliceOf++
		}
		switch {
		case mask&Silent != 0:
		case mask&3 == 3:
			r.Both++
		case mask&1 != 0:
			r.Municipal++
		case mask&2 != 0:
			r.Police++
		case mask&4 != 0:
			r.Integrated++
		}
	}
}

// presence tells whose street it is, each force by the shifts in which it is
// known.
func (r *StreetRow) presence(t Terms) Presence {
	often := func(n, of int) bool { return n > 0 && float64(n) >= t.StreetShifts*float64(of) }
	m, p := often(r.Municipal+r.Both, r.Shifts), often(r.Police+r.Both, r.PoliceOf)
	switch {
	case often(r.Integrated, r.Shifts), m && p:
		return BothForces
	case m:
		return OnlyMunicipal
	case p:
		return OnlyPolice
	}
	return Nobody
}
