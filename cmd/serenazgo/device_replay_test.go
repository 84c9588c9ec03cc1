package main

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestDeadLettersAreReplayed keeps payloads under a topic that no rule knows,
// adds the rule, and reads them anew.
func TestDeadLettersAreReplayed(t *testing.T) {
	st, flags := scratch(t, false)
	ctx, now := t.Context(), time.Now()
	for n := range 3 {
		at := now.Add(-time.Duration(n) * time.Minute)
		err := st.SaveDeadLetter(ctx, fleet.DeadLetter{Ubigeo: amazonas, Received: at, Topic: "gps/356307042441013/data", Client: "", Reason: "topic of no known form",
			Payload: fmt.Appendf(nil, `{"state":{"reported":{"ts":%d,"pr":0,"latlng":"-12.046400,-77.042800","alt":154,"ang":271,"sat":9,"sp":34}}}`, at.UnixMilli())})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := st.SaveDeadLetter(ctx, fleet.DeadLetter{Ubigeo: amazonas, Received: now, Topic: "gps/356307042441013/data", Reason: "nonsense", Payload: []byte{0xff}}); err != nil {
		t.Fatal(err)
	}
	replay := func(dry bool) (out fleet.Replayed) {
		t.Helper()
		text, err := output(t, func() error {
			return (&deviceReplayCmd{storeFlags: flags, Limit: 100, DryRun: dry, JSON: true}).Run(ctx)
		})
		if err != nil || json.Unmarshal([]byte(text), &out) != nil {
			t.Fatalf("%v: %s", err, text)
		}
		return out
	}
	if out := replay(false); out.Letters != 4 || out.Decoded != 0 {
		t.Errorf("without a rule: %+v", out)
	}
	if _, err := output(t, func() error {
		return (&topicAddCmd{storeFlags: flags, Pattern: "gps/{device}/data", Format: "teltonika"}).Run(ctx)
	}); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveDevice(ctx, fleet.Device{Ubigeo: amazonas, ID: "hilux", Identities: []string{"356307042441013"}, Known: true}, ""); err != nil {
		t.Fatal(err)
	}
	if out := replay(true); out.Decoded != 3 || out.Stored != 0 || out.Left["nonsense"] != 1 {
		t.Errorf("dry: %+v", out)
	}
	if out := replay(false); out.Decoded != 3 || out.Fixes != 3 || out.Stored != 3 {
		t.Errorf("with a rule: %+v", out)
	}
	if out := replay(false); out.Letters != 1 || out.Decoded != 0 {
		t.Errorf("again: %+v", out)
	}
	fixes, err := st.Fixes(ctx, amazonas, "hilux", now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil || len(fixes) != 3 {
		t.Fatalf("%d fixes, %v", len(fixes), err)
	}
	if f := fixes[0]; f.Flags&fleet.FlagBacklog == 0 || f.Received.After(now) {
		t.Errorf("%+v", f)
	}
}
