package coverage

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// Unit is a unit on the roster of a shift.
type Unit struct {
	ID    string
	Force Force
	Mode  routing.Mode
	Duty  Window // when it should be heard; zero: it is followed, but not missed
}

// Counts tells what became of a unit's fixes.
type Counts struct {
	Used       int `json:"used"`       // given to the matcher
	Unusable   int `json:"unusable"`   // flagged: no position, or one that is worth nothing for a street
	Outside    int `json:"outside"`    // not in this shift
	Duplicates int `json:"duplicates"` // the same fix again, or a second one of the same instant
	Late       int `json:"late"`       // came after a newer one; the unit was matched anew
	OffNetwork int `json:"off_network"`
	Outliers   int `json:"outliers"`
	Breaks     int `json:"breaks"`
}

func (c *Counts) add(o Counts) {
	c.Used += o.Used
	c.Unusable += o.Unusable
	c.Outside += o.Outside
	c.Duplicates += o.Duplicates
	c.Late += o.Late
	c.OffNetwork += o.OffNetwork
	c.Outliers += o.Outliers
	c.Breaks += o.Breaks
}

// fixKey orders the fixes of a unit: by time, then by what tells two devices
// and two fixes of one instant apart.
type fixKey struct {
	time   time.Time
	device string
	seq    int64
}

func keyOf(f *fleet.Fix) fixKey { return fixKey{f.Time, f.Device, f.Seq} }

func (k fixKey) compare(o fixKey) int {
	return cmp.Or(k.time.Compare(o.time), strings.Compare(k.device, o.device), cmp.Compare(k.seq, o.seq))
}

// verdict is what is done with a fix.
type verdict uint8

const (
	taken verdict = iota
	ignored
	late // older than one that was taken
)

// track is a unit's fixes on their way through the matcher, in order.
type track struct {
	shift   fleet.Shift
	silence time.Duration

	m      *match.Matcher
	sieves map[string]*fleet.Sieve // by device
	newest fixKey
	signal Signal
	counts Counts
}

func newTrack(u Unit, set *Setup, cfg match.Config) (*track, error) {
	m, err := match.New(set.Graph, cfg)
	if err != nil {
		return nil, err
	}
	return &track{shift: set.Shift, silence: set.Config.Silence, m: m, sieves: map[string]*fleet.Sieve{}}, nil
}

// take gives the next fix to the matcher.
func (t *track) take(f *fleet.Fix) ([]match.Traversal, verdict, error) {
	v := t.admit(f)
	if v != taken {
		return nil, v, nil
	}
	ts, err := t.m.Feed(matchable(f))
	switch {
	case errors.Is(err, match.ErrTime):
		t.counts.Duplicates++
		return nil, ignored, nil
	case errors.Is(err, match.ErrFix):
		t.counts.Unusable++
		return nil, ignored, nil
	case err != nil:
		return nil, ignored, err
	}
	t.counts.Used++
	return ts, taken, nil
}

// admit hears a fix and tells whether it says where the unit was.
func (t *track) admit(f *fleet.Fix) verdict {
	switch {
	case !f.Usable():
		t.counts.Unusable++
		return ignored
	case !t.shift.Contains(f.Time):
		t.counts.Outside++
		return ignored
	}
	k := keyOf(f)
	switch d := k.compare(t.newest); {
	case d < 0:
		return late
	case d == 0:
		t.counts.Duplicates++
		return ignored
	}
	t.newest = k
	t.signal.Hear(f.Time, t.silence)
	sieve := t.sieves[f.Device]
	if sieve == nil {
		sieve = &fleet.Sieve{}
		t.sieves[f.Device] = sieve
	}
	if judged := f.Flags | sieve.Judge(*f); judged&fleet.Doubtful != 0 {
		t.counts.Unusable++ // it was heard, but not on which street
		return ignored
	}
	return taken
}

// matchable is what the matcher is told of a fix.
func matchable(f *fleet.Fix) match.Fix {
	return match.Fix{Time: f.Time, Point: f.Point, Speed: f.Speed, Course: f.Course, Accuracy: f.Accuracy}
}

// total gives the counts with the matcher's own.
func (t *track) total() Counts {
	c, s := t.counts, t.m.Stats()
	c.OffNetwork, c.Outliers, c.Breaks = s.OffNetwork, s.Outliers, s.Breaks
	return c
}

// takeAll matches fixes in any order, with duplicates, as they would have been
// when they came in order; it sorts them.
func takeAll(u Unit, set *Setup, fixes []fleet.Fix) (*track, []match.Traversal, error) {
	t, err := newTrack(u, set, set.matching(u.Mode))
	if err != nil {
		return nil, nil, err
	}
	sortFixes(fixes)
	var out []match.Traversal
	for i := range fixes {
		ts, _, err := t.take(&fixes[i])
		if err != nil {
			return nil, nil, err
		}
		out = append(out, ts...)
	}
	return t, out, nil
}

func sortFixes(fixes []fleet.Fix) {
	slices.SortStableFunc(fixes, func(a, b fleet.Fix) int { return keyOf(&a).compare(keyOf(&b)) })
}
