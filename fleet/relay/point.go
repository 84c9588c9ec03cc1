package relay

import (
	"math"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Point is what the platform is sent of one fix. Lengths are metres, speeds
// km/h, times of the engine hours.
type Point struct {
	Alarm            string  `json:"alarma"`
	Altitude         float64 `json:"altitud"`
	Angle            float64 `json:"angulo"`
	Distance         float64 `json:"distancia"` // since the point before
	Time             string  `json:"fechaHora"` // dd/MM/yyyy HH:mm:ss in Lima
	EngineHours      float64 `json:"horasMotor"`
	Municipality     string  `json:"idMunicipalidad,omitempty"`
	Station          string  `json:"codigoComisaria,omitempty"`
	Transmission     string  `json:"idTransmision,omitempty"`
	Ignition         bool    `json:"ignition"`
	IMEI             string  `json:"imei"`
	Latitude         float64 `json:"latitud"`
	Longitude        float64 `json:"longitud"`
	Motion           bool    `json:"motion"`
	Plate            string  `json:"placa"`
	TotalDistance    float64 `json:"totalDistancia"`  // by the odometer, else since the retransmission began
	TotalEngineHours float64 `json:"totalHorasMotor"` // likewise
	Ubigeo           string  `json:"ubigeo"`
	Valid            bool    `json:"valid"`
	Speed            float64 `json:"velocidad"`
}

// lima is where the platform's clock hangs: Peru has one time, without summer
// time.
var lima = time.FixedZone("America/Lima", -5*3600)

// clock writes an instant as the platform reads it.
func clock(t time.Time) string { return t.In(lima).Format("02/01/2006 15:04:05") }

// movesFrom is the speed in m/s from which a vehicle moves.
const movesFrom = 5 / 3.6

// point writes a fix for the platform.
func (s Settings) point(ubigeo string, v Vehicle, f fleet.Fix, c Cursor, late bool) Point {
	known := func(x float64) float64 {
		if math.IsNaN(x) {
			return 0
		}
		return math.Round(x*10) / 10
	}
	metres, engine := c.Metres-c.Told[0], c.Engine-c.Told[1]
	if late {
		metres, engine = 0, 0
	}
	c.reads(f) // of a late point its own
	total, worked := c.totals()
	p := Point{Alarm: f.Event, Altitude: known(f.Altitude), Angle: known(f.Course), Distance: known(metres), Time: clock(f.Time), EngineHours: hours(engine),
		Ignition: f.Ignition != nil && *f.Ignition, IMEI: v.IMEI, Latitude: f.Point[1], Longitude: f.Point[0], Motion: f.Speed >= movesFrom, Plate: v.Plate,
		TotalDistance: known(total), TotalEngineHours: hours(worked), Ubigeo: ubigeo, Valid: true, Speed: known(f.Speed * 3.6)}
	if v.Station != "" {
		p.Station, p.Transmission = v.Station, v.Transmission
	} else {
		p.Municipality = s.Municipality
	}
	return p
}

func hours(seconds float64) float64 { return math.Round(seconds/3.6) / 1000 }
