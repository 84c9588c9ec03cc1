package api

import (
	"context"
	"errors"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// GetBands tells from what percentage the traffic light is green, amber or red.
func (s *server) GetBands(ctx context.Context, r GetBandsRequestObject) (GetBandsResponseObject, error) {
	own, err := s.cfg.Store.ReviewBands(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	base := s.cfg.ReviewProfile
	by := base.With(own)
	out := GetBands200JSONResponse{Profile: by.ID, Version: by.BandsVersion, Bands: by.Bands, Default: base.Bands}
	if by.BandsVersion > 0 {
		out.SetAt, out.SetBy = some(own.SetAt.UTC().Truncate(time.Second)), some(own.SetBy)
	}
	keys, common := review.Banded()
	for _, key := range keys {
		f, _ := review.FormulaOf(key)
		out.Indicators = append(out.Indicators, struct {
			Common bool   `json:"common"`
			Key    string `json:"key"`
			Name   string `json:"name"`
		}{common[key], key, f.Name})
	}
	return out, nil
}

// SaveBands sets the bands of a district.
func (s *server) SaveBands(ctx context.Context, r SaveBandsRequestObject) (SaveBandsResponseObject, error) {
	err := s.cfg.Store.SaveReviewBands(ctx, r.Ubigeo, r.Body.Bands, auditRow(ctx, r.Ubigeo, "bands.save", "", ""))
	if errors.Is(err, review.ErrBands) {
		return nil, problem{fleet.ErrInvalid, "Las bandas no valen: ámbar desde 0, verde por encima de ámbar y hasta 100; una zona caliente pide de 1 a 480 minutos y espera de 1 a 1440.", "bands"}
	}
	if err != nil {
		return nil, err
	}
	return SaveBands204Response{}, nil
}
