package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveDevice adds a device or replaces what is known of it. An empty
// passwordHash keeps the one it has; a new device without one cannot log in.
func (s *Store) SaveDevice(ctx context.Context, d fleet.Device, passwordHash string) error {
	if d.ID == "" {
		return fmt.Errorf("%w: a device of district %s has no id", fleet.ErrInvalid, d.Ubigeo)
	}
	_, err := s.exec(ctx, `INSERT INTO devices AS d (ubigeo, id, unit, "interval", known, password_hash) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (ubigeo, id) DO UPDATE SET unit = excluded.unit, "interval" = excluded."interval", known = excluded.known,
			password_hash = CASE WHEN excluded.password_hash = '' THEN d.password_hash ELSE excluded.password_hash END,
			assigned_at = CASE WHEN d.unit = excluded.unit THEN d.assigned_at ELSE excluded.assigned_at END`,
		d.Ubigeo, d.ID, d.Unit, d.Interval, d.Known, passwordHash)
	if err != nil {
		return fmt.Errorf("save device %s: %w", d.ID, err)
	}
	return nil
}

// Devices gives a district's devices in the order of their ids, also those
// that reported without having been registered.
func (s *Store) Devices(ctx context.Context, ubigeo string) ([]fleet.Device, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (d fleet.Device, err error) {
		err = r.Scan(&d.Ubigeo, &d.ID, &d.Unit, &d.Interval, &d.Known)
		return d, err
	}, `SELECT ubigeo, id, unit, "interval", known FROM devices WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}

// DeviceLogin gives a registered device and the hash of its password, empty
// if it has none.
func (s *Store) DeviceLogin(ctx context.Context, ubigeo, device string) (fleet.Device, string, error) {
	var hash string
	d, err := one(ctx, s, "device "+ubigeo+"/"+device, func(r pgx.CollectableRow) (d fleet.Device, err error) {
		err = r.Scan(&d.Ubigeo, &d.ID, &d.Unit, &d.Interval, &d.Known, &hash)
		return d, err
	}, `SELECT ubigeo, id, unit, "interval", known, password_hash FROM devices WHERE ubigeo = $1 AND id = $2 AND known`, ubigeo, device)
	return d, hash, err
}
