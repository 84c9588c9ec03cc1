package api

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet/relay"
)

func TestRelayFaults(t *testing.T) {
	base := func(change func(*relay.Settings)) relay.Settings {
		s := relay.Defaults()
		s.On, s.Sink, s.URL, s.Municipality = true, relay.HTTPSSink, "https://gps.example.org/in", "130102-M"
		s.Vehicles = map[string]relay.Vehicle{"C01": {IMEI: "356307042441013", Plate: "EGA-123"}}
		change(&s)
		return s
	}
	seen := map[string]bool{}
	for name, change := range map[string]func(*relay.Settings){
		relay.FaultSink:         func(s *relay.Settings) { s.Sink = "mail" },
		relay.FaultURL:          func(s *relay.Settings) { s.URL = "http://gps.example.org" },
		relay.FaultURLName:      func(s *relay.Settings) { s.URL = "https://señal.example.org" },
		relay.FaultURLUser:      func(s *relay.Settings) { s.URL = "https://a:b@gps.example.org" },
		relay.FaultURLFragment:  func(s *relay.Settings) { s.URL = "https://gps.example.org/#x" },
		relay.FaultInside:       func(s *relay.Settings) { s.URL = "https://10.0.0.1/in" },
		relay.FaultBatch:        func(s *relay.Settings) { s.Batch = 26 },
		relay.FaultPace:         func(s *relay.Settings) { s.Pace = "slow" },
		relay.FaultLong:         func(s *relay.Settings) { s.Municipality = string(make([]byte, 41)) },
		relay.FaultUnit:         func(s *relay.Settings) { s.Vehicles["a/b"] = s.Vehicles["C01"] },
		relay.FaultIMEI:         func(s *relay.Settings) { s.Vehicles["C01"] = relay.Vehicle{IMEI: "x", Plate: "EGA-123"} },
		relay.FaultPlate:        func(s *relay.Settings) { s.Vehicles["C01"] = relay.Vehicle{IMEI: "35630704"} },
		relay.FaultPolice:       func(s *relay.Settings) { s.Vehicles["C01"] = relay.Vehicle{IMEI: "35630704", Plate: "E", Station: "1"} },
		relay.FaultMunicipality: func(s *relay.Settings) { s.Municipality = "" },
	} {
		t.Run(name, func(t *testing.T) {
			s := base(change)
			err := s.Check()
			if err == nil {
				err = s.CheckOutside()
			}
			if err == nil {
				t.Fatal("it passes")
			}
			text := relayFault(err)
			if relayFaults[name] == "" || text != relayFaults[name] && text != "Unidad «C01»: "+relayFaults[name] && text != "Unidad «a/b»: "+relayFaults[name] {
				t.Errorf("%v is worded %q", err, text)
			}
			seen[name] = true
		})
	}
	if len(seen) != len(relayFaults) {
		t.Errorf("%d faults were tried, %d are worded", len(seen), len(relayFaults))
	}
	if s := base(func(*relay.Settings) {}); s.Check() != nil || s.CheckOutside() != nil {
		t.Error("what is right is refused", s.Check(), s.CheckOutside())
	}
}
