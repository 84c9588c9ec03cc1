package osm

import (
	"strings"

	"github.com/paulmach/osm"

	"github.com/serenazgo/serenazgo/routing"
)

// street is what the tags of a way say about it.
type street struct {
	class   routing.Class
	name    string
	surface string
	// forward and backward are who may go along the way's nodes and against
	// them; excluded is who the class would let in and the access tags do not.
	forward, backward, excluded routing.ModeSet
	oneway                      bool // for motor vehicles
	doubtful                    string
}

const motor = 1<<routing.Car | 1<<routing.Motorcycle

// vehicles are the modes that one-ways and turn restrictions bind.
const vehicles = motor | 1<<routing.Bicycle

// highways gives the class of a highway value. The drivable values are those a
// patrol plan counts; on foot come the ways where only people walk.
var highways = map[string]routing.Class{
	"motorway": routing.Motorway, "motorway_link": routing.Motorway,
	"trunk": routing.Trunk, "trunk_link": routing.Trunk,
	"primary": routing.Primary, "primary_link": routing.Primary,
	"secondary": routing.Secondary, "secondary_link": routing.Secondary,
	"tertiary": routing.Tertiary, "tertiary_link": routing.Tertiary,
	"residential":   routing.Residential,
	"unclassified":  routing.Unclassified,
	"living_street": routing.LivingStreet,
	"service":       routing.Service,
	"road":          routing.Road,

	"pedestrian": routing.Pedestrian,
	"track":      routing.Path, "path": routing.Path, "footway": routing.Path, "steps": routing.Path,
	"cycleway": routing.Path, "bridleway": routing.Path,
}

// readStreet reads a way's tags; ok is false if it is no street.
func readStreet(tags osm.Tags) (s street, ok bool) {
	kind := tags.Find("highway")
	class, ok := highways[kind]
	if !ok || tags.Find("area") == "yes" {
		return s, false
	}
	s.class, s.name, s.surface = class, streetName(tags), tags.Find("surface")
	along, against := directions(tags, &s)
	for _, m := range routing.Modes {
		bit := routing.SetOf(m)
		fwd, bwd := access(tags, m, "forward"), access(tags, m, "backward")
		admitted := class.Admits().Has(m)
		if m == routing.Bicycle && !class.Drivable() && kind != "steps" {
			// Bicycles may use cycleways, and walkers' ways where they are named.
			switch tags.Find("bicycle") {
			case "yes", "designated", "permissive":
				admitted = true
			default:
				admitted = kind == "cycleway"
			}
		}
		if !admitted {
			continue
		}
		if !fwd && !bwd {
			s.excluded |= bit
			continue
		}
		if fwd && along.Has(m) {
			s.forward |= bit
		}
		if bwd && against.Has(m) {
			s.backward |= bit
		}
	}
	return s, true
}

// accessKeys are the tags that decide for a mode, the most specific first.
var accessKeys = [...][]string{
	routing.Car:        {"motorcar", "motor_vehicle", "vehicle", "access"},
	routing.Motorcycle: {"motorcycle", "motor_vehicle", "vehicle", "access"},
	routing.Bicycle:    {"bicycle", "vehicle", "access"},
	routing.Foot:       {"foot", "access"},
}

// access tells whether the tags let m in, in a direction ("forward",
// "backward"); without a word about it they do.
func access(tags osm.Tags, m routing.Mode, direction string) bool {
	for _, k := range accessKeys[m] {
		for _, key := range [...]string{k + ":" + direction, k} {
			switch tags.Find(key) {
			case "":
				continue
			case "no", "private":
				return false
			default:
				return true
			}
		}
	}
	return true
}

// directions tells who may go along the way and who against it, by its
// one-way tags alone.
func directions(tags osm.Tags, s *street) (along, against routing.ModeSet) {
	along, against = routing.AllModes, routing.AllModes
	general := tags.Find("oneway")
	if general == "" && impliesOneway(tags) {
		general = "yes"
	}
	for _, m := range [...]routing.Mode{routing.Car, routing.Motorcycle, routing.Bicycle} {
		value := general
		keys := [...]string{"oneway:vehicle", "oneway:motor_vehicle", "oneway:" + tagName(m)}
		for i, k := range keys {
			if i == 1 && m == routing.Bicycle {
				continue
			}
			if v := tags.Find(k); v != "" {
				value = v
			}
		}
		if m == routing.Bicycle && tags.Find("oneway:bicycle") == "" && strings.HasPrefix(tags.Find("cycleway"), "opposite") {
			value = "no"
		}
		switch value {
		case "yes", "1", "true":
			against &^= routing.SetOf(m)
		case "-1", "reverse":
			along &^= routing.SetOf(m)
		case "", "no", "0", "false":
		case "reversible", "alternating":
			s.doubtful = "oneway=" + value + " changes with the hour; taken as two-way"
		default:
			s.doubtful = "oneway=" + value + " is not understood; taken as two-way"
		}
	}
	s.oneway = along.Has(routing.Car) != against.Has(routing.Car)
	return along, against
}

func impliesOneway(tags osm.Tags) bool {
	switch tags.Find("junction") {
	case "roundabout", "circular":
		return true
	}
	return tags.Find("highway") == "motorway"
}

// tagName is the map's word for a mode in keys.
func tagName(m routing.Mode) string {
	if m == routing.Car {
		return "motorcar"
	}
	return m.String()
}

// streetName takes the name, or the next best thing that people call it by.
func streetName(tags osm.Tags) string {
	for _, k := range [...]string{"name", "name:es", "official_name", "alt_name", "loc_name", "old_name", "ref"} {
		if v := strings.Join(strings.Fields(tags.Find(k)), " "); v != "" {
			return v
		}
	}
	return ""
}

// barrier is what stands on a node.
type barrier struct {
	blocks routing.ModeSet // who cannot pass
	gate   bool            // it opens
}

// openable barriers let everyone pass who is allowed; the others stop what is
// too wide for them.
var openable = map[string]bool{"gate": true, "lift_gate": true, "swing_gate": true, "sliding_gate": true, "hampshire_gate": true,
	"toll_booth": true, "border_control": true, "chain": true, "entrance": true, "sally_port": true, "kissing_gate": false}

var stopping = map[string]routing.ModeSet{
	"bollard": 1 << routing.Car, "block": 1 << routing.Car, "planter": 1 << routing.Car, "log": motor,
	"cycle_barrier": motor, "kissing_gate": vehicles, "stile": vehicles, "turnstile": vehicles, "full-height_turnstile": vehicles,
	"jersey_barrier": motor, "debris": motor, "wall": routing.AllModes, "fence": routing.AllModes, "hedge": routing.AllModes,
}

// readBarrier reads a node's tags; ok is false if nothing stands there that
// matters.
func readBarrier(tags osm.Tags) (b barrier, ok bool) {
	kind := tags.Find("barrier")
	if kind == "" {
		return b, false
	}
	b.gate = openable[kind] && kind != "entrance" && kind != "toll_booth" && kind != "border_control"
	for _, m := range routing.Modes {
		word, said := accessWord(tags, m)
		switch {
		case said && !word, !said && stopping[kind].Has(m):
			b.blocks |= routing.SetOf(m)
		}
	}
	return b, b.gate || b.blocks != 0
}

// accessWord gives what the access tags say for m, if they say anything.
func accessWord(tags osm.Tags, m routing.Mode) (allowed, said bool) {
	for _, k := range accessKeys[m] {
		if v := tags.Find(k); v != "" {
			return v != "no" && v != "private", true
		}
	}
	return true, false
}
