package store

import (
	"context"
	"encoding/json"
	"math"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// nowhere stands for the district of what belongs to none, or to none that is
// known.
const nowhere = "000000"

// SaveDeadLetter keeps a payload that could not be decoded or stored. Text
// that PostgreSQL does not take is mended, the payload is kept byte by byte;
// a ubigeo of the wrong form becomes "000000".
func (s *Store) SaveDeadLetter(ctx context.Context, d fleet.DeadLetter) error {
	if fleet.CheckUbigeo(d.Ubigeo) != nil {
		d.Ubigeo = nowhere
	}
	if d.Received.IsZero() {
		d.Received = s.now()
	}
	if d.Payload == nil {
		d.Payload = []byte{}
	}
	// Twice is better than never.
	_, err := s.exec(ctx, `INSERT INTO dead_letters (ubigeo, received, topic, client, reason, payload) VALUES ($1, $2, $3, $4, $5, $6)`,
		d.Ubigeo, micros(d.Received), clean(d.Topic), clean(d.Client), clean(d.Reason), d.Payload)
	return err
}

// DeadLetters gives a district's dead letters, the last received first.
func (s *Store) DeadLetters(ctx context.Context, ubigeo string, limit int) ([]fleet.DeadLetter, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (d fleet.DeadLetter, err error) {
		err = r.Scan(&d.ID, &d.Ubigeo, &d.Received, &d.Topic, &d.Client, &d.Reason, &d.Payload)
		d.Received = d.Received.UTC()
		return d, err
	}, `SELECT id, ubigeo, received, topic, client, reason, payload FROM dead_letters WHERE ubigeo = $1 ORDER BY received DESC, id DESC LIMIT $2`, ubigeo, limit)
}

// DropDeadLetter forgets a dead letter that DeadLetters gave.
func (s *Store) DropDeadLetter(ctx context.Context, d fleet.DeadLetter) error {
	_, err := s.exec(ctx, `DELETE FROM dead_letters WHERE ubigeo = $1 AND received = $2 AND id = $3`, d.Ubigeo, micros(d.Received), d.ID)
	return err
}

// unstorable makes a dead letter of a fix that the database refuses. Its
// payload is the fix as JSON, numbers that JSON lacks as text.
func unstorable(f fleet.Fix, why error) fleet.DeadLetter {
	number := func(v float64) any {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return strconv.FormatFloat(v, 'g', -1, 64)
		}
		return v
	}
	body, err := json.Marshal(map[string]any{
		"ubigeo": f.Ubigeo, "device": f.Device, "unit": f.Unit, "time_us": f.Time.UnixMicro(), "seq": f.Seq,
		"lon": number(f.Point[0]), "lat": number(f.Point[1]), "speed": number(f.Speed), "course": number(f.Course),
		"accuracy": number(f.Accuracy), "altitude": number(f.Altitude), "battery": number(f.Battery),
		"ignition": f.Ignition, "event": f.Event, "flags": f.Flags,
	})
	if err != nil {
		body = []byte(err.Error())
	}
	return fleet.DeadLetter{Ubigeo: f.Ubigeo, Received: f.Received, Topic: "fix", Client: f.Device,
		Reason: "the database refused the fix: " + why.Error(), Payload: body}
}
