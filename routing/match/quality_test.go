package match_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

type setting struct {
	name                        string
	mode                        routing.Mode
	drive                       drive
	recall, precision, matching float64 // least recall; least precision of what is certain, and of all
}

var settings = []setting{
	{"car 5 s 5 m", routing.Car, drive{speed: 5, interval: 5 * time.Second, noise: 5, memory: 0.7, report: true, stops: 0.02}, 0.99, 0.99, 0.98},
	{"car 5 s 10 m", routing.Car, drive{speed: 5, interval: 5 * time.Second, noise: 10, memory: 0.7, report: true, stops: 0.02}, 0.99, 0.985, 0.97},
	{"car 5 s 10 m, no course", routing.Car, drive{speed: 5, interval: 5 * time.Second, noise: 10, memory: 0.7, stops: 0.02}, 0.98, 0.975, 0.95},
	{"car 15 s 10 m", routing.Car, drive{speed: 6, interval: 15 * time.Second, noise: 10, memory: 0.5, report: true}, 0.95, 0.98, 0.97},
	{"car 30 s 10 m", routing.Car, drive{speed: 8, interval: 30 * time.Second, noise: 10, report: true}, 0.65, 0.87, 0.8},
	{"car 1 s 20 m", routing.Car, drive{speed: 5, interval: time.Second, noise: 20, memory: 0.97, report: true, stops: 0.02}, 0.87, 0.88, 0.83},
	{"foot 5 s 10 m", routing.Foot, drive{speed: 1.1, interval: 5 * time.Second, noise: 10, memory: 0.9, stops: 0.02}, 0.95, 0.96, 0.92},
}

func measure(t testing.TB, g *routing.Graph, s setting, drives, arcs int) score {
	t.Helper()
	var sum score
	r := rand.New(rand.NewPCG(7, 11))
	for range drives {
		fixes, truth := s.drive.fixes(g, wander(g, s.mode, r, arcs), r)
		ts, err := match.Match(g, match.DefaultConfig(s.mode), fixes)
		if err != nil {
			t.Fatal(err)
		}
		sum.add(g, truth, ts)
	}
	return sum
}

func TestQualityInACity(t *testing.T) {
	g := routingtest.City(routingtest.Usual(3, 25, 25))
	for _, s := range settings {
		t.Run(s.name, func(t *testing.T) { s.assert(t, measure(t, g, s, 10, 60)) })
	}
}
