package api

import (
	"context"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/relay"
)

// GetRelay tells how positions are handed on to the ministry.
func (s *server) GetRelay(ctx context.Context, r GetRelayRequestObject) (GetRelayResponseObject, error) {
	x, err := s.cfg.Store.Relay(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	n, oldest, err := s.cfg.Store.RelayWaiting(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	gaps, err := s.cfg.Store.RelayGaps(ctx, r.Ubigeo, now.Add(-31*24*time.Hour), now, 200)
	if err != nil {
		return nil, err
	}
	out := GetRelay200JSONResponse{Settings: x, Waiting: n, Gaps: append([]relay.Gap{}, gaps...)}
	trouble, any, err := s.cfg.Store.RelayTrouble(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	if any {
		out.Trouble = &trouble
	}
	if !oldest.IsZero() {
		out.Oldest = ptr(stamp(oldest))
	}
	return out, nil
}

// SaveRelay sets it.
func (s *server) SaveRelay(ctx context.Context, r SaveRelayRequestObject) (SaveRelayResponseObject, error) {
	x := *r.Body
	if x.Vehicles == nil {
		x.Vehicles = map[string]relay.Vehicle{}
	}
	err := x.Check()
	if err == nil && !s.cfg.RelayPrivate {
		err = x.CheckOutside()
	}
	if err != nil {
		return nil, invalid("settings", "La retransmisión no se puede guardar así: "+strings.TrimPrefix(err.Error(), fleet.ErrInvalid.Error()+": "))
	}
	state := "off"
	if x.On {
		state = "on"
	}
	if err := s.cfg.Store.SaveRelay(ctx, r.Ubigeo, x, auditRow(ctx, r.Ubigeo, "relay.save", x.Sink, strings.TrimSpace(state+" "+x.Host()))); err != nil {
		return nil, err
	}
	return SaveRelay200JSONResponse(x), nil
}
