package fleet

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// Link tells how well a unit is heard. Link and Motion are words of the API.
type Link string

// The states of a link.
//
//   - online: the newest position is not older than three expected intervals of
//     its device (and never less than 30 s);
//   - stale: it is older, or the device reports without a position, or this is
//     the first one after it was stale for up to as long again;
//   - offline: nothing at all has been received from the unit for 600 s, or it
//     was never heard.
//
// Position silence is "unknown where", not "absent".
const (
	LinkOnline  Link = "online"
	LinkStale   Link = "stale"
	LinkOffline Link = "offline"
)

// TrackerConfig sets up a Tracker; the zero value has the defaults above.
type TrackerConfig struct {
	StaleFactor     float64                // of the device's interval; default 3
	StaleMin        time.Duration          // default 30 s
	OfflineAfter    time.Duration          // default 600 s
	DefaultInterval time.Duration          // of a device that has none; default 10 s
	TrailLen        int                    // fixes kept per device; default 240 (40 min at 10 s)
	Bands           map[routing.Mode]Bands // default: DefaultBands of each mode
}

// UnitState is where a unit is and how it moves, as far as it is known. A
// device that belongs to no unit has a state of its own, with Unit empty.
type UnitState struct {
	Ubigeo, Unit, Device, CallSign string
	Mode                           routing.Mode
	HasFix                         bool // false: never seen; Fix is then zero
	Fix                            Fix  // the newest usable one
	Heard                          time.Time
	Link                           Link
	LinkSince                      time.Time // online: first fix after the last gap; else the last sign of life
	Motion                         Motion
	MotionSince                    time.Time
}

// Tracker keeps the live state of every unit. It is a function of the set of
// fixes it was given, not of their order: the newest fix time wins, a fix that
// comes twice or late never moves a unit (a late one takes its place in the
// trail). It holds no clock: every method takes the time.
//
// A fix dated after its own reception counts as of its reception, so that a
// device whose clock is ahead cannot pin its unit in the future.
//
// All methods may be called from several goroutines.
type Tracker struct {
	cfg TrackerConfig

	unitOf atomic.Pointer[map[string]map[string]string] // ubigeo → device → unit: asked for every fix, so without the lock

	mu       sync.Mutex
	rosters  map[string]roster // by ubigeo
	tracks   map[deviceKey]*track
	members  map[unitKey][]*track  // the tracks of each state
	reported map[unitKey]signature // what Apply and Tick said last
}

type deviceKey struct{ ubigeo, device string }

// unitKey names a state: by unit, or by device for a device without unit.
type unitKey struct{ ubigeo, unit, device string }

// roster is what the tracker knows of a district's fleet.
type roster struct {
	units    map[string]Unit
	unitOf   map[string]string // device → unit
	interval map[string]time.Duration
}

// signature is what makes two states differ for those who watch.
type signature struct {
	device, callSign       string
	time                   time.Time
	seq                    int64
	link                   Link
	motion                 Motion
	linkSince, motionSince time.Time
}

// NewTracker makes a tracker without units.
func NewTracker(cfg TrackerConfig) *Tracker {
	if cfg.StaleFactor <= 0 {
		cfg.StaleFactor = 3
	}
	if cfg.StaleMin <= 0 {
		cfg.StaleMin = 30 * time.Second
	}
	if cfg.OfflineAfter <= 0 {
		cfg.OfflineAfter = 600 * time.Second
	}
	if cfg.DefaultInterval <= 0 {
		cfg.DefaultInterval = 10 * time.Second
	}
	if cfg.TrailLen <= 0 {
		cfg.TrailLen = 240
	}
	return &Tracker{cfg: cfg, rosters: map[string]roster{}, tracks: map[deviceKey]*track{},
		members: map[unitKey][]*track{}, reported: map[unitKey]signature{}}
}

// SetFleet tells which units and devices a district has now, replacing what was
// said before. A device's Unit counts before a unit's Device.
func (t *Tracker) SetFleet(ubigeo string, units []Unit, devices []Device) {
	r := roster{units: map[string]Unit{}, unitOf: map[string]string{}, interval: map[string]time.Duration{}}
	for _, u := range units {
		r.units[u.ID] = u
		if u.Device != "" {
			r.unitOf[u.Device] = u.ID
		}
	}
	for _, d := range devices {
		if d.Unit != "" {
			r.unitOf[d.ID] = d.Unit
		}
		if d.Interval > 0 {
			r.interval[d.ID] = d.Interval
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rosters[ubigeo] = r
	unitOf := make(map[string]map[string]string, len(t.rosters))
	for u, r := range t.rosters {
		unitOf[u] = r.unitOf
	}
	t.unitOf.Store(&unitOf)
	for k, tr := range t.tracks {
		if k.ubigeo == ubigeo {
			t.place(tr)
		}
	}
}

// UnitOf names the unit that carries the device, "" if none is known.
func (t *Tracker) UnitOf(ubigeo, device string) string {
	if unitOf := t.unitOf.Load(); unitOf != nil {
		return (*unitOf)[ubigeo][device]
	}
	return ""
}

// Apply takes new fixes and gives the states that changed, in the order of
// district and unit.
func (t *Tracker) Apply(fresh []Fix, now time.Time) []UnitState {
	t.mu.Lock()
	defer t.mu.Unlock()
	told := map[*track]bool{}
	for _, f := range fresh {
		k := deviceKey{f.Ubigeo, f.Device}
		tr := t.tracks[k]
		if tr == nil {
			tr = &track{device: k}
			t.tracks[k] = tr
			t.place(tr)
		}
		tr.add(f, t.cfg.TrailLen, t.bands(t.rosters[f.Ubigeo].units[tr.state.unit].Mode))
		told[tr] = true
	}
	touched := map[unitKey]bool{}
	for tr := range told {
		tr.judge()
		t.place(tr)
		touched[tr.state] = true
	}
	return t.changed(touched, now)
}

// Tick lets time pass and gives the states that changed by it.
func (t *Tracker) Tick(now time.Time) []UnitState {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[unitKey]bool{}
	for k := range t.members {
		all[k] = true
	}
	return t.changed(all, now)
}

// Snapshot gives the state of every unit in service of a district, those never
// heard included, and of every device that reported without a unit.
func (t *Tracker) Snapshot(ubigeo string, now time.Time) []UnitState {
	t.mu.Lock()
	defer t.mu.Unlock()
	keys := map[unitKey]bool{}
	for id, u := range t.rosters[ubigeo].units {
		if u.Active {
			keys[unitKey{ubigeo: ubigeo, unit: id}] = true
		}
	}
	for k := range t.members {
		if k.ubigeo == ubigeo {
			keys[k] = true
		}
	}
	var out []UnitState
	for k := range keys {
		out = append(out, t.state(k, now))
	}
	sortStates(out)
	return out
}

// Silence is since when nothing was heard of a device.
type Silence struct {
	Ubigeo, Device string
	For            time.Duration
}

// Silences tells of every device that was ever heard, in order.
func (t *Tracker) Silences(now time.Time) []Silence {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Silence, 0, len(t.tracks))
	for k, tr := range t.tracks {
		out = append(out, Silence{k.ubigeo, k.device, max(now.Sub(tr.heard), 0)})
	}
	slices.SortFunc(out, func(a, b Silence) int {
		return cmp.Or(cmp.Compare(a.Ubigeo, b.Ubigeo), cmp.Compare(a.Device, b.Device))
	})
	return out
}

// Trail gives the newest usable fixes of a unit's device in time order.
func (t *Tracker) Trail(ubigeo, unit string) []Fix {
	t.mu.Lock()
	defer t.mu.Unlock()
	if best := newestOf(t.members[unitKey{ubigeo: ubigeo, unit: unit}]); best != nil {
		return slices.Clone(best.trail)
	}
	return nil
}

// place files a track under the state it belongs to: that of the unit which
// carries the device now, else of the unit its newest fix names, else its own.
func (t *Tracker) place(tr *track) {
	k := unitKey{ubigeo: tr.device.ubigeo, unit: t.rosters[tr.device.ubigeo].unitOf[tr.device.device]}
	if f, ok := tr.newest(); ok && k.unit == "" {
		k.unit = f.Unit
	}
	if k.unit == "" {
		k.device = tr.device.device
	}
	if k == tr.state {
		return
	}
	if old := slices.DeleteFunc(t.members[tr.state], func(o *track) bool { return o == tr }); len(old) > 0 {
		t.members[tr.state] = old
	} else {
		delete(t.members, tr.state)
	}
	tr.state = k
	t.members[k] = append(t.members[k], tr)
}

func (t *Tracker) bands(m routing.Mode) Bands {
	if b, ok := t.cfg.Bands[m]; ok {
		return b
	}
	return DefaultBands(m)
}

// changed gives the states under keys that differ from what was said last.
func (t *Tracker) changed(keys map[unitKey]bool, now time.Time) []UnitState {
	var out []UnitState
	for k := range keys {
		s := t.state(k, now)
		sig := signature{device: s.Device, callSign: s.CallSign, time: s.Fix.Time, seq: s.Fix.Seq,
			link: s.Link, motion: s.Motion, linkSince: s.LinkSince, motionSince: s.MotionSince}
		if t.reported[k] != sig {
			t.reported[k] = sig
			out = append(out, s)
		}
	}
	sortStates(out)
	return out
}

func sortStates(s []UnitState) {
	slices.SortFunc(s, func(a, b UnitState) int {
		return cmp.Or(cmp.Compare(a.Ubigeo, b.Ubigeo), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Device, b.Device))
	})
}
