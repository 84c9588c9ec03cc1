package api

import (
	"context"
	"errors"
	"fmt"
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
		return nil, invalid("settings", relayFault(err))
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

// relayFaults word what is wrong with the settings of the retransmission.
var relayFaults = map[string]string{
	relay.FaultSink:         "Elija si las posiciones van a archivos de prueba o a la plataforma.",
	relay.FaultURL:          "La dirección de la plataforma debe empezar por https:// y nombrar un servidor.",
	relay.FaultURLName:      "Escriba el nombre del servidor de la plataforma sin tildes ni eñes (en la forma xn--…).",
	relay.FaultURLUser:      "La dirección de la plataforma no debe llevar usuario ni contraseña.",
	relay.FaultURLFragment:  "La dirección de la plataforma no debe llevar «#».",
	relay.FaultInside:       "La dirección lleva a la red interna del servicio. Quien lo administra puede permitirlo con --relay-private.",
	relay.FaultBatch:        fmt.Sprintf("Un envío lleva de 1 a %d puntos.", relay.MaxBatch),
	relay.FaultPace:         "Elija si la pausa entre envíos vale para todos o para cada vehículo.",
	relay.FaultLong:         "La dirección o el código de la municipalidad es demasiado largo.",
	relay.FaultUnit:         "ninguna unidad puede llamarse así.",
	relay.FaultIMEI:         "el IMEI tiene de 5 a 20 dígitos.",
	relay.FaultPlate:        fmt.Sprintf("falta la placa, de hasta %d letras y cifras.", fleet.MaxPlate),
	relay.FaultPolice:       "un vehículo policial lleva el código de su comisaría y el de transmisión, los dos.",
	relay.FaultMunicipality: "es municipal: falta el código de la municipalidad.",
}

// relayFault words an error of the settings.
func relayFault(err error) string {
	var f relay.Fault
	text := ""
	if errors.As(err, &f) {
		text = relayFaults[f.Code]
	}
	switch {
	case text == "":
		return "La retransmisión no se puede guardar así."
	case f.Unit != "":
		return fmt.Sprintf("Unidad «%s»: %s", f.Unit, text)
	}
	return text
}
