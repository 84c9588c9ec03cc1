package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// The file of a session that both sides signed is told from one that was changed,
// one that cannot be read and one that is not there.
func TestReviewVerify(t *testing.T) {
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := time.Date(2026, 10, 5, 17, 0, 0, 0, time.UTC)
	chief, opc := session.Stamp{By: "jefe", Name: "Jefe de serenazgo", At: at}, session.Stamp{By: "pnp", Name: "Comisario", At: at}
	s, err := session.Begin("130102", review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}}, json.RawMessage(`{"ubigeo":"130102","shifts":92}`), nil, chief)
	must(err)
	s.ID, s.Version = "x-v1", 1
	must(s.Submit(at))
	must(s.Look(session.Municipality, chief))
	must(s.Look(session.Police, opc))
	seen, err := s.Sum()
	must(err)
	must(s.Sign(session.Police, opc, seen))
	must(s.Sign(session.Municipality, chief, seen))
	raw, err := json.MarshalIndent(s, "", "  ")
	must(err)
	changed := strings.Replace(string(raw), `"shifts": 92`, `"shifts": 93`, 1)
	if changed == string(raw) {
		t.Fatal("nothing was changed")
	}
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"good", string(raw), nil},
		{"changed", changed, session.ErrNotSigned},
		{"cut", string(raw[:len(raw)/2]), errInput},
		{"missing", "", errInput},
	} {
		file := filepath.Join(t.TempDir(), "session.json")
		if c.text != "" {
			must(os.WriteFile(file, []byte(c.text), 0o600))
		}
		for _, asJSON := range []bool{false, true} {
			err := (&reviewVerifyCmd{File: file, JSON: asJSON}).Run()
			if !errors.Is(err, c.want) {
				t.Errorf("%s, JSON %t: %v, want %v", c.name, asJSON, err, c.want)
			}
			if c.want == errInput && !strings.Contains(err.Error(), file) {
				t.Errorf("%s: %v does not name the file", c.name, err)
			}
		}
	}
}
