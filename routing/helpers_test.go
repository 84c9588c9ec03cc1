package routing_test

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

func lengthOf(l orb.LineString) float64 { return geo.Length(l) }
