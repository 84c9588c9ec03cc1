package main

import (
	"context"
	"errors"
	"sync"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/address"
	"github.com/serenazgo/serenazgo/store"
)

// gradeOf says in the words of hotspots how well an address is known.
var gradeOf = map[address.Grade]hotspots.Grade{address.Crossing: hotspots.GradeCrossing, address.Block: hotspots.GradeBlock, address.Street: hotspots.GradeStreet}

// locator finds addresses on the district's streets as they were imported; nil
// if there are none yet. The streets are read when the first address is asked
// for; an address is not found where they cannot be.
func locator(ctx context.Context, st *store.Store, d fleet.District) (func(string) (importer.Located, bool), error) {
	v, err := st.Streets(ctx, d.Ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	index := sync.OnceValue(func() *address.Index {
		g, err := routing.Decode(v.Graph)
		if err != nil {
			return nil
		}
		return address.New(g, centreOf(d, g))
	})
	return func(s string) (importer.Located, bool) {
		x := index()
		if x == nil {
			return importer.Located{}, false
		}
		p, ok := x.Find(s)
		return importer.Located{Point: p.Point, Grade: gradeOf[p.Grade]}, ok
	}, nil
}

// centreOf is where blocks are counted from: the middle of the district.
func centreOf(d fleet.District, g *routing.Graph) orb.Point {
	if len(d.Boundary) > 0 {
		return d.Boundary.Bound().Center()
	}
	b := g.Nodes[0].Point.Bound()
	for _, n := range g.Nodes {
		b = b.Extend(n.Point)
	}
	return b.Center()
}
