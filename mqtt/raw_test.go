package mqtt

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

// Payloads are kept of those devices alone that a district said so of, once a
// device, also if nothing was read from them.
func TestRawPayloadsOfADevice(t *testing.T) {
	r := NewRegistry()
	r.Set("130102", nil, []fleet.Device{{Ubigeo: "130102", ID: "C01", Known: true, RawDays: 3}, {Ubigeo: "130102", ID: "C02", Known: true}})
	var kept []fleet.RawPayload
	in := &intake{registry: r, raw: func(p fleet.RawPayload) { kept = append(kept, p) }}
	for _, m := range []Message{
		{Topic: "serenazgo/130102/C01/pos", Payload: []byte(`[{"ts":1763764359,"lat":1,"lon":2},{"ts":1763764369,"lat":1,"lon":2},{"lat":512}]`), Received: received},
		{Topic: "serenazgo/130102/C02/pos", Payload: []byte(`{"ts":1763764359,"lat":1,"lon":2}`), Received: received},
		{Topic: "owntracks/130102/C01", User: "130102/C01", Client: "c", Payload: []byte(`{"_type":"encrypted","data":"x"}`), Received: received},
		{Topic: "owntracks/130102/C02", User: "130102/C02", Payload: []byte(`{"_type":"encrypted","data":"x"}`), Received: received},
	} {
		d, _, decoder := r.Decode(m)
		in.keepRaw(m, d, decoder)
	}
	if len(kept) != 2 || len(kept[0].Fixes) != 2 || len(kept[0].Rejects) != 1 || kept[0].Decoder != "serenazgo" || !kept[0].Received.Equal(received) ||
		kept[1].Device != "C01" || kept[1].Ubigeo != "130102" || len(kept[1].Rejects) != 1 || kept[1].Client != "c" {
		t.Errorf("%+v", kept)
	}
}
