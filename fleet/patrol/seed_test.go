package patrol

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

func TestSeed(t *testing.T) {
	secret := []byte("0123456789abcdef0123456789abcdef")
	first := Seed(secret, "130102", "2026-11-21/noche", 1)
	if again := Seed(secret, "130102", "2026-11-21/noche", 1); again != first {
		t.Errorf("seed %d, then %d: an audit could not repeat it", first, again)
	}
	if first < 1 || first > 1<<53 {
		t.Errorf("seed %d does not survive JSON", first)
	}
	for name, other := range map[string]int64{
		"district": Seed(secret, "130101", "2026-11-21/noche", 1),
		"day":      Seed(secret, "130102", "2026-11-22/noche", 1),
		"shift":    Seed(secret, "130102", "2026-11-21/tarde", 1),
		"version":  Seed(secret, "130102", "2026-11-21/noche", 2),
		"secret":   Seed([]byte("another"), "130102", fleet.ShiftID("2026-11-21/noche"), 1),
	} {
		if other == first {
			t.Errorf("another %s gives the same seed", name)
		}
	}
}
