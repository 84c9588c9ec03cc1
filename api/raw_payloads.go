package api

import (
	"context"
	"fmt"
	"strconv"

	"github.com/serenazgo/serenazgo/fleet"
)

// How many kept payloads of a device are listed, and how much of one is shown.
const (
	rawListed = 100
	rawShown  = 4096
)

// GetRawPayloads lists what is kept of a device's payloads. Positions are in
// them, so the look is audited.
func (s *server) GetRawPayloads(ctx context.Context, r GetRawPayloadsRequestObject) (GetRawPayloadsResponseObject, error) {
	out, err := s.rawPayloads(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	return GetRawPayloads200JSONResponse(out), s.audit(ctx, r.Ubigeo, "device.raw.view", r.Id, strconv.Itoa(len(out.Payloads)))
}

// KeepRawPayloads says for how many days a device's payloads are kept.
func (s *server) KeepRawPayloads(ctx context.Context, r KeepRawPayloadsRequestObject) (KeepRawPayloadsResponseObject, error) {
	days := r.Body.Days
	if days < 0 || days > fleet.MaxRawDays {
		return nil, invalid("days", fmt.Sprintf("Elija de 0 a %d días.", fleet.MaxRawDays))
	}
	if err := s.cfg.Store.SetRawDays(ctx, r.Ubigeo, r.Id, days, auditRow(ctx, r.Ubigeo, "device.raw.keep", r.Id, strconv.Itoa(days))); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	out, err := s.rawPayloads(ctx, r.Ubigeo, r.Id)
	return KeepRawPayloads200JSONResponse(out), err
}

func (s *server) rawPayloads(ctx context.Context, ubigeo, device string) (out RawPayloads, err error) {
	d, there, err := s.device(ctx, ubigeo, device)
	if err != nil {
		return out, err
	}
	if !there {
		return out, fleet.ErrNotFound
	}
	ps, err := s.cfg.Store.RawPayloads(ctx, ubigeo, device, rawListed)
	if err != nil {
		return out, err
	}
	out = RawPayloads{Days: d.RawDays, Payloads: []RawPayload{}}
	for _, p := range ps {
		out.Payloads = append(out.Payloads, RawPayload{Id: p.ID, Received: stamp(p.Received), Topic: p.Topic, Client: p.Client, Decoder: p.Decoder,
			Bytes: p.Bytes, Payload: printed(p.Payload, rawShown), Fixes: append([]fleet.RawFix{}, p.Fixes...), Rejects: append([]string{}, p.Rejects...)})
	}
	return out, nil
}
