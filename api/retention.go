package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet/retain"
)

// GetRetention tells for how long positions and rejected rows are kept.
func (s *server) GetRetention(ctx context.Context, r GetRetentionRequestObject) (GetRetentionResponseObject, error) {
	days, err := s.cfg.Store.Retention(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	rejected, err := s.cfg.Store.RejectedRetention(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	holds, err := s.cfg.Store.Holds(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	runs, err := s.cfg.Store.RetentionRuns(ctx, r.Ubigeo, 10)
	if err != nil {
		return nil, err
	}
	oldest, err := s.cfg.Store.OldestDay(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := GetRetention200JSONResponse{Days: some(days), RejectedDays: cmp.Or(rejected, retain.RejectedDays), Holds: append([]retain.Hold{}, holds...), Runs: append([]retain.Run{}, runs...)}
	if !oldest.IsZero() {
		out.Oldest = ptr(oldest.Format(time.DateOnly))
	}
	return out, nil
}

// SaveRetention sets either, or both.
func (s *server) SaveRetention(ctx context.Context, r SaveRetentionRequestObject) (SaveRetentionResponseObject, error) {
	if n := r.Body.Days; n != nil {
		if err := s.cfg.Store.SaveRetention(ctx, r.Ubigeo, *n, auditRow(ctx, r.Ubigeo, "retention.save", strconv.Itoa(*n), "")); err != nil {
			return nil, err
		}
	}
	if n := r.Body.RejectedDays; n != nil {
		if err := s.cfg.Store.SaveRejectedRetention(ctx, r.Ubigeo, *n, auditRow(ctx, r.Ubigeo, "retention.save", strconv.Itoa(*n), "rejected rows")); err != nil {
			return nil, err
		}
	}
	return SaveRetention204Response{}, nil
}

// MakeHold keeps a period from being forgotten.
func (s *server) MakeHold(ctx context.Context, r MakeHoldRequestObject) (MakeHoldResponseObject, error) {
	var id [5]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, err
	}
	h := retain.Hold{ID: hex.EncodeToString(id[:]), Start: stamp(r.Body.Start), End: stamp(r.Body.End), Reason: strings.TrimSpace(r.Body.Reason),
		CreatedAt: stamp(s.cfg.Now()), CreatedBy: callerOf(ctx).user.Username}
	if h.Check() != nil {
		return nil, invalid("end", "Escriba el motivo y un período que termine después de empezar.")
	}
	if err := s.cfg.Store.SaveHold(ctx, r.Ubigeo, h, auditRow(ctx, r.Ubigeo, "hold.make", h.ID, h.Reason)); err != nil {
		return nil, err
	}
	return MakeHold201JSONResponse(h), nil
}

// ReleaseHold ends a hold.
func (s *server) ReleaseHold(ctx context.Context, r ReleaseHoldRequestObject) (ReleaseHoldResponseObject, error) {
	err := s.cfg.Store.ReleaseHold(ctx, r.Ubigeo, r.Id, s.cfg.Now(), auditRow(ctx, r.Ubigeo, "hold.release", r.Id, ""))
	return ReleaseHold204Response{}, err
}
