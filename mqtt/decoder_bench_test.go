package mqtt

import "testing"

// BenchmarkDecode reads one fix: on the default topic, where the decoder is
// chosen by shape, and under a rule.
func BenchmarkDecode(b *testing.B) {
	r := ruledRegistry()
	for name, m := range map[string]Message{
		"native":  {Topic: pos, Payload: []byte(`{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":18,"course":271,"acc":8,"alt":34,"batt":88,"ign":true,"seq":4711}`)},
		"traccar": {Topic: foreign[0].topic, Payload: []byte(foreign[0].payload)},
	} {
		m.Received = received
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if d, _, _ := r.Decode(m); len(d.Fixes) != 1 {
					b.Fatal(d.Rejects)
				}
			}
		})
	}
}
