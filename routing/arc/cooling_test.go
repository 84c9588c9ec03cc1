package arc

import "testing"

func TestCooling(t *testing.T) {
	for _, c := range []struct {
		name    string
		crosses bool
		steps   int64 // for each of 20 tasks
		rounds  int
	}{
		{"few steps are one round", true, 3500, 1},
		{"as many shorter rounds", true, 4500, 4 + 12},
		{"plenty", true, 10000, 4 + 32},
		{"nothing is crossed", false, 9000, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newCooling(20, c.crosses)
			all := 20 * c.steps
			last, before, rounds := -1, 0.0, 0
			for i := range all {
				round, share := k.at(i, float64(i)/float64(all), all)
				if share < 0 || share >= 1 || round < last || round == last && share < before {
					t.Fatalf("step %d: round %d, share %v after round %d, share %v", i, round, share, last, before)
				}
				if round != last {
					rounds++
				}
				last, before = round, share
			}
			if rounds != c.rounds {
				t.Errorf("%d rounds, want %d", rounds, c.rounds)
			}
		})
	}
}
