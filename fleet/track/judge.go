package track

import (
	"github.com/serenazgo/serenazgo/fleet"
)

// Judge picks the fixes that a unit's trail is drawn by. It wants them in the
// order of their times; the zero value is ready.
type Judge struct {
	sieves map[string]*fleet.Sieve // by device
	last   fleet.Fix               // the last one picked
	picked bool
}

// Take judges the next fix: it adds to its flags what its neighbours show, and
// tells whether it belongs on the trail. One that is clean and does not is of a
// second device in the same vehicle: the one that reports is followed until it
// has been silent for a while, else the trail would go to and fro between them.
func (j *Judge) Take(f *fleet.Fix) bool {
	s := j.sieves[f.Device]
	if s == nil {
		if j.sieves == nil {
			j.sieves = map[string]*fleet.Sieve{}
		}
		s = &fleet.Sieve{}
		j.sieves[f.Device] = s
	}
	f.Flags |= s.Judge(*f)
	if !f.Clean() || j.picked && f.Device != j.last.Device && f.Time.Sub(j.last.Time) < Gap {
		return false
	}
	j.last, j.picked = *f, true
	return true
}
