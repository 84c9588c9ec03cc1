package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// streetCache keeps each district's current streets decoded.
type streetCache struct {
	st  *store.Store
	mu  sync.Mutex
	has map[string]cachedStreets
	age map[string]int // times that a district was forgotten
}

type cachedStreets struct {
	version string
	graph   *routing.Graph
}

func newStreetCache(st *store.Store) *streetCache {
	return &streetCache{st: st, has: map[string]cachedStreets{}, age: map[string]int{}}
}

// forget has the district's streets read anew.
func (c *streetCache) forget(ubigeo string) {
	c.mu.Lock()
	delete(c.has, ubigeo)
	c.age[ubigeo]++
	c.mu.Unlock()
}

// read gives a district's streets as they were imported.
func (c *streetCache) read(ctx context.Context, d fleet.District) (cachedStreets, error) {
	c.mu.Lock()
	has, ok := c.has[d.Ubigeo]
	age := c.age[d.Ubigeo]
	c.mu.Unlock()
	if !ok {
		v, err := c.st.Streets(ctx, d.Ubigeo)
		if err != nil {
			return has, err
		}
		g, err := routing.Decode(v.Graph)
		if err != nil {
			return has, fmt.Errorf("streets %s of district %s: %w", v.Version, d.Ubigeo, err)
		}
		has = cachedStreets{v.Version, g}
		c.mu.Lock()
		if c.age[d.Ubigeo] == age { // else it may be an old version that was read
			c.has[d.Ubigeo] = has
		}
		c.mu.Unlock()
	}
	return has, nil
}

// get gives a district's streets with its corrections applied for a window. The
// name of the version changes with the corrections that are in force in it, so
// that tiles and presence arrays of one name belong together.
func (c *streetCache) get(ctx context.Context, d fleet.District, window [2]time.Time) (*routing.Graph, string, error) {
	has, err := c.read(ctx, d)
	if err != nil {
		return nil, "", err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, "", err
	}
	cs, err := c.st.Corrections(ctx, d.Ubigeo)
	if err != nil || len(cs) == 0 {
		return has.graph, has.version, err
	}
	g, results, err := routing.Apply(has.graph, cs, window, loc)
	if err != nil {
		return nil, "", err
	}
	in, err := json.Marshal([]any{cs, results})
	if err != nil {
		return nil, "", err
	}
	return g, fmt.Sprintf("%s.%08x", has.version, crc32.ChecksumIEEE(in)), nil
}

// Corrected tells what became of each of the district's corrections on the
// streets of the last import.
func (p *planner) Corrected(ctx context.Context, d fleet.District) ([]routing.CorrectionResult, error) {
	cs, err := p.a.store.Corrections(ctx, d.Ubigeo)
	if err != nil || len(cs) == 0 {
		return nil, err
	}
	has, err := p.a.streets.read(ctx, d)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	_, results, err := routing.Apply(has.graph, cs, [2]time.Time{}, loc)
	return results, err
}
