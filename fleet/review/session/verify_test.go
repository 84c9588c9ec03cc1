package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

// signed is a session that both sides have signed.
func signed(t testing.TB) *Session {
	t.Helper()
	s := begun(t)
	must(t, s.Retake(json.RawMessage(`{"ubigeo":"130102","a":1.50,"b":"<á>"}`), noon))
	must(t, s.Agree(light, noon))
	must(t, s.Submit(noon))
	must(t, s.Look(Municipality, chief))
	must(t, s.Look(Police, opc))
	must(t, s.Sign(Police, opc, sum(t, s)))
	must(t, s.Sign(Municipality, chief, sum(t, s)))
	return s
}

// TestVerify: what was written and read again, however indented, is what was
// signed; a changed figure, text or signature is not.
func TestVerify(t *testing.T) {
	raw, err := json.MarshalIndent(signed(t), "", "    ")
	must(t, err)
	for _, c := range []struct {
		name, old, new string
		want           error
	}{
		{"as it is", "", "", nil},
		{"a figure", "1.50", "1.51", ErrNotSigned},
		{"the same figure in other digits", "1.50", "1.5", ErrNotSigned},
		{"an agreement", "Wichanzao", "Ancash", ErrNotSigned},
		{"the district", `"ubigeo": "130102"`, `"ubigeo": "130103"`, ErrNotSigned},
		{"one person", `"by": "pnp"`, `"by": "jefe"`, ErrNotSigned},
		{"a signature", `"police":`, `"army":`, ErrNotSigned},
		{"reopened", `"state": "locked"`, `"state": "review"`, ErrNotSigned},
		{"no session", `"id": "x-v1"`, `"id": ""`, fleet.ErrInvalid},
		{"cut off", "}", "", fleet.ErrInvalid},
	} {
		text := strings.ReplaceAll(string(raw), c.old, c.new)
		if c.old == "" {
			text = string(raw)
		} else if text == string(raw) {
			t.Fatalf("%s: nothing was changed", c.name)
		}
		s, err := Read(bytes.NewBufferString(text))
		if err == nil {
			_, err = s.Verify()
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	raw, err := json.Marshal(signed(f))
	must(f, err)
	f.Add(raw)
	f.Add([]byte(`{"id":"x","state":"locked","figures":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := Read(bytes.NewReader(raw)); err == nil {
			_, _ = s.Verify()
		}
	})
}
