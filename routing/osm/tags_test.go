package osm

import (
	"testing"

	"github.com/serenazgo/serenazgo/routing"
)

func TestReadStreet(t *testing.T) {
	const (
		car  = 1 << routing.Car
		moto = 1 << routing.Motorcycle
		bike = 1 << routing.Bicycle
		foot = 1 << routing.Foot
		all  = car | moto | bike | foot
	)
	tests := []struct {
		tags              []string
		none              bool
		class             routing.Class
		forward, backward routing.ModeSet
		excluded          routing.ModeSet
		name              string
	}{
		{tags: []string{"highway", "residential", "name", "Jr.  Unión "}, class: routing.Residential, forward: all, backward: all, name: "Jr. Unión"},
		{tags: []string{"highway", "primary_link", "ref", "PE-1N"}, class: routing.Primary, forward: all, backward: all, name: "PE-1N"},
		{tags: []string{"highway", "motorway"}, class: routing.Motorway, forward: car | moto},
		{tags: []string{"highway", "motorway", "oneway", "no"}, class: routing.Motorway, forward: car | moto, backward: car | moto},
		{tags: []string{"highway", "residential", "oneway", "yes"}, class: routing.Residential, forward: all, backward: foot},
		{tags: []string{"highway", "residential", "oneway", "-1"}, class: routing.Residential, forward: foot, backward: all},
		{tags: []string{"highway", "residential", "oneway", "reverse"}, class: routing.Residential, forward: foot, backward: all},
		{tags: []string{"highway", "residential", "oneway", "yes", "oneway:bicycle", "no"}, class: routing.Residential, forward: all, backward: foot | bike},
		{tags: []string{"highway", "residential", "oneway", "yes", "cycleway", "opposite_lane"}, class: routing.Residential, forward: all, backward: foot | bike},
		{tags: []string{"highway", "tertiary", "junction", "roundabout"}, class: routing.Tertiary, forward: all, backward: foot},
		{tags: []string{"highway", "tertiary", "oneway", "reversible"}, class: routing.Tertiary, forward: all, backward: all},
		{tags: []string{"highway", "service", "access", "private"}, class: routing.Service, excluded: all},
		{tags: []string{"highway", "service", "access", "no", "foot", "yes"}, class: routing.Service, forward: foot, backward: foot, excluded: car | moto | bike},
		{tags: []string{"highway", "service", "access", "private", "motor_vehicle", "yes"}, class: routing.Service, forward: car | moto, backward: car | moto, excluded: bike | foot},
		{tags: []string{"highway", "residential", "motor_vehicle", "no"}, class: routing.Residential, forward: bike | foot, backward: bike | foot, excluded: car | moto},
		{tags: []string{"highway", "residential", "motorcycle", "no"}, class: routing.Residential, forward: car | bike | foot, backward: car | bike | foot, excluded: moto},
		{tags: []string{"highway", "residential", "vehicle:backward", "no"}, class: routing.Residential, forward: all, backward: foot},
		{tags: []string{"highway", "residential", "access", "customers"}, class: routing.Residential, forward: all, backward: all},
		{tags: []string{"highway", "steps"}, class: routing.Path, forward: foot, backward: foot},
		{tags: []string{"highway", "steps", "bicycle", "yes"}, class: routing.Path, forward: foot, backward: foot},
		{tags: []string{"highway", "footway", "bicycle", "designated"}, class: routing.Path, forward: foot | bike, backward: foot | bike},
		{tags: []string{"highway", "cycleway"}, class: routing.Path, forward: foot | bike, backward: foot | bike},
		{tags: []string{"highway", "pedestrian", "motor_vehicle", "yes"}, class: routing.Pedestrian, forward: foot, backward: foot},
		{tags: []string{"highway", "track"}, class: routing.Path, forward: foot, backward: foot},
		{tags: []string{"highway", "construction"}, none: true},
		{tags: []string{"highway", "pedestrian", "area", "yes"}, none: true},
		{tags: []string{"waterway", "river"}, none: true},
	}
	for _, tt := range tests {
		s, ok := readStreet(rawTags(tt.tags...))
		if ok == tt.none {
			t.Errorf("%v: a street: %v", tt.tags, ok)
			continue
		}
		if ok && (s.class != tt.class || s.forward != tt.forward || s.backward != tt.backward || s.excluded != tt.excluded || s.name != tt.name) {
			t.Errorf("%v: %v forward %04b backward %04b excluded %04b %q", tt.tags, s.class, s.forward, s.backward, s.excluded, s.name)
		}
	}
}

func TestReadBarrier(t *testing.T) {
	tests := []struct {
		tags   []string
		blocks routing.ModeSet
		gate   bool
	}{
		{tags: []string{"barrier", "gate"}, gate: true},
		{tags: []string{"barrier", "gate", "access", "private"}, gate: true, blocks: routing.AllModes},
		{tags: []string{"barrier", "lift_gate", "motor_vehicle", "no"}, gate: true, blocks: motor},
		{tags: []string{"barrier", "bollard"}, blocks: routing.SetOf(routing.Car)},
		{tags: []string{"barrier", "bollard", "motor_vehicle", "yes"}},
		{tags: []string{"barrier", "fence"}, blocks: routing.AllModes},
		{tags: []string{"barrier", "toll_booth"}},
		{tags: []string{"highway", "crossing"}},
	}
	for _, tt := range tests {
		b, _ := readBarrier(rawTags(tt.tags...))
		if b.blocks != tt.blocks || b.gate != tt.gate {
			t.Errorf("%v: %+v", tt.tags, b)
		}
	}
}
