package track

import (
	"context"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Source is where fixes and what was made of them are kept.
type Source interface {
	// EachFixes gives a unit's fixes from one instant up to, not including,
	// another, in the order of their times, in parts; do must not keep a part.
	EachFixes(ctx context.Context, ubigeo, unit string, from, to time.Time, do func(part []fleet.Fix) error) error
	// Trails gives the parts that are kept of a unit and lie within a period
	// whole, in order.
	Trails(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]Part, error)
}

// Part is a stretch of a unit's track.
type Part struct {
	Start, End time.Time // End is not in it
	Track      Track
}

// KeptTolerance is the tolerance in metres of parts that are kept: less than a
// receiver is wrong by.
const KeptTolerance = 3

// MaxPoints bounds the points of one track: a longer one is thinned more.
const MaxPoints = 60_000

// ToleranceFor is the tolerance in metres that suits a period: what can be seen
// of an hour cannot be seen of a month.
func ToleranceFor(period time.Duration) float64 {
	switch day := 24 * time.Hour; {
	case period <= day:
		return KeptTolerance
	case period <= 3*day:
		return 6
	case period <= 10*day:
		return 10
	}
	return 20
}

// builder takes fixes, or points that were thinned before, into a track.
type builder struct {
	track Track
	thin  Thinner
	judge Judge
	kept  float64 // tolerance of the points taken, beside the thinner's
}

func newBuilder(unit string, tolerance float64) *builder {
	b := &builder{track: Track{Unit: unit, Points: []Point{}}}
	b.thin = Thinner{Tolerance: tolerance, Emit: func(p Point) { b.track.Points = append(b.track.Points, p) }}
	return b
}

func (b *builder) fixes(part []fleet.Fix) error {
	for i := range part {
		switch f := &part[i]; {
		case b.judge.Take(f):
			b.track.Fixes++
			b.thin.Add(Point{Time: f.Time, Point: f.Point, Speed: f.Speed})
		case !f.Clean():
			b.track.Doubtful++
		}
	}
	return nil
}

func (b *builder) part(p Part) {
	b.track.Fixes += p.Track.Fixes
	b.track.Doubtful += p.Track.Doubtful
	b.kept = max(b.kept, p.Track.Tolerance)
	b.judge = Judge{}
	for _, x := range p.Track.Points {
		b.thin.Add(x)
	}
}

// done gives the track; one with too many points is thinned again. What is
// thinned twice may be off by both tolerances.
func (b *builder) done() Track {
	b.thin.Flush()
	t := b.track
	t.Tolerance = b.kept + b.thin.Tolerance
	for more := max(b.thin.Tolerance, 1); len(t.Points) > MaxPoints && more < 1000; more *= 2 {
		t.Points = Thin(t.Points, more)
		t.Tolerance += more
	}
	return t
}

// Of makes a part from a unit's fixes, which are in order; their flags are
// added to.
func Of(unit string, start, end time.Time, fixes []fleet.Fix) Part {
	b := newBuilder(unit, KeptTolerance)
	_ = b.fixes(fixes)
	return Part{start, end, b.done()}
}

// Read gives where a unit was in a period, thinned to about a tolerance: from
// what is kept of days that are over where that is fine enough, else from the
// fixes.
func Read(ctx context.Context, src Source, ubigeo, unit string, from, to time.Time, tolerance float64) (Track, error) {
	var parts []Part
	if tolerance > KeptTolerance {
		var err error
		if parts, err = src.Trails(ctx, ubigeo, unit, from, to); err != nil {
			return Track{}, err
		}
		tolerance -= KeptTolerance
	}
	b := newBuilder(unit, tolerance)
	for _, p := range parts {
		if p.Start.Before(from) {
			continue // days that were cut otherwise before: the fixes tell
		}
		if err := src.EachFixes(ctx, ubigeo, unit, from, p.Start, b.fixes); err != nil {
			return Track{}, err
		}
		b.part(p)
		from = p.End
	}
	if err := src.EachFixes(ctx, ubigeo, unit, from, to, b.fixes); err != nil {
		return Track{}, err
	}
	return b.done(), nil
}
