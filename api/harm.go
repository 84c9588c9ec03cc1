package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// GetHarm lists the classes of incidents with their weights.
func (s *server) GetHarm(ctx context.Context, r GetHarmRequestObject) (GetHarmResponseObject, error) {
	out, err := s.harmTable(ctx, r.Ubigeo)
	return GetHarm200JSONResponse(out), err
}

func (s *server) harmTable(ctx context.Context, ubigeo string) (HarmTable, error) {
	out := HarmTable{Least: hotspots.MinHarm, Most: hotspots.MaxHarm}
	own, err := s.cfg.Store.HarmWeights(ctx, ubigeo)
	if err != nil {
		return out, err
	}
	for _, k := range hotspots.Catalogue() {
		_, set := own[k.Code]
		out.Kinds = append(out.Kinds, HarmKind{some(k.Article), k.Code, k.Group, k.Levels[:], k.Months, set, k.Sensitive(), k.Harm(), own.Of(k)})
	}
	return out, nil
}

// SaveHarm sets the district's own weights.
func (s *server) SaveHarm(ctx context.Context, r SaveHarmRequestObject) (SaveHarmResponseObject, error) {
	if r.Body.Weights == nil {
		return nil, invalid("weights", "Faltan los pesos; para volver a los de la ley, dé una lista vacía.")
	}
	table := hotspots.HarmTable(r.Body.Weights)
	if err := table.Check(); err != nil {
		return nil, invalid("weights", fmt.Sprintf("Cada peso va de %g a %g, y de una clase que exista.", hotspots.MinHarm, hotspots.MaxHarm))
	}
	if err := s.cfg.Store.SaveHarmWeights(ctx, r.Ubigeo, table, auditRow(ctx, r.Ubigeo, "harm.save", "", "")); err != nil {
		return nil, err
	}
	out, err := s.harmTable(ctx, r.Ubigeo)
	return SaveHarm200JSONResponse(out), err
}

// GetBacktests gives how well the models did on the district's own incidents.
func (s *server) GetBacktests(ctx context.Context, r GetBacktestsRequestObject) (GetBacktestsResponseObject, error) {
	out, err := s.backtests(ctx, r.Ubigeo)
	return GetBacktests200JSONResponse(out), err
}

func (s *server) backtests(ctx context.Context, ubigeo string) (out Backtests, err error) {
	if out.Tests, err = s.cfg.Planner.Backtests(ctx, ubigeo); err != nil {
		return out, err
	}
	out.Models = hotspots.Densities()
	out.Model, err = s.cfg.Store.ForecastModel(ctx, ubigeo)
	return out, err
}

// StartBacktest begins one.
func (s *server) StartBacktest(ctx context.Context, r StartBacktestRequestObject) (StartBacktestResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	b, err := s.cfg.Planner.StartBacktest(ctx, d, auditRow(ctx, r.Ubigeo, "forecast.backtest", "", ""))
	if errors.Is(err, fleet.ErrConflict) {
		return nil, problem{fleet.ErrConflict, "Ya hay una prueba en curso en este distrito, o demasiadas en espera; pruebe en unos minutos.", ""}
	}
	if err != nil {
		return nil, err
	}
	return StartBacktest202JSONResponse(b), nil
}

// SaveForecastModel says which model forecasts are made with.
func (s *server) SaveForecastModel(ctx context.Context, r SaveForecastModelRequestObject) (SaveForecastModelResponseObject, error) {
	err := s.cfg.Store.SaveForecastModel(ctx, r.Ubigeo, r.Body.Model, s.cfg.Now(), auditRow(ctx, r.Ubigeo, "forecast.model", "", r.Body.Model))
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, invalid("model", "Ese modelo no existe o solo ordena las zonas sin decir cuántos incidentes esperar.")
	}
	if err != nil {
		return nil, err
	}
	out, err := s.backtests(ctx, r.Ubigeo)
	return SaveForecastModel200JSONResponse(out), err
}
