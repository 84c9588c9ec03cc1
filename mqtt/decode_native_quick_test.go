package mqtt

import "testing"

func TestQuickNative(t *testing.T) {
	for name, tt := range map[string]struct {
		payload string
		ok      bool
	}{
		"as in the example":    {`{"ts":1763764359,"lat":-12.0464,"lon":-77.0428,"speed_kmh":18,"course":271,"acc":8,"alt":34,"batt":88,"ign":true,"seq":4711,"event":"sos"}`, true},
		"spaces":               {" {\n\"lat\" : -1.5e1 , \"lon\":2\t}\r\n", true},
		"a list":               {`[{"lat":1,"lon":2}]`, false},
		"no position":          {`{"ts":1763764359}`, false},
		"not on the Earth":     {`{"lat":91,"lon":2}`, false},
		"another member":       {`{"lat":1,"lon":2,"sat":9}`, false},
		"a member twice":       {`{"lat":1,"lon":2,"lat":3}`, false},
		"a number in a string": {`{"lat":"1","lon":2}`, false},
		"a leading zero":       {`{"lat":01,"lon":2}`, false},
		"nothing":              {`{"lat":null,"lon":2}`, false},
		"a comma too many":     {`{"lat":1,"lon":2,}`, false},
		"an escape":            {`{"lat":1,"lon":2,"event":"s\u006fs"}`, false},
		"cut short":            {`{"lat":1,"lon":2`, false},
		"two of them":          {`{"lat":1,"lon":2}{"lat":1,"lon":2}`, false},
		"a time beyond":        {`{"ts":1e99,"lat":1,"lon":2}`, false},
		"empty":                {``, false},
	} {
		t.Run(name, func(t *testing.T) {
			d, ok := quickNative([]byte(tt.payload))
			if ok != tt.ok || len(d.Fixes) != map[bool]int{true: 1}[ok] {
				t.Fatalf("%v, %d fixes", ok, len(d.Fixes))
			}
			if ok {
				if s := diff(Native{}.Decode([]byte(tt.payload)).Fixes, d.Fixes); s != "" {
					t.Error(s)
				}
			}
		})
	}
}
