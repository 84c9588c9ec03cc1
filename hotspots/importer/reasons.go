package importer

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Reason is why a number of rows were left out, with the first of them.
type Reason struct {
	Reason  string            `json:"reason"` // without what differs from row to row
	Rows    int               `json:"rows"`
	Where   []int             `json:"where"` // the first of the rows, at most ten
	Example hotspots.Rejected `json:"example"`
}

// maxWhere is how many rows a reason lists.
const maxWhere = 10

// differs matches what differs between rows left out for one reason.
var differs = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[-+]?\d[\d.,:-]*( \d{2}:\d{2})?`)

// Reasons groups rows by why they were left out, the commonest first.
func Reasons(rows []hotspots.Rejected) []Reason {
	at := map[string]int{}
	out := []Reason{}
	for _, r := range rows {
		why := differs.ReplaceAllString(r.Reason, "…")
		i, ok := at[why]
		if !ok {
			i = len(out)
			at[why] = i
			out = append(out, Reason{Reason: why, Example: r})
		}
		out[i].Rows++
		if len(out[i].Where) < maxWhere {
			out[i].Where = append(out[i].Where, r.Row)
		}
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(b.Rows, a.Rows) })
	return out
}
