package review

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet/coverage"
)

// countSplits counts both splits minute by minute and street by street, over the
// shifts in which both forces were heard.
func countSplits(days []Day) (streets, presence split) {
	slot := int(DefaultTerms().SlotSeconds() / 60)
	for _, d := range days {
		for _, s := range d.Shifts {
			own, police := false, false
			for _, u := range s.Units {
				own, police = own || u.Force != coverage.Police, police || u.Force == coverage.Police
			}
			if !own || !police {
				continue
			}
			streets.n++
			left := 10.0
			for mask, m := range s.Streets.By {
				n := float64(m[0]) / 100
				left -= n
				switch {
				case mask&3 == 3:
					streets.both += n / 10
				case mask&1 == 1:
					streets.municipal += n / 10
				case mask&2 == 2:
					streets.police += n / 10
				case mask == 4:
					streets.integrated += n / 10
				}
			}
			streets.nobody += left / 10
			begin := int(s.Start.Unix() / 60)
			for c := range d.Cells {
				for at := 0; at < minutes; {
					to := at + slot - (begin+at)%slot
					to = min(to, minutes)
					var there [3]bool
					for _, x := range s.Stays {
						if int(x.Cell) == c && int(x.From) < 600*to && int(x.To) > 600*at {
							there[s.Units[x.Unit].Force] = true
						}
					}
					silent, police := false, false
					for _, u := range s.Units {
						for _, w := range u.Silences {
							if int(w.From) <= 600*at && 600*to <= int(w.To) {
								silent, police = true, police || u.Force == coverage.Police
							}
						}
					}
					presence.n++
					switch {
					case there[0] && there[1]:
						presence.both++
					case there[0] && police && !there[2]:
						presence.unknown++
					case there[0]:
						presence.municipal++
					case there[1]:
						presence.police++
					case there[2]:
						presence.integrated++
					case silent:
						presence.unknown++
					default:
						presence.nobody++
					}
					at = to
				}
			}
		}
	}
	return streets, presence
}

// TestSplitsAddUp: the parts sum up to all, the municipality and the police less
// both are what either did, and they are what counting finds.
func TestSplitsAddUp(t *testing.T) {
	cells := townCells(t, 3)
	rapid.Check(t, func(rt *rapid.T) {
		days := []Day{drawDay(rt, 0, cells), drawDay(rt, 1, cells)}
		r, err := Compute(Context{Query: Query{Period: Period{days[0].Date, days[1].Date}}, Profile: Profile{Bands: DefaultBands()}}, Facts{Days: daysOf(days), Previous: daysOf(nil), LastYear: daysOf(nil)})
		if err != nil {
			rt.Fatal(err)
		}
		streets, presence := countSplits(days)
		for _, c := range []struct {
			name      string
			got, want *Split
		}{{"streets", r.Streets, streets.figure()}, {"presence", r.Presence, presence.figure()}} {
			if (c.got == nil) != (c.want == nil) {
				rt.Fatalf("%s: %+v, want %+v", c.name, c.got, c.want)
			}
			if c.got == nil {
				continue
			}
			g, w := [6]float64{c.got.Municipal, c.got.Police, c.got.Both, c.got.Integrated, c.got.Nobody, c.got.Unknown}, [6]float64{c.want.Municipal, c.want.Police, c.want.Both, c.want.Integrated, c.want.Nobody, c.want.Unknown}
			sum := 0.0
			for k := range g {
				sum += g[k]
				if math.Abs(g[k]-w[k]) > 1e-6 {
					rt.Fatalf("%s: %+v, want %+v", c.name, c.got, c.want)
				}
			}
			if math.Abs(sum-100) > 1e-6 || c.got.N != c.want.N {
				rt.Fatalf("%s: parts sum up to %v, n %d, want %d", c.name, sum, c.got.N, c.want.N)
			}
			municipal, police := c.got.Municipal+c.got.Both, c.got.Police+c.got.Both
			if together := 100 - c.got.Nobody - c.got.Unknown - c.got.Integrated; math.Abs(municipal+police-c.got.Both-together) > 1e-6 {
				rt.Fatalf("%s: %v and %v less %v are not %v", c.name, municipal, police, c.got.Both, together)
			}
		}
	})
}
