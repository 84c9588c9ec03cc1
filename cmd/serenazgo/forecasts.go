package main

import (
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store"
)

// forecastRes is the H3 resolution of the cells that are forecast.
const forecastRes = 10

// forecast says where incidents are to be expected in a shift, from those known
// before it.
func forecast(ctx context.Context, st *store.Store, d fleet.District, shift fleet.Shift) (*hotspots.Surface, error) {
	target, err := forecastTarget(ctx, st, d, shift)
	if err != nil {
		return nil, err
	}
	f, err := fitForecast(ctx, st, d, target)
	if err != nil {
		return nil, err
	}
	return f.Surface(), nil
}

// forecastTarget is what is asked of a forecast of a shift, with the district's
// own model.
func forecastTarget(ctx context.Context, st *store.Store, d fleet.District, shift fleet.Shift) (hotspots.Target, error) {
	loc, err := d.Location()
	if err != nil {
		return hotspots.Target{}, err
	}
	model, err := st.ForecastModel(ctx, d.Ubigeo)
	return hotspots.Target{Start: shift.Start, End: shift.End, Loc: loc, Model: model}, err
}

// fitForecast fits the target's model to the incidents of the district.
func fitForecast(ctx context.Context, st *store.Store, d fleet.District, target hotspots.Target) (*hotspots.Fit, error) {
	grid, err := forecastGrid(d)
	if err != nil {
		return nil, err
	}
	until := target.Start
	if !target.Known.IsZero() {
		until = target.Known
	}
	incidents, err := st.Incidents(ctx, d.Ubigeo, time.Time{}, until)
	if err != nil {
		return nil, err
	}
	return hotspots.NewFit(grid, incidents, target)
}

// forecastGrid is the grid of a district's boundary.
func forecastGrid(d fleet.District) (*hotspots.Grid, error) {
	if len(d.Boundary) == 0 {
		return nil, fmt.Errorf("%w: district %s has no boundary yet: import its streets", fleet.ErrInvalid, d.Ubigeo)
	}
	return hotspots.NewGrid(d.Boundary, forecastRes)
}

// Limits of what is kept of forecasts.
const (
	fitsKept = 12  // of the last shifts that were asked for
	fitsAdd  = 500 // more incidents at once are worth a new fit
)

// forecasts keeps the fits that were asked for lately. Each is known by all that
// it depends on, so that it never answers for other incidents, another boundary
// or another model; incidents that came since are added to it.
type forecasts struct {
	st *store.Store

	mu   sync.Mutex
	kept []*keptFit // the last asked for last
}

type fitKey struct {
	ubigeo            string
	start, end, known time.Time
	model             string
	boundary          uint32
}

// keptFit is one that is kept; mu guards it while it is made or grows.
type keptFit struct {
	key     fitKey
	mu      sync.Mutex
	state   store.IncidentState
	fit     *hotspots.Fit
	surface *hotspots.Surface
}

// get gives the forecast of a shift as it is now. One whose shift has begun knows
// what has happened in it.
func (c *forecasts) get(ctx context.Context, d fleet.District, shift fleet.Shift, now time.Time) (*hotspots.Surface, error) {
	target, err := forecastTarget(ctx, c.st, d, shift)
	if err != nil {
		return nil, err
	}
	if now.After(shift.Start) && now.Before(shift.End) {
		target.Known = shift.End
	}
	// In UTC: instants of two readings of one time zone are not ==.
	k := c.find(fitKey{d.Ubigeo, target.Start.UTC(), target.End.UTC(), target.Known.UTC(), target.Model, boundarySum(d)})
	k.mu.Lock()
	defer k.mu.Unlock()
	state, err := c.st.IncidentState(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	if k.fit != nil && k.state == state {
		return k.surface, nil
	}
	grown := false
	if k.fit != nil {
		if grown, err = c.grow(ctx, d.Ubigeo, k, state); err != nil {
			return nil, err
		}
	}
	if !grown {
		k.fit = nil // what was added to it by halves is of no use
		fit, of, err := c.whole(ctx, d, target, state)
		if err != nil {
			return nil, err
		}
		k.fit, state = fit, of
	}
	k.state, k.surface = state, k.fit.Surface()
	return k.surface, nil
}

// find gives the fit of a key, a new one in the place of the one that was asked
// for longest ago.
func (c *forecasts) find(key fitKey) *keptFit {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.IndexFunc(c.kept, func(k *keptFit) bool { return k.key == key })
	var k *keptFit
	if at >= 0 {
		k = c.kept[at]
		c.kept = slices.Delete(c.kept, at, at+1)
	} else {
		k = &keptFit{key: key}
		c.kept = c.kept[max(0, len(c.kept)+1-fitsKept):]
	}
	c.kept = append(slices.Clip(c.kept), k)
	return k
}

// whole fits to all incidents. Where some come or go meanwhile it is not known
// which of them are in, so it is done again.
func (c *forecasts) whole(ctx context.Context, d fleet.District, target hotspots.Target, state store.IncidentState) (*hotspots.Fit, store.IncidentState, error) {
	for {
		fit, err := fitForecast(ctx, c.st, d, target)
		if err != nil {
			return nil, state, err
		}
		after, err := c.st.IncidentState(ctx, d.Ubigeo)
		if err != nil || after == state {
			return fit, state, err
		}
		state = after
	}
}

// grow adds to a fit the incidents that came since, if nothing else happened to
// them; false: a new fit is wanted.
func (c *forecasts) grow(ctx context.Context, ubigeo string, k *keptFit, state store.IncidentState) (bool, error) {
	more := state.Count - k.state.Count
	if more <= 0 || more > fitsAdd {
		return false, nil
	}
	ins, err := c.st.IncidentsSince(ctx, ubigeo, k.state.Changed, more+1)
	if err != nil || len(ins) != more {
		return false, err
	}
	for _, in := range ins {
		if !k.fit.Add(in) {
			return false, nil
		}
	}
	return true, nil
}

// boundarySum tells boundaries apart.
func boundarySum(d fleet.District) uint32 {
	h := crc32.NewIEEE()
	for _, poly := range d.Boundary {
		for _, ring := range poly {
			for _, p := range ring {
				fmt.Fprint(h, p[0], " ", p[1], ";")
			}
			fmt.Fprint(h, "|")
		}
	}
	return h.Sum32()
}
