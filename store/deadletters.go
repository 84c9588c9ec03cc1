package store

import (
	"context"
	"encoding/json"
	"fmt"
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
	_, err := s.exec(ctx, `INSERT INTO dead_letters (ubigeo, received, topic, client, code, reason, payload) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		d.Ubigeo, micros(d.Received), clean(d.Topic), clean(d.Client), string(d.Code), clean(d.Reason), d.Payload)
	return err
}

const letterColumns = `id, ubigeo, received, topic, client, code, reason, payload`

func rowOfLetter(r pgx.CollectableRow) (d fleet.DeadLetter, err error) {
	err = r.Scan(&d.ID, &d.Ubigeo, &d.Received, &d.Topic, &d.Client, &d.Code, &d.Reason, &d.Payload)
	d.Received = d.Received.UTC()
	return d, err
}

// DeadLetters gives a district's dead letters, the last received first.
func (s *Store) DeadLetters(ctx context.Context, ubigeo string, limit int) ([]fleet.DeadLetter, error) {
	return list(ctx, s, rowOfLetter, `SELECT `+letterColumns+` FROM dead_letters WHERE ubigeo = $1 ORDER BY received DESC, id DESC LIMIT $2`, ubigeo, limit)
}

// DeadLettersBefore gives a district's with ids below one, newest first: all of
// them, a portion at a time.
func (s *Store) DeadLettersBefore(ctx context.Context, ubigeo string, id int64, limit int) ([]fleet.DeadLetter, error) {
	return list(ctx, s, rowOfLetter, `SELECT `+letterColumns+` FROM dead_letters WHERE ubigeo = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, ubigeo, id, limit)
}

// DeadLetter gives one of them; fleet.ErrNotFound: it is not there any more.
func (s *Store) DeadLetter(ctx context.Context, ubigeo string, id int64) (fleet.DeadLetter, error) {
	return one(ctx, s, fmt.Sprintf("dead letter %d", id), rowOfLetter, `SELECT `+letterColumns+` FROM dead_letters WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
}

// CountDeadLetters counts them.
func (s *Store) CountDeadLetters(ctx context.Context, ubigeo string) (int, error) {
	return one(ctx, s, "dead letters", pgx.RowTo[int], `SELECT count(*) FROM dead_letters WHERE ubigeo = $1`, ubigeo)
}

// DropDeadLetter forgets a dead letter that DeadLetters gave, and records it if
// somebody asked for it.
func (s *Store) DropDeadLetter(ctx context.Context, d fleet.DeadLetter, audit ...fleet.AuditRow) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM dead_letters WHERE ubigeo = $1 AND received = $2 AND id = $3`, d.Ubigeo, micros(d.Received), d.ID); err != nil {
			return err
		}
		for _, a := range audit {
			if err := s.auditIn(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// unstorable makes a dead letter of a fix that can never be stored. Its
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
	return fleet.DeadLetter{Ubigeo: f.Ubigeo, Received: f.Received, Topic: "fix", Client: f.Device, Code: fleet.LetterStore,
		Reason: "the fix cannot be stored: " + why.Error(), Payload: body}
}
