package rounds

import "testing"

func TestVisitValue(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before int
		since  float64
		want   float64
	}{
		{"the second, two hours after the first", 1, 7200, 1},
		{"the second, an hour after it", 1, 3600, 0.5},
		{"the second, just after it", 1, 600, 0},
		{"the third is worth half of it", 2, 7200, 0.5},
		{"the fourth a quarter", 3, 9000, 0.25},
		{"the tenth no less than the fifth", 9, 7200, 0.125},
	} {
		if got := visitValue(tt.before, tt.since); got != tt.want {
			t.Errorf("%s: %g, want %g", tt.name, got, tt.want)
		}
	}
}
