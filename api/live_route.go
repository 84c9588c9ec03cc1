package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// sessionCheck is how often a live stream asks whether its session still holds.
const sessionCheck = 30 * time.Second

// stream is the answer of GetLive: events until the client leaves.
type stream struct {
	s      *server
	ctx    context.Context
	ubigeo string
	who    who
}

// GetLive streams the district's events.
func (s *server) GetLive(ctx context.Context, r GetLiveRequestObject) (GetLiveResponseObject, error) {
	if _, err := s.cfg.Watch.Snapshot(r.Ubigeo); err != nil {
		return nil, err
	}
	c := callerOf(ctx)
	if seesPositions(c.user.Districts[r.Ubigeo]) {
		// Once a session: a page opens the stream at every load and after every
		// break of the line.
		if err := s.cfg.Store.AuditOnce(ctx, auditRow(ctx, r.Ubigeo, "live.view", "", ""), c.since); err != nil {
			return nil, err
		}
	}
	return stream{s, ctx, r.Ubigeo, c}, nil
}

// VisitGetLiveResponse writes events until the client leaves or its session ends.
func (l stream) VisitGetLiveResponse(w http.ResponseWriter) error {
	s, role := l.s, l.who.user.Districts[l.ubigeo]
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(sessionCheck)
		defer tick.Stop()
		for {
			select {
			case <-l.ctx.Done():
				return
			case <-tick.C:
				u, _, err := s.cfg.Auth.Authenticate(l.ctx, l.who.token)
				if err != nil || u.Districts[l.ubigeo] != role {
					return
				}
			}
		}
	}()
	return s.cfg.Hub.Serve(w, requestOf(l.ctx), l.ubigeo, liveView(role), func() (any, error) {
		snap, err := s.cfg.Watch.Snapshot(l.ubigeo)
		if err != nil {
			return nil, err
		}
		out := Snapshot{ServerTime: stamp(snap.At), Shift: s.shift(snap.Shift, snap.At), Streets: some(snap.Streets),
			PlanId: some(snap.PlanID), Units: seenUnits(snap.Units, role), Bar: snap.Bar, Meters: snap.Meters}
		if snap.Presence != nil {
			out.Presence = &snap.Presence
		}
		if !seesDrafts(role) {
			out.PlanId = nil // it may not have been handed out yet
		}
		return out, nil
	}, ended)
}

// UnitsEvent is the body of "units": what changed about which units.
type UnitsEvent struct {
	Units      []watch.UnitView `json:"units"`
	ServerTime time.Time        `json:"server_time"`
}

// ServiceState tells whether the service can do its work.
type ServiceState string

// States of the service.
const (
	ServiceWorks    ServiceState = "ok"
	ServiceDiskFull ServiceState = "disk_full" // no position is stored: there is no room
	ServiceNoStore  ServiceState = "no_store"  // no position is stored: the database is away or refuses
)

// ServiceEvent is the body of "service". While something is wrong it is told
// again every few seconds; no news since the stream began is good news.
type ServiceEvent struct {
	State ServiceState `json:"state"`
	Since time.Time    `json:"since"` // when it failed first; zero while it works
}

// liveView hides from a role what it may not see: the liaison works with joint
// aggregates and the auditor with what was kept, neither with live positions of
// crews. A calculation is told to those who plan.
func liveView(r fleet.Role) func(kind string, body any) (any, bool) {
	switch r {
	case fleet.RoleAdmin, fleet.RoleSupervisor:
		return nil
	}
	return func(kind string, body any) (any, bool) {
		switch kind {
		case "job":
			return nil, false
		case "units", "events":
			if !seesPositions(r) {
				return nil, false
			}
		case "plan":
			if p, ok := body.(PlanEvent); !seesDrafts(r) && (!ok || !p.handedOut) {
				return nil, false
			}
		}
		return body, true
	}
}

// seesPositions tells whether a role may see where crews are now.
func seesPositions(r fleet.Role) bool {
	switch r {
	case fleet.RoleAdmin, fleet.RoleSupervisor, fleet.RoleOperator:
		return true
	}
	return false
}

func seenUnits(us []watch.UnitView, r fleet.Role) []watch.UnitView {
	if seesPositions(r) {
		return us
	}
	return []watch.UnitView{}
}

// getTile serves a vector tile to those who belong to the district, and to the
// login page the streets alone, which are public map data.
func (s *server) getTile(c echo.Context) error {
	ubigeo, version := c.Param("ubigeo"), c.Param("version")
	g, current := s.cfg.Watch.Graph(ubigeo)
	if g == nil || version != current {
		return fleet.ErrNotFound // the page asks again with the version it is told
	}
	var zxy [3]uint32
	for i, name := range []string{"z", "x", "y"} {
		v, err := strconv.ParseUint(c.Param(name), 10, 32)
		if err != nil {
			return fleet.ErrNotFound
		}
		zxy[i] = uint32(v)
	}
	b, err := s.tiles.of(ubigeo, version, g).Tile(zxy[0], zxy[1], zxy[2])
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
	} else if b, err = plain(b); err != nil {
		return err
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+version+`"`)
	if c.Request().Header.Get("If-None-Match") == `"`+version+`"` {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, "application/vnd.mapbox-vector-tile", b)
}

// plain is for the few clients that take no gzip.
func plain(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
