package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// Bands of the traffic light are kept as versions, and each is on record.
func TestReviewBands(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	check(t, s.SaveDistrict(ctx, fleet.District{Ubigeo: here, Name: "x", TimeZone: "America/Lima"}))
	row := fleet.AuditRow{Ubigeo: here, At: time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC), Username: "jefa", Action: "bands.save"}
	get := func() review.OwnBands {
		t.Helper()
		b, err := s.ReviewBands(ctx, here)
		check(t, err)
		return b
	}
	if b := get(); b != (review.OwnBands{}) {
		t.Fatalf("never set, and yet %+v", b)
	}
	own := review.DefaultBands()
	own.Green, own.Of = 80, map[string][2]float64{review.KeyAlone: {60, 40}}
	check(t, s.SaveReviewBands(ctx, here, &own, row))
	if d := cmp.Diff(review.OwnBands{Version: 1, SetAt: row.At, SetBy: "jefa", Bands: &own}, get()); d != "" {
		t.Error(d)
	}
	bad := own
	bad.Amber = 95
	if err := s.SaveReviewBands(ctx, here, &bad, row); !errors.Is(err, fleet.ErrInvalid) || !errors.Is(err, review.ErrBands) {
		t.Errorf("amber above green: %v", err)
	}
	check(t, s.SaveReviewBands(ctx, here, nil, row))
	if b := get(); b.Version != 2 || b.Bands != nil {
		t.Errorf("taken back, and yet %+v", b)
	}
	if b, err := s.ReviewBands(ctx, "150101"); err != nil || b.Version != 0 {
		t.Errorf("of another district: %+v, %v", b, err)
	}
	rows, err := s.AuditRows(ctx, here, 10)
	check(t, err)
	if len(rows) != 2 {
		t.Errorf("%d changes are on record, want 2", len(rows))
	}
}
