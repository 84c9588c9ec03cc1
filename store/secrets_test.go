package store_test

import (
	"bytes"
	"testing"

	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestPlanSecret(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	first := must(s.PlanSecret(ctx, here))(t)
	if len(first) != 32 {
		t.Errorf("secret of %d bytes", len(first))
	}
	if !bytes.Equal(first, must(s.PlanSecret(ctx, here))(t)) {
		t.Error("a second call made another secret: no seed could be audited")
	}
	if bytes.Equal(first, must(s.PlanSecret(ctx, "130102"))(t)) {
		t.Error("two districts share a secret")
	}
}
