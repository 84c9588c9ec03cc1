package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveDistrict adds a district or replaces what is known of it.
func (s *Store) SaveDistrict(ctx context.Context, d fleet.District) error {
	if err := fleet.CheckUbigeo(d.Ubigeo); err != nil {
		return err
	}
	if _, err := d.Location(); err != nil {
		return err
	}
	var boundary []byte
	if len(d.Boundary) > 0 {
		var err error
		if boundary, err = wkb.Marshal(d.Boundary); err != nil {
			return fmt.Errorf("%w: boundary of district %s: %w", fleet.ErrInvalid, d.Ubigeo, err)
		}
	}
	_, err := s.exec(ctx, `INSERT INTO districts (ubigeo, name, province, time_zone, boundary, simulated, demo) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ubigeo) DO UPDATE SET name = excluded.name, province = excluded.province, time_zone = excluded.time_zone,
			boundary = excluded.boundary, simulated = excluded.simulated, demo = excluded.demo`,
		d.Ubigeo, clean(d.Name), clean(d.Province), d.TimeZone, boundary, d.Simulated, d.Demo)
	if err != nil {
		return fmt.Errorf("save district %s: %w", d.Ubigeo, err)
	}
	return nil
}

const districtColumns = `ubigeo, name, province, time_zone, boundary, simulated, demo`

func rowOfDistrict(r pgx.CollectableRow) (d fleet.District, err error) {
	var boundary []byte
	if err := r.Scan(&d.Ubigeo, &d.Name, &d.Province, &d.TimeZone, &boundary, &d.Simulated, &d.Demo); err != nil || boundary == nil {
		return d, err
	}
	g, err := wkb.Unmarshal(boundary)
	if err != nil {
		return d, fmt.Errorf("boundary of district %s: %w", d.Ubigeo, err)
	}
	mp, ok := g.(orb.MultiPolygon)
	if !ok {
		return d, fmt.Errorf("boundary of district %s is a %s", d.Ubigeo, g.GeoJSONType())
	}
	d.Boundary = mp
	return d, nil
}

// District gives one district.
func (s *Store) District(ctx context.Context, ubigeo string) (fleet.District, error) {
	return one(ctx, s, "district "+ubigeo, rowOfDistrict, `SELECT `+districtColumns+` FROM districts WHERE ubigeo = $1`, ubigeo)
}

// Districts gives all districts in the order of their codes.
func (s *Store) Districts(ctx context.Context) ([]fleet.District, error) {
	return list(ctx, s, rowOfDistrict, `SELECT `+districtColumns+` FROM districts ORDER BY ubigeo`)
}
