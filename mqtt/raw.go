package mqtt

import (
	"slices"

	"github.com/serenazgo/serenazgo/fleet"
)

// rawOf tells whether payloads of a device are kept as they come.
func (r *Registry) rawOf(ubigeo, device string) bool {
	d := (*r.districts.Load())[ubigeo]
	return d != nil && d.raw && d.devices[device].RawDays > 0
}

// keepRaw keeps a payload for each of its devices that wants it. One without
// fixes is of the device that logged in.
func (in *intake) keepRaw(m Message, d Decoded, decoder string) {
	if in.raw == nil {
		return
	}
	keep := func(ubigeo, device string) {
		if !in.registry.rawOf(ubigeo, device) {
			return
		}
		p := fleet.NewRawPayload(device, m.Payload, d.Fixes)
		p.Ubigeo, p.Received, p.Topic, p.Client, p.Decoder = ubigeo, m.Received, m.Topic, m.Client, decoder
		for _, r := range d.Rejects {
			p.Rejects = append(p.Rejects, r.Reason)
		}
		in.raw(p)
	}
	if len(d.Fixes) == 0 {
		if ubigeo, device, err := ParseDeviceUser(m.User); err == nil {
			keep(ubigeo, device)
		}
		return
	}
	last, kept := "", []string(nil)
	for i := range d.Fixes {
		f := &d.Fixes[i]
		if f.Device == last || slices.Contains(kept, f.Device) {
			continue
		}
		last, kept = f.Device, append(kept, f.Device)
		keep(f.Ubigeo, f.Device)
	}
}
