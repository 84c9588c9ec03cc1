package api

import (
	"sync"

	"github.com/serenazgo/serenazgo/api/tiles"
	"github.com/serenazgo/serenazgo/routing"
)

// tileSets holds the tiles of each district's present streets.
type tileSets struct {
	mu   sync.Mutex
	sets map[string]tileSet
}

type tileSet struct {
	version string
	set     *tiles.Set
}

// of gives the tiles of a version, making them when it is new.
func (t *tileSets) of(ubigeo, version string, g *routing.Graph) *tiles.Set {
	t.mu.Lock()
	defer t.mu.Unlock()
	if have, ok := t.sets[ubigeo]; ok && have.version == version {
		return have.set
	}
	if t.sets == nil {
		t.sets = map[string]tileSet{}
	}
	s := tiles.New(g)
	t.sets[ubigeo] = tileSet{version, s}
	return s
}
