package measure_test

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/measure"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestMeasure(t *testing.T) {
	url := storetest.URL(t)
	st, err := store.Open(t.Context(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Now()
	var fixes []fleet.Fix
	for n := range 100 {
		fixes = append(fixes, fleet.Fix{Ubigeo: "130102", Device: "C01", Time: now, Received: now, Seq: int64(n), Point: orb.Point{-79, -8}})
	}
	// Two of the same number, told apart by the table's key, and a stranger.
	again, other := fixes[7], fixes[7]
	again.Time = now.Add(time.Second)
	other.Ubigeo = "130101"
	if _, err := st.StoreFixes(t.Context(), append(fixes, again, other)); err != nil {
		t.Fatal(err)
	}
	rows, duplicates, numbers, err := measure.Fixes(t.Context(), url, "130102")
	if err != nil || rows != 101 || duplicates != 1 || len(numbers) != 100 || !numbers[measure.Number{Device: "C01", Seq: 99}] {
		t.Errorf("%d rows, %d duplicates, %d numbers, %v", rows, duplicates, len(numbers), err)
	}
	if n, err := measure.Count(t.Context(), url, "130102"); n != 101 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if rate, err := measure.Copy(t.Context(), url, "130102"); rate <= 0 || err != nil {
		t.Errorf("%g, %v", rate, err)
	}
	if rate, err := measure.Copy(t.Context(), url, "999999"); rate != 0 || err != nil {
		t.Errorf("of nothing: %g, %v", rate, err)
	}
}
