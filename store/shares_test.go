package store_test

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestShares(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	l := fleet.ShareLink{Ubigeo: here, ID: "a1", Units: []string{"C01", "C02"}, Note: "Comisaría", CreatedAt: noon, CreatedBy: "ana", ExpiresAt: noon.Add(time.Hour)}
	hash, other := [32]byte{1}, [32]byte{2}
	audit := fleet.AuditRow{Ubigeo: here, Username: "ana", Action: "share.make", Subject: "a1"}
	check(t, s.SaveShare(ctx, l, hash, audit))
	wantKind(t, "twice", s.SaveShare(ctx, l, other, audit), fleet.ErrConflict)
	long := l
	long.ID, long.ExpiresAt = "a2", noon.Add(8*24*time.Hour)
	wantKind(t, "for ever", s.SaveShare(ctx, long, other, audit), fleet.ErrInvalid)

	_, err := s.LookAtShare(ctx, other, noon)
	wantKind(t, "another token", err, fleet.ErrNotFound)
	_, err = s.LookAtShare(ctx, hash, noon.Add(time.Hour))
	wantKind(t, "expired", err, fleet.ErrNotFound)
	got := must(s.LookAtShare(ctx, hash, noon.Add(time.Minute)))(t)
	l.Looks, l.LookedAt = 1, noon.Add(time.Minute)
	same(t, "looked at", l, got)

	wantKind(t, "of elsewhere", s.RevokeShare(ctx, "130102", "a1", noon, audit), fleet.ErrNotFound)
	check(t, s.RevokeShare(ctx, here, "a1", noon.Add(2*time.Minute), audit))
	check(t, s.RevokeShare(ctx, here, "a1", noon.Add(3*time.Minute), fleet.AuditRow{Ubigeo: here, Username: "luis", Action: "share.revoke", Subject: "a1"}))
	_, err = s.LookAtShare(ctx, hash, noon.Add(3*time.Minute))
	wantKind(t, "revoked", err, fleet.ErrNotFound)
	l.RevokedAt, l.RevokedBy = noon.Add(2*time.Minute), "ana"
	same(t, "listed", []fleet.ShareLink{l}, must(s.Shares(ctx, here, 10))(t))
	same(t, "audited", 3, len(must(s.AuditRows(ctx, here, 10))(t)))
}
