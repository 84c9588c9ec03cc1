package mqtt

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/serenazgo/serenazgo/fleet"
)

// Registry knows how messages are read and whom they are from: the topics of
// the package comment, which hold everywhere, and each district's own rules and
// devices, which may change while messages come in.
type Registry struct {
	mu        sync.Mutex // of writers
	districts atomic.Pointer[map[string]*directory]
	watchers  []func()
}

// builtin are the topics that need no rule: district and device stand in them.
var builtin = []struct {
	pattern  string
	decoders []Decoder
}{
	{"serenazgo/{ubigeo}/{device}/pos", byShape},
	{"owntracks/{ubigeo}/{device}/#", []Decoder{OwnTracks{}}},
}

// directory is what is known of a district.
type directory struct {
	rules   []fleet.TopicRule
	devices map[string]fleet.Device // registered ones, by id
	names   map[string]string       // identity → id
	raw     bool                    // payloads of one of them are kept
}

// NewRegistry makes a registry that knows the built-in topics only.
func NewRegistry() *Registry {
	r := &Registry{}
	r.districts.Store(&map[string]*directory{})
	return r
}

// Set tells which rules and devices a district has now, in place of what was
// said before. Devices that nobody registered may be among them; they do not
// count.
func (r *Registry) Set(ubigeo string, rules []fleet.TopicRule, devices []fleet.Device) {
	d := &directory{rules: slices.Clone(rules), devices: map[string]fleet.Device{}, names: map[string]string{}}
	for _, dev := range devices {
		if !dev.Known {
			continue
		}
		d.devices[dev.ID] = dev
		d.raw = d.raw || dev.RawDays > 0
		for _, name := range dev.Identities {
			d.names[name] = dev.ID
		}
	}
	r.mu.Lock()
	before := r.Filters()
	next := maps.Clone(*r.districts.Load())
	next[ubigeo] = d
	r.districts.Store(&next)
	changed := !slices.Equal(before, r.Filters())
	watchers := r.watchers
	r.mu.Unlock()
	if changed {
		for _, w := range watchers {
			w()
		}
	}
}

// onFilters has f called after the filters changed.
func (r *Registry) onFilters(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers = append(r.watchers, f)
}

// Filters are the MQTT filters that bring every topic of the rules.
func (r *Registry) Filters() []string {
	var out []string
	for _, b := range builtin {
		out = append(out, filterOf(b.pattern))
	}
	var own []string
	for _, d := range *r.districts.Load() {
		for _, rule := range d.rules {
			own = append(own, filterOf(rule.Pattern))
		}
	}
	slices.Sort(own)
	for _, f := range slices.Compact(own) {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// route is where a message may belong: the district, how it is read, and what
// its topic or login calls the device ("" if its payload says it).
type route struct {
	ubigeo   string
	decoders []Decoder
	identity string
	exact    bool // identity is a device's id, not another name of it
	payload  bool // the payload may name another device
}

// routes lists where a message may belong, at least one, or says why none.
func (r *Registry) routes(m Message) ([]route, error) {
	ubigeo, device := "", ""
	if m.User != "" {
		var err error
		if ubigeo, device, err = ParseDeviceUser(m.User); err != nil {
			return nil, err
		}
	}
	if m.Format == "" && isOwnPos(m.Topic, m.User) {
		return []route{{ubigeo: ubigeo, decoders: byShape, identity: device, exact: true}}, nil
	}
	districts := *r.districts.Load()
	gateway := m.User != "" && districts[ubigeo].gateway(device)
	if m.Format != "" {
		if m.User == "" || decodersOf(m.Format) == nil {
			return nil, fmt.Errorf("%s payloads need a login", brief(m.Format))
		}
		return []route{{ubigeo: ubigeo, decoders: decodersOf(m.Format), identity: device, exact: true, payload: gateway}}, nil
	}
	var why error
	for _, b := range builtin {
		u, d, ok := identify(b.pattern, m.Topic)
		if !ok {
			continue
		}
		if why = checkOwner(u, d); why == nil {
			return []route{{ubigeo: u, decoders: b.decoders, identity: d, exact: true}}, nil
		}
	}
	var out []route
	for _, u := range slices.Sorted(maps.Keys(districts)) {
		if m.User != "" && u != ubigeo {
			continue
		}
		for _, rule := range districts[u].rules {
			_, named, ok := identify(rule.Pattern, m.Topic)
			if !ok {
				continue
			}
			w := route{ubigeo: u, decoders: decodersOf(rule.Format), identity: named, payload: rule.Identity == fleet.IdentityPayload}
			switch {
			case m.User != "" && !gateway:
				w.identity, w.exact, w.payload = device, true, false
			case rule.Identity == fleet.IdentityLogin && m.User == "":
				why = fmt.Errorf("the rule %q takes the device from the login, which an external broker does not tell; name the device in the topic or the payload", rule.Pattern)
				continue
			case rule.Identity == fleet.IdentityLogin:
				w.identity, w.exact = device, true
			}
			if w.decoders != nil {
				out = append(out, w)
			}
			break // the first rule that fits counts
		}
	}
	switch {
	case len(out) > 0:
		return out, nil
	case why != nil:
		return nil, fmt.Errorf("topic %q: %w", brief(m.Topic), why)
	}
	return nil, fmt.Errorf("topic %q is of no known form; add a topic rule for it", brief(m.Topic))
}

func checkOwner(ubigeo, device string) error {
	if err := fleet.CheckUbigeo(ubigeo); err != nil {
		return err
	}
	return fleet.CheckDeviceID(device)
}

func (d *directory) gateway(device string) bool { return d != nil && d.devices[device].Gateway }

// knows gives the id of the device that others call by this name, and whether
// it is registered.
func (d *directory) knows(name string) (id string, ok bool) {
	if d == nil {
		return "", false
	}
	if id, ok = d.names[name]; ok {
		return id, true
	}
	id = fleet.DeviceIDOf(name)
	_, ok = d.devices[id]
	return id, ok
}

// Decode gives the fixes of a message, ready to store, and its rejects. The
// ubigeo is that of the rejects. The name of the decoder that took it is ""
// when none did.
func (r *Registry) Decode(m Message) (d Decoded, ubigeo, decoder string) {
	routes, err := r.routes(m)
	if err != nil {
		d.rejectAs(fleet.LetterSender, m.Payload, "%v", err)
		if u, _, err := ParseDeviceUser(m.User); err == nil {
			ubigeo = u
		} else if u, _, ok := identify(builtin[0].pattern, m.Topic); ok && fleet.CheckUbigeo(u) == nil {
			ubigeo = u
		}
		return d, ubigeo, ""
	}
	d, decoder = read(routes[0].decoders, m.Payload)
	districts := *r.districts.Load()
	good := d.Fixes[:0]
	called, several := "", false
	for _, f := range d.Fixes {
		if f.Device != "" && called != "" && f.Device != called {
			several = true
		}
		called = f.Device
	}
	if several && !routes[0].payload {
		d.Fixes = nil
		d.rejectAs(fleet.LetterSender, m.Payload, "the payload holds fixes of several devices, and only a gateway device, or a topic rule with its identity in the payload, may send them")
		return d, routes[0].ubigeo, decoder
	}
	for _, f := range d.Fixes {
		f, err := assign(f, routes, districts)
		if err != nil {
			d.rejectAs(fleet.LetterSender, m.Payload, "%v", err)
			continue
		}
		f.Received = m.Received
		if err := fleet.Normalise(&f); err != nil {
			d.reject(m.Payload, "%v", err)
			continue
		}
		good = append(good, f)
	}
	d.Fixes = good
	return d, routes[0].ubigeo, decoder
}

// assign finds the district and device of a fix: where several districts have a
// rule for the topic, the one that registered the device, else the first.
func assign(f fleet.Fix, routes []route, districts map[string]*directory) (fleet.Fix, error) {
	name := f.Device
	var chosen *route
	for i := range routes {
		w := &routes[i]
		called := w.identity
		// A gateway may name itself too, by its user name.
		named := w.payload && name != "" && name != DeviceUser(w.ubigeo, w.identity)
		if named {
			called = name
		}
		if called == "" {
			continue
		}
		id, ok := called, true
		if !w.exact || named {
			id, ok = districts[w.ubigeo].knows(called)
			if own, user := strings.CutPrefix(called, w.ubigeo+"/"); !ok && user && fleet.CheckDeviceID(own) == nil {
				id, ok = districts[w.ubigeo].knows(own) // by its user name, as the device itself writes it
			}
		}
		if ok || chosen == nil {
			chosen = w
			if id == "" {
				id = fleet.DeviceIDOf(called)
			}
			f.Ubigeo, f.Device = w.ubigeo, id
		}
		if ok {
			break
		}
	}
	if chosen == nil {
		return f, fmt.Errorf("the payload does not say which device it is from, and the topic rule expects that")
	}
	if dir := districts[f.Ubigeo]; dir != nil && !f.Time.IsZero() {
		f.Time = f.Time.Add(dir.devices[f.Device].ClockFix)
	}
	return f, nil
}
