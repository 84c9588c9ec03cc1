package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// SaveUnit adds a unit or replaces what is known of it. If Device is set, that
// device reports for this unit from now on, and is made if it is not there;
// otherwise the assignment of devices stays (see SaveDevice).
func (s *Store) SaveUnit(ctx context.Context, u fleet.Unit) error {
	if u.ID == "" {
		return fmt.Errorf("%w: a unit of district %s has no id", fleet.ErrInvalid, u.Ubigeo)
	}
	mode, err := u.Mode.MarshalText()
	if err != nil {
		return fmt.Errorf("%w: unit %s: %w", fleet.ErrInvalid, u.ID, err)
	}
	var lon, lat *float64
	if u.Base != (orb.Point{}) {
		lon, lat = &u.Base[0], &u.Base[1]
	}
	shifts := make([]string, len(u.Shifts))
	for i, c := range u.Shifts {
		shifts[i] = clean(c)
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if err := holdFences(ctx, tx, u.Ubigeo, u.Sectors); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO units (ubigeo, id, call_sign, mode, plate, base_lon, base_lat, shifts, integrated, active,
				hours_from, hours_to, max_km, sectors)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (ubigeo, id) DO UPDATE SET call_sign = excluded.call_sign, mode = excluded.mode, plate = excluded.plate,
				base_lon = excluded.base_lon, base_lat = excluded.base_lat, shifts = excluded.shifts,
				integrated = excluded.integrated, active = excluded.active, hours_from = excluded.hours_from,
				hours_to = excluded.hours_to, max_km = excluded.max_km, sectors = excluded.sectors`,
			u.Ubigeo, u.ID, clean(u.CallSign), string(mode), clean(u.Plate), lon, lat, shifts, u.Integrated, u.Active,
			u.From, u.To, u.MaxKm, append([]string{}, u.Sectors...))
		if err != nil || u.Device == "" {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO devices AS d (ubigeo, id, unit, known) VALUES ($1, $2, $3, true)
			ON CONFLICT (ubigeo, id) DO UPDATE SET unit = excluded.unit, known = true, assigned_at = clock_timestamp()
			WHERE d.unit <> excluded.unit OR NOT d.known`, u.Ubigeo, u.Device, u.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("save unit %s: %w", u.ID, err)
	}
	return nil
}

// Units gives a district's units in the order of their ids; Device is the one
// assigned last.
func (s *Store) Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (u fleet.Unit, err error) {
		var mode string
		var lon, lat *float64
		err = r.Scan(&u.Ubigeo, &u.ID, &u.CallSign, &mode, &u.Plate, &lon, &lat, &u.Shifts, &u.Integrated, &u.Active,
			&u.From, &u.To, &u.MaxKm, &u.Sectors, &u.Device)
		if err != nil {
			return u, err
		}
		if lon != nil && lat != nil {
			u.Base = orb.Point{*lon, *lat}
		}
		if len(u.Shifts) == 0 {
			u.Shifts = nil
		}
		if len(u.Sectors) == 0 {
			u.Sectors = nil
		}
		u.Mode, err = routing.ParseMode(mode)
		return u, err
	}, `SELECT ubigeo, id, call_sign, mode, plate, base_lon, base_lat, shifts, integrated, active,
			hours_from, hours_to, max_km, sectors,
			coalesce((SELECT d.id FROM devices d WHERE d.ubigeo = u.ubigeo AND d.unit = u.id ORDER BY assigned_at DESC, d.id LIMIT 1), '')
		FROM units u WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}
