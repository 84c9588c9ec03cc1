package rounds

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Limit says what keeps a fleet from visiting every street.
type Limit string

// What can limit the coverage of a shift.
const (
	NoLimit      Limit = "none"
	TimeLimit    Limit = "time"     // the units' driving time together
	DistantLimit Limit = "distance" // streets too far to be back in time
)

// Verdict tells whether units can visit all streets in their shift, before any
// plan is made: no plan, whoever makes it, does better.
type Verdict struct {
	Ceiling float64 // share of the street length that can be visited at most
	Limit   Limit
	Need    float64 // metres to be driven for all streets: their length and the floor of repeats
	Can     float64 // metres that the units can drive together, stops taken off
	TooFar  float64 // metres of street that are too far for every unit
	// Shifts is in how many such shifts every street can be visited at best, by
	// what can be driven in one; 1 if one is enough.
	Shifts int
	// Enough tells for each mode in the fleet how many units of it, the others
	// as they are, can visit everything that is not too far.
	Enough []Enough
}

// Enough is how many units of a mode it takes.
type Enough struct {
	Mode routing.Mode
	Have int
	// AtLeast is a bound: with fewer no plan covers everything.
	AtLeast int
	// Likely leaves what plans need beyond the bound (the margin given).
	Likely int
}

// Judge gives the verdict on units that stand still for stops seconds together;
// margin is the share by which plans take longer than the bound.
func (b Bounds) Judge(units []Unit, stops, margin float64) Verdict {
	v := Verdict{Need: b.Street + b.Floor, TooFar: b.TooFar, Limit: NoLimit}
	v.Can = canDrive(units, stops)
	v.Ceiling = b.CoverageBound(v.Can)
	if v.Can > 0 {
		all := v.Need // rounds are closed walks, and so is what they make together
		if b.TooFar > 0 {
			all = b.Street - b.TooFar
		}
		v.Shifts = max(1, int(math.Ceil(all/v.Can)))
	}
	switch {
	case v.Can < v.Need && b.CoverageBound(math.Inf(1)) > v.Ceiling:
		v.Limit = TimeLimit
	case b.TooFar > 0:
		v.Limit = DistantLimit
	}
	for _, k := range kindsOf(units) {
		e := Enough{Mode: k.Mode}
		for _, u := range units {
			if u.Mode == k.Mode {
				e.Have++
			}
		}
		e.AtLeast = unitsFor(units, k, stops, v.Need)
		e.Likely = max(e.AtLeast, unitsFor(units, k, stops, v.Need*(1+margin)))
		v.Enough = append(v.Enough, e)
	}
	return v
}

// canDrive is what units can drive while some stand still for stops seconds:
// the slowest do that.
func canDrive(units []Unit, stops float64) float64 {
	order := slices.Clone(units)
	slices.SortStableFunc(order, func(a, b Unit) int { return cmp.Compare(a.Speed, b.Speed) })
	metres := 0.0
	for _, u := range order {
		s := min(stops, u.Driving())
		stops -= s
		metres += u.Metres(s)
	}
	return metres
}

// kindsOf gives one unit of each mode, with the shortest window.
func kindsOf(units []Unit) []Unit {
	var out []Unit
	for _, u := range units {
		i := slices.IndexFunc(out, func(k Unit) bool { return k.Mode == u.Mode })
		if i < 0 {
			out = append(out, u)
		} else if u.Driving() < out[i].Driving() {
			out[i] = u
		}
	}
	slices.SortStableFunc(out, func(a, b Unit) int { return cmp.Compare(a.Mode, b.Mode) })
	return out
}

// unitsFor is how many units like k, beside those of other modes, can drive the
// metres; at least 0.
func unitsFor(units []Unit, k Unit, stops, metres float64) int {
	var others []Unit
	for _, u := range units {
		if u.Mode != k.Mode {
			others = append(others, u)
		}
	}
	each := k.Driving() * k.Speed
	n := int(math.Ceil((metres - canDrive(others, stops)) / each))
	if n <= 0 {
		return 0
	}
	// Stops that the others have no time for are k's; the count settles at once
	// or one unit further.
	for ; ; n++ {
		fleet := slices.Clone(others)
		for range n {
			fleet = append(fleet, k)
		}
		if canDrive(fleet, stops) >= metres {
			return n
		}
	}
}

// GapBound is the least that the longest gap can be between visits of a place
// in a shift: with n visits that take stood seconds together there are n+1 gaps.
func GapBound(shift, stood float64, visits int) float64 {
	return max(0, shift-stood) / float64(visits+1)
}

// Shifts is in how many shifts like the problem's its units can visit everything
// that is not too far, at best: by what they can drive in one beside their posts
// and the share that stops take of it. 1 if one is enough.
func (b Bounds) Shifts(p *Problem) int {
	s := &solver{p: p}
	s.prepare()
	s.assignPosts()
	can := 0.0
	for i := range p.Units {
		can += s.canDriveMetres(i)
	}
	need := b.Street + b.Floor
	if b.TooFar > 0 { // what is left may need fewer repeats
		need = b.Street - b.TooFar
	}
	if can <= 0 {
		return math.MaxInt32
	}
	return max(1, int(math.Ceil(need/can)))
}
