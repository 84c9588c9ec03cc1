// Package profiles holds the thresholds by which patrols are judged, as named
// and versioned files: municipal practice and the product's own defaults, not
// law. A report names the profile that it was made with. The package reads and
// checks; what the numbers do is said where they are used.
//
// Units are in the keys: km/h, seconds, shares 0..1.
package profiles

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrProfile says that a profile cannot be used.
var ErrProfile = errors.New("unusable profile")

// DefaultName is the profile that counts where nobody chose one.
const DefaultName = "serenazgo-default"

//go:embed *.yaml
var files embed.FS

// Profile is one set of thresholds.
type Profile struct {
	Name     string `yaml:"name"`
	Version  int    `yaml:"version"`
	Official bool   `yaml:"official"` // a norm fixes the values
	Source   string `yaml:"source"`   // where they come from

	Coverage Coverage        `yaml:"coverage"`
	Motion   map[string]Band `yaml:"motion"` // by mode: car, motorcycle, bicycle, foot
	Link     Link            `yaml:"link"`

	// Compliance may be left out: the program's own thresholds count then.
	Compliance *Compliance `yaml:"compliance"`
	// Stops may be left out too.
	Stops *Stops `yaml:"stops"`
	// Review may be left out too.
	Review *Review `yaml:"review"`
	// Presence may be left out too.
	Presence *Presence `yaml:"presence"`
	// Planner may be left out too.
	Planner *Planner `yaml:"planner"`
}

// Planner says what a plan of rounds gives weight to.
type Planner struct {
	HotPerUnit   int     `yaml:"hot_cells_per_unit"`
	HotGapS      float64 `yaml:"hot_gap_s"`
	StopMinS     float64 `yaml:"stop_min_s"`
	StopMaxS     float64 `yaml:"stop_max_s"`
	StopShare    float64 `yaml:"stop_share"`
	ExploreShare float64 `yaml:"explore_share"`
	RiskShare    float64 `yaml:"risk_share"`
	RiskCap      float64 `yaml:"risk_cap"`
	PoliceShare  float64 `yaml:"police_share"`
	StaleShifts  int     `yaml:"stale_shifts"`
	PoolWorse    float64 `yaml:"pool_worse"`
}

// Review says how a joint review judges; its figures are in percent.
type Review struct {
	Green         float64              `yaml:"green"` // from here on
	Amber         float64              `yaml:"amber"`
	Bands         map[string][]float64 `yaml:"bands"` // of single indicators: green, amber
	HotMinutes    float64              `yaml:"hot_minutes"`
	HotGapMinutes float64              `yaml:"hot_gap_minutes"`
}

// Presence says what a joint review counts as presence, as late and as answered.
type Presence struct {
	SlotMinutes    float64 `yaml:"slot_minutes"`
	PresentMinutes float64 `yaml:"present_minutes"`
	ExpectedSlots  float64 `yaml:"expected_slots"`
	StreetShifts   float64 `yaml:"street_shifts"`
	LateFixS       float64 `yaml:"late_fix_s"`
	ArrivalM       float64 `yaml:"arrival_m"`
	ArrivalMaxMin  float64 `yaml:"arrival_max_min"`
	KnownWithinMin float64 `yaml:"known_within_min"`
}

// Compliance says when a unit has done what the plan asked of it.
type Compliance struct {
	LateS      float64 `yaml:"late_s"`
	KmPct      float64 `yaml:"km_pct"`
	StopsPct   float64 `yaml:"stops_pct"`
	MinutesPct float64 `yaml:"minutes_pct"`
}

// Stops says what of a unit's positions is a tactical stop.
type Stops struct {
	RadiusM  float64 `yaml:"radius_m"`
	SpeedKmh float64 `yaml:"speed_kmh"`
	SilenceS float64 `yaml:"silence_s"`
	EnoughS  float64 `yaml:"enough_s"`
}

// Coverage says when a street counts as patrolled.
type Coverage struct {
	Certain        float64 `yaml:"certain"`
	Probable       float64 `yaml:"probable"`
	Share          float64 `yaml:"share"`
	EndToEnd       float64 `yaml:"end_to_end"`
	PatrolSpeedKmh float64 `yaml:"patrol_speed_kmh"`
	PauseS         float64 `yaml:"pause_s"`
	SilenceS       float64 `yaml:"silence_s"`
	DriftS         float64 `yaml:"drift_s"`
	Resolutions    []int   `yaml:"resolutions"`
}

// Band bounds the speeds of patrolling in km/h: below it a unit stands, above
// it it is on its way.
type Band struct {
	PatrolFrom   float64 `yaml:"patrol_from"`
	TransitAbove float64 `yaml:"transit_above"`
}

// Link says when a unit is not heard any more.
type Link struct {
	StaleIntervals float64 `yaml:"stale_intervals"`
	StaleMinS      float64 `yaml:"stale_min_s"`
	OfflineAfterS  float64 `yaml:"offline_after_s"`
}

// ID names the profile in reports: "serenazgo-default/1".
func (p Profile) ID() string { return fmt.Sprintf("%s/%d", p.Name, p.Version) }

// Default gives the profile that counts where nobody chose one.
func Default() (Profile, error) { return Named(DefaultName) }

// Named gives a profile that the program brings along.
func Named(name string) (Profile, error) {
	data, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return Profile{}, fmt.Errorf("%w: there is no profile %q; the program brings along %s", ErrProfile, name, strings.Join(Names(), ", "))
	}
	return Read(bytes.NewReader(data), name+".yaml")
}

// Names lists the profiles that the program brings along.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	slices.Sort(out)
	return out
}

// maxBytes bounds a profile's file.
const maxBytes = 1 << 20

// Read reads a profile from YAML and checks it; file is what errors call it. A
// key that is not known, or a value that is missing, is an error: a threshold
// that silently keeps another value judges people by what nobody chose.
func Read(r io.Reader, file string) (Profile, error) {
	var p Profile
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return p, fmt.Errorf("read %s: %w", file, err)
	}
	if len(data) > maxBytes {
		return p, fmt.Errorf("%w: %s is larger than 1 MB", ErrProfile, file)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&p); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return p, fmt.Errorf("%w: %s: %w", ErrProfile, file, err)
	}
	if err := given(data); err != nil {
		return p, fmt.Errorf("%w: %s: %w", ErrProfile, file, err)
	}
	if err := p.Check(); err != nil {
		return p, fmt.Errorf("%w: %s: %w", ErrProfile, file, err)
	}
	return p, nil
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// modes are those that need a band each.
var modes = []string{"bicycle", "car", "foot", "motorcycle"}

// Check tells what is wrong with the profile.
func (p Profile) Check() error {
	if !nameForm.MatchString(p.Name) {
		return fmt.Errorf("name %q: give 1 to 64 lower-case letters, digits, '.' or '-'", p.Name)
	}
	if p.Version < 1 {
		return fmt.Errorf("version %d: give a whole number from 1, and a higher one with each change", p.Version)
	}
	if strings.TrimSpace(p.Source) == "" {
		return errors.New("source is missing: say where the values come from")
	}
	c := p.Coverage
	for _, v := range []struct {
		key    string
		v      float64
		lo, hi float64 // lo is excluded
	}{
		{"coverage.certain", c.Certain, 0, 1}, {"coverage.probable", c.Probable, 0, c.Certain},
		{"coverage.share", c.Share, 0, 1}, {"coverage.end_to_end", c.EndToEnd, 0, 1},
		{"coverage.patrol_speed_kmh", c.PatrolSpeedKmh, 0, 200},
		{"coverage.pause_s", c.PauseS, 0, 86400}, {"coverage.silence_s", c.SilenceS, 0, 86400}, {"coverage.drift_s", c.DriftS, -1, 86400},
		{"link.stale_intervals", p.Link.StaleIntervals, 0, 1000}, {"link.stale_min_s", p.Link.StaleMinS, 0, 86400},
		{"link.offline_after_s", p.Link.OfflineAfterS, 0, 7 * 86400},
	} {
		if !(v.v > v.lo && v.v <= v.hi) || math.IsInf(v.v, 0) {
			return fmt.Errorf("%s is %v: give a number above %v and up to %v", v.key, v.v, v.lo, v.hi)
		}
	}
	if c.EndToEnd < c.Share {
		return fmt.Errorf("coverage.end_to_end is %v, less than coverage.share %v", c.EndToEnd, c.Share)
	}
	if c.DriftS < 0 {
		return fmt.Errorf("coverage.drift_s is %v: give a number from 0", c.DriftS)
	}
	// The live page counts visits of cells of resolution 10.
	if !slices.Contains(c.Resolutions, 10) {
		return errors.New("coverage.resolutions must hold 10, the resolution of hot cells")
	}
	for i, r := range c.Resolutions {
		if r < 0 || r > 15 || slices.Contains(c.Resolutions[:i], r) {
			return fmt.Errorf("coverage.resolutions: %d: give 0 to 15, each once", r)
		}
	}
	for _, m := range modes {
		b, ok := p.Motion[m]
		if !ok {
			return fmt.Errorf("motion.%s is missing", m)
		}
		if !(b.PatrolFrom > 0 && b.TransitAbove > b.PatrolFrom && b.TransitAbove <= 200) {
			return fmt.Errorf("motion.%s: want 0 < patrol_from < transit_above ≤ 200 km/h, got %v and %v", m, b.PatrolFrom, b.TransitAbove)
		}
	}
	if len(p.Motion) > len(modes) {
		return fmt.Errorf("motion: the modes are %s", strings.Join(modes, ", "))
	}
	return nil
}
