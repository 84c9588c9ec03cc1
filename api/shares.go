package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// sharePage is where the page shows a link. The token follows after "#", which
// browsers send to nobody.
const sharePage = "/compartido#"

func (s *server) shareBody(l fleet.ShareLink) ShareLink {
	out := ShareLink{Id: l.ID, Units: l.Units, Note: l.Note, CreatedAt: stamp(l.CreatedAt), CreatedBy: l.CreatedBy, ExpiresAt: stamp(l.ExpiresAt), Looks: l.Looks,
		RevokedBy: some(l.RevokedBy), Open: l.Open(s.cfg.Now())}
	if !l.RevokedAt.IsZero() {
		out.RevokedAt = ptr(stamp(l.RevokedAt))
	}
	if !l.LookedAt.IsZero() {
		out.LookedAt = ptr(stamp(l.LookedAt))
	}
	return out
}

// GetShares lists links.
func (s *server) GetShares(ctx context.Context, r GetSharesRequestObject) (GetSharesResponseObject, error) {
	ls, err := s.cfg.Store.Shares(ctx, r.Ubigeo, 100)
	if err != nil {
		return nil, err
	}
	out := GetShares200JSONResponse{}
	for _, l := range ls {
		out = append(out, s.shareBody(l))
	}
	return out, nil
}

// MakeShare makes a link.
func (s *server) MakeShare(ctx context.Context, r MakeShareRequestObject) (MakeShareResponseObject, error) {
	units, err := s.chosenUnits(ctx, r.Ubigeo, &r.Body.Units)
	if err != nil {
		return nil, err
	}
	var secret [24]byte
	var name [6]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return nil, err
	}
	if _, err := rand.Read(name[:]); err != nil {
		return nil, err
	}
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	now := s.cfg.Now().UTC()
	l := fleet.ShareLink{Ubigeo: r.Ubigeo, ID: base64.RawURLEncoding.EncodeToString(name[:]), CreatedAt: now, CreatedBy: callerOf(ctx).user.Username,
		ExpiresAt: now.Add(time.Duration(r.Body.Minutes) * time.Minute)}
	for _, u := range units {
		l.Units = append(l.Units, u.ID)
	}
	if r.Body.Note != nil {
		l.Note = *r.Body.Note
	}
	audit := auditRow(ctx, r.Ubigeo, "share.make", l.ID, l.Note+" · "+l.ExpiresAt.Format(time.RFC3339))
	if err := s.cfg.Store.SaveShare(ctx, l, sha256.Sum256([]byte(token)), audit); err != nil {
		return nil, err
	}
	return MakeShare201JSONResponse{Id: l.ID, Path: sharePage + token, ExpiresAt: stamp(l.ExpiresAt)}, nil
}

// RevokeShare ends a link.
func (s *server) RevokeShare(ctx context.Context, r RevokeShareRequestObject) (RevokeShareResponseObject, error) {
	err := s.cfg.Store.RevokeShare(ctx, r.Ubigeo, r.Id, s.cfg.Now(), auditRow(ctx, r.Ubigeo, "share.revoke", r.Id, ""))
	return RevokeShare204Response{}, err
}

// GetShared answers whoever has a link. A look is audited once an hour for each
// address.
func (s *server) GetShared(ctx context.Context, r GetSharedRequestObject) (GetSharedResponseObject, error) {
	gone := func() (GetSharedResponseObject, error) {
		var e GetShared410JSONResponse
		e.Error.Code, e.Error.Message = NotFound, "Este enlace ya no muestra nada: venció o lo retiraron. Pida otro a quien se lo envió."
		return e, nil
	}
	if r.Params.XShareToken == nil || *r.Params.XShareToken == "" {
		return gone()
	}
	now := s.cfg.Now()
	l, err := s.cfg.Store.LookAtShare(ctx, sha256.Sum256([]byte(*r.Params.XShareToken)), now)
	if errors.Is(err, fleet.ErrNotFound) {
		return gone()
	}
	if err != nil {
		return nil, err
	}
	wall := time.Now().UTC()
	look := fleet.AuditRow{Ubigeo: l.Ubigeo, At: wall, Action: "share.look", Subject: l.ID, Remote: remoteOf(ctx)}
	if err := s.cfg.Store.AuditOnce(ctx, look, wall.Truncate(time.Hour)); err != nil {
		return nil, err
	}
	d, err := s.cfg.Store.District(ctx, l.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	out := GetShared200JSONResponse{District: d.Name, TimeZone: loc.String(), ServerTime: stamp(now), ExpiresAt: stamp(l.ExpiresAt)}
	if g, version := s.cfg.Watch.Graph(d.Ubigeo); g != nil {
		b := boundsOf(d, g)
		out.Bounds, out.Tiles = &b, ptr(tilesURL(d.Ubigeo, version))
	}
	if len(d.Boundary) > 0 {
		raw, err := geojson.NewFeatureCollection().Append(geojson.NewFeature(d.Boundary)).MarshalJSON()
		if err != nil {
			return nil, err
		}
		out.Boundary = ptr(FeatureCollection(raw))
	}
	if out.Units, err = s.sharedUnits(l); err != nil {
		return nil, err
	}
	return out, nil
}

// sharedUnits gives the units of a link as vehicles without names: they are
// counted within their kind, in the order of the link.
func (s *server) sharedUnits(l fleet.ShareLink) ([]SharedUnit, error) {
	snap, err := s.cfg.Watch.Snapshot(l.Ubigeo)
	if err != nil {
		return nil, err
	}
	out, numbers := []SharedUnit{}, map[string]int{}
	for _, id := range l.Units {
		i := slices.IndexFunc(snap.Units, func(v watch.UnitView) bool { return v.ID == id })
		if i < 0 {
			continue
		}
		v := snap.Units[i]
		mode := v.Mode.String()
		numbers[mode]++
		u := SharedUnit{Number: numbers[mode], Mode: mode, Link: SharedUnitLink(v.Link), Motion: string(v.Motion), Course: v.Course}
		if v.At != nil && v.Lon != nil && v.Lat != nil {
			u.At, u.Point = ptr(stamp(*v.At)), &orb.Point{*v.Lon, *v.Lat}
		}
		out = append(out, u)
	}
	return out, nil
}
