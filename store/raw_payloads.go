package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SetRawDays says for how many days the payloads of a registered device are
// kept, 0: none, and forgets what is older.
func (s *Store) SetRawDays(ctx context.Context, ubigeo, device string, days int, audit fleet.AuditRow) error {
	if days < 0 || days > fleet.MaxRawDays {
		return fmt.Errorf("%w: payloads are kept for 0 to %d days, not %d", fleet.ErrInvalid, fleet.MaxRawDays, days)
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE devices SET raw_days = $3 WHERE ubigeo = $1 AND id = $2 AND known`, ubigeo, device, days)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: device %s/%s", fleet.ErrNotFound, ubigeo, device)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM raw_payloads WHERE ubigeo = $1 AND device = $2 AND ($4 = 0 OR received < $3)`,
			ubigeo, device, micros(s.now().AddDate(0, 0, -days)), days); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// SaveRaw keeps payloads of devices that still want it.
func (s *Store) SaveRaw(ctx context.Context, ps []fleet.RawPayload) error {
	var b pgx.Batch
	for _, p := range ps {
		fixes, err := json.Marshal(append([]fleet.RawFix{}, p.Fixes...))
		if err != nil {
			return fmt.Errorf("payload of device %s: %w", p.Device, err)
		}
		rejects := make([]string, len(p.Rejects))
		for i, r := range p.Rejects {
			rejects[i] = clean(r)
		}
		b.Queue(`INSERT INTO raw_payloads (ubigeo, device, received, topic, client, decoder, bytes, payload, fixes, rejects)
			SELECT ubigeo, id, $3, $4, $5, $6, $7, $8, $9::json, $10 FROM devices WHERE ubigeo = $1 AND id = $2 AND raw_days > 0`,
			p.Ubigeo, p.Device, micros(p.Received), clean(p.Topic), clean(p.Client), p.Decoder, p.Bytes, append([]byte{}, p.Payload...), string(fixes), rejects)
	}
	return s.inTx(ctx, func(tx pgx.Tx) error { return tx.SendBatch(ctx, &b).Close() })
}

// RawPayloads gives the payloads that are kept of a device, the last first.
func (s *Store) RawPayloads(ctx context.Context, ubigeo, device string, limit int) ([]fleet.RawPayload, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (p fleet.RawPayload, err error) {
		var fixes []byte
		if err := r.Scan(&p.ID, &p.Ubigeo, &p.Device, &p.Received, &p.Topic, &p.Client, &p.Decoder, &p.Bytes, &p.Payload, &fixes, &p.Rejects); err != nil {
			return p, err
		}
		p.Received = p.Received.UTC()
		return p, json.Unmarshal(fixes, &p.Fixes)
	}, `SELECT id, ubigeo, device, received, topic, client, decoder, bytes, payload, fixes, rejects FROM raw_payloads
		WHERE ubigeo = $1 AND device = $2 ORDER BY received DESC, id DESC LIMIT $3`, ubigeo, device, limit)
}

// ForgetRaw forgets payloads that are older than the days of their device.
func (s *Store) ForgetRaw(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, `DELETE FROM raw_payloads r USING devices d
		WHERE (d.ubigeo, d.id) = (r.ubigeo, r.device) AND r.received < $1::timestamptz - d.raw_days * interval '1 day'`, micros(now))
	return err
}
