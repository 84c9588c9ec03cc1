package mqtt

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// ruled are rules of a district that takes every format.
var ruled = []fleet.TopicRule{
	{Ubigeo: "130102", Pattern: "traccar/positions", Format: "traccar", Identity: fleet.IdentityPayload},
	{Ubigeo: "130102", Pattern: "{device}/data", Format: "teltonika", Identity: fleet.IdentityTopic},
	{Ubigeo: "130102", Pattern: "flespi/message/#", Format: "flespi", Identity: fleet.IdentityPayload},
	{Ubigeo: "130102", Pattern: "v1/gateway/telemetry", Format: "thingsboard", Identity: fleet.IdentityPayload},
	{Ubigeo: "130102", Pattern: "v1/devices/me/telemetry", Format: "thingsboard", Identity: fleet.IdentityLogin},
	{Ubigeo: "130102", Pattern: "msh/+/2/json/+/+", Format: "meshtastic", Identity: fleet.IdentityPayload},
	{Ubigeo: "130102", Pattern: "osmand/{device}", Format: "osmand", Identity: fleet.IdentityTopic},
	{Ubigeo: "130102", Pattern: "owntracks/{device}/{device}/#", Format: "owntracks", Identity: fleet.IdentityTopic},
	{Ubigeo: "130102", Pattern: "any/{device}", Format: fleet.FormatAuto, Identity: fleet.IdentityTopic},
}

// foreign are payloads as the programs and trackers of others send them.
var foreign = []struct {
	name, topic, payload string
	device               string
	want                 func(*fleet.Fix)
}{
	{"Traccar position: knots, accuracy 0", "traccar/positions",
		`{"position":{"id":0,"attributes":{"batteryLevel":88,"ignition":true,"distance":12.1,"totalDistance":99123.4,"motion":true,"hours":3600000},"deviceId":7,"protocol":"gt06","serverTime":"2025-11-21T22:32:41.000+00:00","deviceTime":"2025-11-21T22:32:39.000+00:00","fixTime":"2025-11-21T22:32:39.000+00:00","valid":true,"latitude":-12.0464,"longitude":-77.0428,"altitude":154,"speed":18.36,"course":271,"address":null,"accuracy":0,"network":null},"device":{"id":7,"attributes":{},"groupId":0,"name":"P-101","uniqueId":"356307042441013","status":"online"}}`,
		"356307042441013", func(f *fleet.Fix) {
			f.Speed, f.Course, f.Altitude, f.Battery, f.Ignition = 18.36*1852/3600, 271, 154, 0.88, yes()
			f.Odometer, f.Engine = 99123.4, 3600
		}},
	{"Traccar with the vehicle's odometer and power", "traccar/positions",
		`{"position":{"fixTime":"2025-11-21T22:32:39Z","valid":true,"latitude":-12.0464,"longitude":-77.0428,"attributes":{"odometer":184467000,"totalDistance":99123.4,"power":12.4}},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) { f.Odometer, f.Power = 184467000, yes() }},
	{"Traccar of a device without a wire", "traccar/positions",
		`{"position":{"fixTime":"2025-11-21T22:32:39Z","valid":true,"latitude":-12.0464,"longitude":-77.0428,"attributes":{"odometer":-1,"hours":0,"power":0}},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) {}},
	{"Traccar position with a number", "traccar/positions",
		`{"position":{"id":4711,"fixTime":"2025-11-21T22:32:39Z","valid":true,"latitude":-12.0464,"longitude":-77.0428,"speed":0},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) { f.Seq, f.Speed = 4711, 0 }},
	{"Traccar alarm", "traccar/positions",
		`{"position":{"fixTime":"2025-11-21T22:32:39Z","valid":true,"latitude":-12.0464,"longitude":-77.0428,"attributes":{"alarm":"powerCut"}},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) { f.Event = "power_cut" }},
	{"Traccar last known position", "traccar/positions",
		`{"position":{"fixTime":"2025-11-21T22:32:39Z","valid":false,"outdated":true,"latitude":-12.0464,"longitude":-77.0428},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) { f.Flags = fleet.FlagInvalid }},
	{"Traccar event with its position", "traccar/positions",
		`{"event":{"id":3,"attributes":{"alarm":"sos"},"deviceId":7,"type":"alarm","eventTime":"2025-11-21T22:32:39.000+00:00"},"position":{"id":9,"fixTime":"2025-11-21T22:32:39Z","valid":true,"latitude":-12.0464,"longitude":-77.0428},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) { f.Event = "sos" }},
	{"Traccar event without position", "traccar/positions",
		`{"event":{"type":"deviceOffline","eventTime":"2025-11-21T22:32:39.000+00:00"},"device":{"uniqueId":"C01"}}`,
		"C01", func(f *fleet.Fix) { f.Event, f.Point, f.Flags = "device_offline", nowhere(), fleet.FlagInvalid }},

	{"Traccar Client: m/s, battery 0..1", "osmand/C01",
		`{"location":{"timestamp":"2025-11-21T22:32:39.000Z","coords":{"latitude":-12.0464,"longitude":-77.0428,"accuracy":8,"speed":5,"heading":271,"altitude":154},"is_moving":true,"odometer":0,"event":"motionchange","battery":{"level":0.88,"is_charging":false},"activity":{"type":"in_vehicle"},"extras":{}},"device_id":"whatever"}`,
		"C01", func(f *fleet.Fix) {
			f.Accuracy, f.Speed, f.Course, f.Altitude, f.Battery = 8, 5, 271, 154, 0.88
		}},
	{"Traccar Client: nothing known, help", "osmand/C01",
		`{"location":{"timestamp":"2025-11-21T22:32:39.000Z","coords":{"latitude":-12.0464,"longitude":-77.0428,"accuracy":0,"speed":-1,"heading":-1},"battery":{"level":-1},"extras":{"alarm":"sos"}},"device_id":"C01"}`,
		"C01", func(f *fleet.Fix) { f.Event = "sos" }},
	{"OsmAnd query: knots, per cent, milliseconds", "osmand/C01",
		`id=C01&lat=-12.0464&lon=-77.0428&timestamp=1763764359000&speed=10&bearing=271&altitude=154&accuracy=8&batt=88`,
		"C01", func(f *fleet.Fix) {
			f.Accuracy, f.Speed, f.Course, f.Altitude, f.Battery = 8, 10*1852.0/3600, 271, 154, 0.88
		}},
	{"OsmAnd query: one location, UTC without zone", "osmand/C01",
		`?deviceid=C01&location=-12.0464,-77.0428&timestamp=2025-11-21+22:32:39&valid=false`,
		"C01", func(f *fleet.Fix) { f.Flags = fleet.FlagInvalid }},

	{"Teltonika: milliseconds, text position", "356307042441013/data",
		`{"state":{"reported":{"ts":1763764359000,"pr":0,"latlng":"-12.046400,-77.042800","alt":154,"ang":271,"sat":9,"sp":36,"evt":0,"239":1,"240":1,"16":4711,"66":12840,"67":4012,"113":88}}}`,
		"356307042441013", func(f *fleet.Fix) {
			f.Speed, f.Course, f.Altitude, f.Battery, f.Ignition = 10, 271, 154, 0.88, yes()
			f.Odometer, f.Power = 4711, yes()
		}},
	{"Teltonika counters", "C01/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"-12.0464,-77.0428","sat":5,"16":91234567,"449":"7200"}}}`,
		"C01", func(f *fleet.Fix) { f.Odometer, f.Engine = 91234567, 7200 }},
	{"Teltonika panic priority", "C01/data", `{"state":{"reported":{"ts":1763764359000,"pr":2,"latlng":"-12.0464,-77.0428","sat":5,"sp":0}}}`,
		"C01", func(f *fleet.Fix) { f.Event, f.Speed = "sos", 0 }},
	{"Teltonika panic button", "C01/data", `{"state":{"reported":{"ts":1763764359000,"pr":1,"latlng":"-12.0464,-77.0428","sat":5,"evt":1,"1":1}}}`,
		"C01", func(f *fleet.Fix) { f.Event = "sos" }},
	{"Teltonika input held is no new alarm", "C01/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"-12.0464,-77.0428","sat":5,"evt":0,"1":1}}}`,
		"C01", func(f *fleet.Fix) {}},
	{"Teltonika unplugged", "C01/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"-12.0464,-77.0428","sat":5,"evt":252,"252":1,"66":0}}}`,
		"C01", func(f *fleet.Fix) { f.Event = "power_cut" }},
	{"Teltonika plugged in", "C01/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"-12.0464,-77.0428","sat":5,"evt":252,"252":0,"66":12800}}}`,
		"C01", func(f *fleet.Fix) { f.Event, f.Power = "power_restored", yes() }},
	{"Teltonika without satellites", "C01/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"-12.0464,-77.0428","sat":0,"sp":40,"239":0}}}`,
		"C01", func(f *fleet.Fix) { f.Flags, f.Ignition = fleet.FlagInvalid, no() }},
	{"Teltonika at 0,0", "C01/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"0.000000,0.000000","sp":0}}}`,
		"C01", func(f *fleet.Fix) { f.Flags, f.Point = fleet.FlagInvalid|fleet.FlagZero, orb.Point{} }},

	{"flespi: km/h, seconds with fraction", "flespi/message/gw/devices/77",
		`{"ident":"356307042441013","timestamp":1763764359.25,"position.latitude":-12.0464,"position.longitude":-77.0428,"position.altitude":154,"position.speed":36,"position.direction":271,"position.satellites":9,"position.valid":true,"engine.ignition.status":true,"battery.level":88,"battery.voltage":4.01,"device.id":77,"message.buffered.status":false,"server.timestamp":1763764360.1}`,
		"356307042441013", func(f *fleet.Fix) {
			f.Time = f.Time.Add(250 * time.Millisecond)
			f.Speed, f.Course, f.Altitude, f.Battery, f.Ignition = 10, 271, 154, 0.88, yes()
		}},
	{"flespi from memory, unplugged", "flespi/message/x",
		`{"ident":356307042441013,"timestamp":1763764359,"position.latitude":-12.0464,"position.longitude":-77.0428,"message.buffered.status":true,"external.powersource.status":false}`,
		"356307042441013", func(f *fleet.Fix) { f.Flags, f.Event, f.Power = fleet.FlagBacklog, "power_cut", no() }},
	{"flespi counters: km, hours", "flespi/message/x",
		`{"ident":"C01","timestamp":1763764359,"position.latitude":-12.0464,"position.longitude":-77.0428,"vehicle.mileage":184467.5,"engine.motorhours":1000.5,"external.powersource.status":true}`,
		"C01", func(f *fleet.Fix) { f.Odometer, f.Engine, f.Power = 184467500, 3601800, yes() }},
	{"flespi without satellites", "flespi/message/x",
		`{"ident":"C01","timestamp":1763764359,"position.latitude":-12.0464,"position.longitude":-77.0428,"position.satellites":0}`,
		"C01", func(f *fleet.Fix) { f.Flags = fleet.FlagInvalid }},

	{"ThingsBoard gateway", "v1/gateway/telemetry",
		`{"P-101":[{"ts":1763764359000,"values":{"latitude":-12.0464,"longitude":-77.0428,"speed":36,"batteryLevel":88,"temperature":21}}]}`,
		"P-101", func(f *fleet.Fix) { f.Speed, f.Battery = 10, 0.88 }},
	{"ThingsBoard gateway without ts", "v1/gateway/telemetry",
		`{"P-101":[{"latitude":"-12.0464","longitude":"-77.0428"}]}`,
		"P-101", func(f *fleet.Fix) { f.Time, f.Flags = received, fleet.FlagReceiveTime }},

	{"Meshtastic: 1e-7 degrees, sender in the packet", "msh/ANZ/2/json/LongFast/!7efeee00",
		`{"channel":0,"from":2130636288,"hops_away":1,"id":452664778,"payload":{"PDOP":195,"altitude":154,"latitude_i":-120464000,"longitude_i":-770428000,"precision_bits":32,"sats_in_view":6,"time":1763764359},"rssi":-56,"sender":"!a1b2c3d4","snr":7.25,"timestamp":1763764362,"to":4294967295,"type":"position"}`,
		fleet.DeviceIDOf("!7efeee00"), func(f *fleet.Fix) { f.Seq, f.Altitude = 452664778, 154 }},
	{"Meshtastic blurred, without a clock", "msh/ANZ/2/json/LongFast/!7efeee00",
		`{"from":2130636288,"id":5,"payload":{"latitude_i":-120464000,"longitude_i":-770428000,"precision_bits":16,"time":0},"timestamp":1763764359,"type":"position"}`,
		fleet.DeviceIDOf("!7efeee00"), func(f *fleet.Fix) {
			f.Seq, f.Accuracy, f.Flags = 5, 40_075_017.0/65536/2, fleet.FlagAccuracy
		}},

	{"OwnTracks of another user", "owntracks/juan/moto g/event",
		`{"_type":"location","lat":-12.0464,"lon":-77.0428,"tst":1763764359,"tid":"P1"}`,
		fleet.DeviceIDOf("juan/moto g"), func(f *fleet.Fix) { f.Speed = 0 }},
}

func yes() *bool         { b := true; return &b }
func no() *bool          { return new(bool) }
func nowhere() orb.Point { return orb.Point{math.NaN(), math.NaN()} }

func ruledRegistry() *Registry {
	r := NewRegistry()
	r.Set("130102", ruled, nil)
	return r
}

func TestForeignFormats(t *testing.T) {
	r := ruledRegistry()
	for _, tt := range foreign {
		for _, topic := range []string{tt.topic, "any/" + tt.device, "serenazgo/130102/" + tt.device + "/pos"} {
			t.Run(tt.name+" on "+topic, func(t *testing.T) {
				got, ubigeo, decoder := r.Decode(Message{Topic: topic, Payload: []byte(tt.payload), Received: received})
				f := want(tt.want)
				f.Device = tt.device
				if d := diff([]fleet.Fix{f}, got.Fixes); d != "" || len(got.Rejects) > 0 || ubigeo != "130102" {
					t.Errorf("%s: %s\nrejects %q", decoder, d, got.Rejects)
				}
			})
		}
	}
}

func TestForeignLists(t *testing.T) {
	r := ruledRegistry()
	for _, tt := range []struct {
		name, topic, payload, events string
		devices                      string
		backlog                      int
	}{
		{"Traccar alarms with commas", "traccar/positions", `{"position":{"id":9,"fixTime":"2025-11-21T22:32:39Z","valid":true,"latitude":-12,"longitude":-77,"attributes":{"alarm":"sos,lowBattery"}},"device":{"uniqueId":"a"}}`, "sos low_battery", "a a", 0},
		{"ThingsBoard, two devices", "v1/gateway/telemetry", `{"b":[{"ts":1763764359000,"values":{"latitude":1,"longitude":2}}],"a":[{"ts":1763764300000,"values":{"latitude":1,"longitude":2}}]}`, " ", "a b", 0},
		{"ThingsBoard rows of one instant", "v1/gateway/telemetry", `{"a":[{"latitude":1,"longitude":2},{"latitude":1,"longitude":2}]}`, " ", "a a", 1},
		{"Traccar Client backlog", "osmand/a", `{"location":[{"timestamp":"2025-11-21T22:32:30Z","coords":{"latitude":1,"longitude":2}},{"timestamp":"2025-11-21T22:32:39Z","coords":{"latitude":1,"longitude":2}}],"device_id":"a"}`, " ", "a a", 1},
		{"Teltonika records", "a/data", `{"state":{"reported":[{"ts":1763764359000,"latlng":"1,2"},{"ts":1763764349000,"latlng":"1,2"}]}}`, " ", "a a", 1},
		{"flespi messages", "flespi/message/x", `[{"ident":"a","timestamp":1763764359,"position.latitude":1,"position.longitude":2},{"ident":"b","timestamp":1763764358,"position.latitude":1,"position.longitude":2}]`, " ", "a b", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, _ := r.Decode(Message{Topic: tt.topic, Payload: []byte(tt.payload), Received: received})
			var events, devices []string
			seqs, backlog := map[int64]bool{}, 0
			for _, f := range got.Fixes {
				events, devices, seqs[f.Seq] = append(events, f.Event), append(devices, f.Device), true
				if f.Flags&fleet.FlagBacklog != 0 {
					backlog++
				}
			}
			if len(got.Rejects) > 0 || strings.Join(events, " ") != tt.events || strings.Join(devices, " ") != tt.devices || len(seqs) != len(got.Fixes) || backlog != tt.backlog {
				t.Errorf("events %q, devices %q, %d numbers, %d of a backlog, rejects %q", events, devices, len(seqs), backlog, got.Rejects)
			}
		})
	}
}

func TestForeignWithoutFixes(t *testing.T) {
	r := ruledRegistry()
	for _, tt := range []struct{ name, topic, payload, want string }{
		{"flespi telemetry", "flespi/message/x", `{"ident":"a","timestamp":1,"battery.level":5}`, "skipped telemetry"},
		{"ThingsBoard telemetry", "v1/gateway/telemetry", `{"a":[{"values":{"temperature":21}}]}`, "skipped telemetry"},
		{"Meshtastic text", "msh/ANZ/2/json/LongFast/!1", `{"from":5,"id":6,"type":"text","payload":{"text":"hola"}}`, "skipped mesh_text"},
		{"Meshtastic text as text", "msh/ANZ/2/json/LongFast/!1", `{"from":5,"id":6,"type":"sendtext","payload":"hola"}`, "skipped mesh_sendtext"},
		{"Teltonika answer", "a/data", `{"RSP":"getver ok"}`, "skipped command_answer"},
		{"Teltonika CBOR", "a/data", "\xa1\x65state\xa1", "set the data protocol"},
		{"Teltonika without state", "a/data", `{"x":1}`, "state.reported is missing"},
		{"Teltonika latlng", "a/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"-12;-77"}}}`, `latlng is "-12;-77"`},
		{"Teltonika latlng off the Earth", "a/data", `{"state":{"reported":{"ts":1763764359000,"latlng":"NaN,-77"}}}`, "not on the Earth"},
		{"Traccar without device", "traccar/positions", `{"position":{"fixTime":"2025-11-21T22:32:39Z","latitude":1,"longitude":2}}`, "does not say which device"},
		{"Traccar without latitude", "traccar/positions", `{"position":{"fixTime":"2025-11-21T22:32:39Z","longitude":2},"device":{"uniqueId":"a"}}`, "position.latitude is missing"},
		{"Traccar of something else", "traccar/positions", `{"device":{"uniqueId":"a"}}`, "neither position nor event"},
		{"Traccar time without zone", "traccar/positions", `{"position":{"fixTime":"2025-11-21T22:32:39","latitude":1,"longitude":2},"device":{"uniqueId":"a"}}`, "ISO 8601 with a zone"},
		{"OsmAnd query without longitude", "osmand/a", `id=a&lat=1`, "lon is missing"},
		{"OsmAnd query of nonsense", "osmand/a", `lat=%zz`, "not of the form"},
		{"OsmAnd bad time", "osmand/a", `lat=1&lon=2&timestamp=soon`, "timestamp is soon"},
		{"Traccar Client without coords", "osmand/a", `{"location":{"timestamp":1763764359},"device_id":"a"}`, "coords is missing"},
		{"Meshtastic without sender", "msh/ANZ/2/json/LongFast/!1", `{"id":6,"type":"position","payload":{"latitude_i":1,"longitude_i":2}}`, "from is missing"},
		{"Meshtastic in degrees by mistake", "msh/ANZ/2/json/LongFast/!1", `{"from":5,"type":"position","payload":{"latitude_i":-12e9,"longitude_i":2}}`, "latitude_i"},
		{"ThingsBoard empty list", "v1/gateway/telemetry", `{"a":[]}`, "is empty"},
		{"login behind an external broker", "v1/devices/me/telemetry", `{"latitude":1,"longitude":2}`, "takes the device from the login"},
		{"two devices on one device's topic", "serenazgo/130102/C01/pos", `{"a":[{"latitude":1,"longitude":2}],"b":[{"latitude":1,"longitude":2}]}`, "several devices"},
		{"topic of nobody", "weather/today", `{}`, "add a topic rule"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, _ := r.Decode(Message{Topic: tt.topic, Payload: []byte(tt.payload), Received: received})
			if kind, ok := strings.CutPrefix(tt.want, "skipped "); ok {
				if got.Skipped != kind || len(got.Fixes)+len(got.Rejects) > 0 {
					t.Errorf("%+v", got)
				}
			} else if len(got.Fixes) > 0 || len(got.Rejects) != 1 || !strings.Contains(got.Rejects[0].Reason, tt.want) {
				t.Errorf("fixes %v, rejects %q; want %q", got.Fixes, got.Rejects, tt.want)
			}
		})
	}
}
