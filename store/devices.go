package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveDevice adds a device or replaces what is known of it, its identities
// included. An empty passwordHash keeps the one it has; a new device without
// one cannot log in. An identity that another device has is an error that wraps
// fleet.ErrConflict, and then nothing is changed.
func (s *Store) SaveDevice(ctx context.Context, d fleet.Device, passwordHash string) error {
	if d.ID == "" {
		return fmt.Errorf("%w: a device of district %s has no id", fleet.ErrInvalid, d.Ubigeo)
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error { return saveDevice(ctx, tx, d, passwordHash) })
	if err != nil {
		return fmt.Errorf("save device %s: %w", d.ID, err)
	}
	return nil
}

func saveDevice(ctx context.Context, tx pgx.Tx, d fleet.Device, passwordHash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO devices AS d (ubigeo, id, name, unit, "interval", gateway, clock_fix, known, password_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (ubigeo, id) DO UPDATE SET name = excluded.name, unit = excluded.unit, "interval" = excluded."interval",
			gateway = excluded.gateway, clock_fix = excluded.clock_fix, known = excluded.known,
			password_hash = CASE WHEN excluded.password_hash = '' THEN d.password_hash ELSE excluded.password_hash END,
			assigned_at = CASE WHEN d.unit = excluded.unit THEN d.assigned_at ELSE excluded.assigned_at END`,
		d.Ubigeo, d.ID, clean(d.Name), d.Unit, d.Interval, d.Gateway, d.ClockFix, d.Known, passwordHash)
	if err != nil {
		return err
	}
	kept := append([]string{}, d.Identities...) // never NULL
	if _, err := tx.Exec(ctx, `DELETE FROM device_identities WHERE ubigeo = $1 AND device = $2 AND NOT identity = ANY($3)`, d.Ubigeo, d.ID, kept); err != nil {
		return err
	}
	for _, name := range d.Identities {
		var owner string
		err := tx.QueryRow(ctx, `INSERT INTO device_identities AS i (ubigeo, identity, device) VALUES ($1, $2, $3)
			ON CONFLICT (ubigeo, identity) DO UPDATE SET device = i.device RETURNING device`, d.Ubigeo, name, d.ID).Scan(&owner)
		if err != nil {
			return err
		}
		if owner != d.ID {
			return fmt.Errorf("%w: the identity %q is that of device %s", fleet.ErrConflict, name, owner)
		}
	}
	return nil
}

const deviceColumns = `d.ubigeo, d.id, d.name, d.unit, d."interval", d.gateway, d.clock_fix, d.known, d.raw_days,
	ARRAY(SELECT identity FROM device_identities i WHERE i.ubigeo = d.ubigeo AND i.device = d.id ORDER BY identity)`

func scanDevice(r pgx.CollectableRow, more ...any) (d fleet.Device, err error) {
	err = r.Scan(append([]any{&d.Ubigeo, &d.ID, &d.Name, &d.Unit, &d.Interval, &d.Gateway, &d.ClockFix, &d.Known, &d.RawDays, &d.Identities}, more...)...)
	if len(d.Identities) == 0 {
		d.Identities = nil
	}
	return d, err
}

// Devices gives a district's devices in the order of their ids, also those
// that reported without having been registered.
func (s *Store) Devices(ctx context.Context, ubigeo string) ([]fleet.Device, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (fleet.Device, error) { return scanDevice(r) },
		`SELECT `+deviceColumns+` FROM devices d WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}

// DeviceLogin gives a registered device and the hash of its password, empty
// if it has none.
func (s *Store) DeviceLogin(ctx context.Context, ubigeo, device string) (fleet.Device, string, error) {
	var hash string
	d, err := one(ctx, s, "device "+ubigeo+"/"+device, func(r pgx.CollectableRow) (fleet.Device, error) { return scanDevice(r, &hash) },
		`SELECT `+deviceColumns+`, password_hash FROM devices d WHERE ubigeo = $1 AND id = $2 AND known`, ubigeo, device)
	return d, hash, err
}

// DeleteDevice takes a device out of the register: it cannot log in any more.
// Its fixes stay; if it goes on reporting, it is listed as unknown.
func (s *Store) DeleteDevice(ctx context.Context, ubigeo, device string) error {
	n, err := s.exec(ctx, `DELETE FROM devices WHERE ubigeo = $1 AND id = $2`, ubigeo, device)
	if err == nil && n == 0 {
		return fmt.Errorf("%w: device %s/%s", fleet.ErrNotFound, ubigeo, device)
	}
	s.seen.clear() // it may report again
	return err
}

// TopicRules gives how a district's topics are read, in the order in which the
// rules were made.
func (s *Store) TopicRules(ctx context.Context, ubigeo string) ([]fleet.TopicRule, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (t fleet.TopicRule, err error) {
		err = r.Scan(&t.Ubigeo, &t.Pattern, &t.Format, &t.Identity, &t.Note)
		return t, err
	}, `SELECT ubigeo, pattern, format, identity, note FROM topic_rules WHERE ubigeo = $1 ORDER BY n`, ubigeo)
}

// SaveTopicRule adds a rule, or replaces the one of its pattern.
func (s *Store) SaveTopicRule(ctx context.Context, t fleet.TopicRule) error {
	if err := fleet.CheckTopicRule(t); err != nil {
		return err
	}
	_, err := s.exec(ctx, `INSERT INTO topic_rules (ubigeo, pattern, format, identity, note) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ubigeo, pattern) DO UPDATE SET format = excluded.format, identity = excluded.identity, note = excluded.note`,
		t.Ubigeo, t.Pattern, t.Format, string(t.Identity), clean(t.Note))
	return err
}

// DeleteTopicRule takes a rule away.
func (s *Store) DeleteTopicRule(ctx context.Context, ubigeo, pattern string) error {
	n, err := s.exec(ctx, `DELETE FROM topic_rules WHERE ubigeo = $1 AND pattern = $2`, ubigeo, pattern)
	if err == nil && n == 0 {
		return fmt.Errorf("%w: topic rule %q", fleet.ErrNotFound, pattern)
	}
	return err
}
