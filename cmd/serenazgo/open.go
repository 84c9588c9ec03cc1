package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
)

// open opens the store beside a service that may be running on it. Close it
// when done.
func (f dataFlags) open(ctx context.Context) (*store.Store, func(), error) {
	st, err := store.Open(ctx, store.Config{Data: f.folder(), URL: f.Database, Share: true, MaxConns: 4, Logger: logger(slog.LevelWarn)})
	if err != nil {
		return nil, nil, err
	}
	return st, st.Close, nil
}

// openDistrict opens the store and finds the district.
func (f storeFlags) openDistrict(ctx context.Context) (*store.Store, fleet.District, func(), error) {
	st, done, err := f.open(ctx)
	if err != nil {
		return nil, fleet.District{}, nil, err
	}
	d, err := f.district(ctx, st)
	if err != nil {
		done()
		return nil, fleet.District{}, nil, err
	}
	return st, d, done, nil
}

// district finds the district that --ubigeo names, or the only one.
func (f storeFlags) district(ctx context.Context, st *store.Store) (fleet.District, error) {
	if f.Ubigeo != "" {
		if err := fleet.CheckUbigeo(f.Ubigeo); err != nil {
			return fleet.District{}, badInput(err)
		}
		d, err := st.District(ctx, f.Ubigeo)
		if err != nil {
			return d, badInputf("district %s: %w; import its streets first: serenazgo import streets FILE --boundary GEOJSON --ubigeo %s", f.Ubigeo, err, f.Ubigeo)
		}
		return d, nil
	}
	ds, err := st.Districts(ctx)
	if err != nil {
		return fleet.District{}, err
	}
	switch len(ds) {
	case 0:
		return fleet.District{}, badInputf("the store holds no district yet; begin with: serenazgo import streets FILE --boundary GEOJSON")
	case 1:
		return ds[0], nil
	}
	var codes []string
	for _, d := range ds {
		codes = append(codes, fmt.Sprintf("%s (%s)", d.Ubigeo, d.Name))
	}
	return fleet.District{}, badInputf("the store holds several districts; choose one with --ubigeo: %s", strings.Join(codes, ", "))
}
