package api

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/serenazgo/serenazgo/fleet"
)

const (
	prefix     = "/api/v1"
	cookieName = "serenazgo_session"
	// maxBody bounds a request that is not an upload, maxUpload one that is.
	maxBody   = 1 << 20
	maxUpload = 512 << 20
	// drain is how much more is read of a body that is too large.
	drain = 8 << 20
)

// server answers the operations.
type server struct {
	cfg    Config
	log    *slog.Logger
	access access
	tiles  tileSets
	veil   [32]byte // secret of this process; see veiled
}

// New makes the handler of the whole service: API, tiles, page.
func New(cfg Config) (http.Handler, error) {
	s := &server{cfg: cfg, log: cfg.Logger}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.cfg.ClockRate == 0 {
		s.cfg.ClockRate = 1
	}
	rand.Read(s.veil[:]) // never fails
	spec, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("api: specification: %w", err)
	}
	if s.access, err = readAccess(spec); err != nil {
		return nil, err
	}

	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.onError
	e.IPExtractor = echo.ExtractIPDirect()
	if cfg.TrustProxy {
		e.IPExtractor = echo.ExtractIPFromXFFHeader()
	}
	e.Use(s.recoverPanic, middleware.RequestID(), securityHeaders)
	e.Use(middleware.GzipWithConfig(middleware.GzipConfig{Level: gzip.BestSpeed, MinLength: 1024, Skipper: func(c echo.Context) bool {
		return strings.HasSuffix(c.Path(), "/live") || strings.HasPrefix(c.Request().URL.Path, "/tiles/")
	}}))

	v1 := e.Group(prefix, noStore, s.limitBody, withRequest, s.guard, s.conform)
	RegisterHandlers(v1, NewStrictHandler(s, nil))
	nothing := func(echo.Context) error { return fleet.ErrNotFound }
	e.Any("/api", nothing, noStore)
	e.Any("/api/*", nothing, noStore)

	e.Any("/tiles/*", nothing)
	read := []string{http.MethodGet, http.MethodHead}
	e.Match(read, "/tiles/:ubigeo/:version/:z/:x/:y", s.getTile)
	e.Match(read, "/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.Match(read, "/readyz", s.getReady)
	e.Any("/ingest/*", nothing, noStore)
	if cfg.Ingest != nil {
		e.Match([]string{http.MethodGet, http.MethodPost}, "/ingest/:format", echo.WrapHandler(cfg.Ingest), noStore)
	}
	e.Any("/metrics", nothing)
	if cfg.Metrics != nil {
		e.GET("/metrics", s.getMetrics)
	}
	if cfg.Page != nil {
		e.Any("/*", echo.WrapHandler(cfg.Page))
	}
	for _, r := range e.Routes() {
		if p, ok := strings.CutPrefix(r.Path, prefix); ok && r.Method != echo.RouteNotFound {
			if _, ok := s.access[r.Method+" "+p]; !ok {
				return nil, fmt.Errorf("api: route %s %s is not in the specification", r.Method, r.Path)
			}
		}
	}
	return headAsGet(e), nil
}

// headAsGet answers HEAD as GET; the server leaves the body out. A stream has no
// end to wait for.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && strings.HasPrefix(r.URL.Path, prefix+"/") && !strings.HasSuffix(r.URL.Path, "/live") {
			r = r.WithContext(r.Context())
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// recoverPanic turns a panic into an error of the request that caused it.
func (s *server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				s.log.Error("panic", "path", c.Path(), "panic", r, "stack", string(debug.Stack()))
				err = errors.New("panic")
			}
		}()
		return next(c)
	}
}

func securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if strings.HasPrefix(c.Request().URL.Path, "/api") {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		}
		return next(c)
	}
}

func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// limitBody bounds what a client may send, and how long an operation may take.
// Operations that take files have more of both.
func (s *server) limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		limit, patience := int64(maxBody), 30*time.Second
		if op, ok := s.operation(c); ok && op.takesFiles() {
			limit, patience = maxUpload, 10*time.Minute
		} else if strings.HasSuffix(c.Path(), "/export") {
			patience = 10 * time.Minute
		}
		ctx := req.Context()
		if !strings.HasSuffix(c.Path(), "/live") {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, patience)
			defer cancel()
		}
		// Only a copy gets another body: the server must find its own in the
		// request to see that some of it was not read, and end the connection;
		// else it would take the rest for the next request.
		limited := req.WithContext(ctx)
		limited.Body = http.MaxBytesReader(c.Response(), req.Body, limit)
		c.SetRequest(limited)
		err := next(c)
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			// A client that is still sending does not read why it is refused.
			_, _ = io.CopyN(io.Discard, req.Body, drain)
		}
		return err
	}
}

func (s *server) getReady(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 3*time.Second)
	defer cancel()
	if err := s.cfg.Ready(ctx); err != nil {
		s.log.Warn("not ready", "err", err)
		return c.String(http.StatusServiceUnavailable, "not ready\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

// getMetrics answers the machine itself only; not those for whom a proxy on it
// asks.
func (s *server) getMetrics(c echo.Context) error {
	if !net.ParseIP(c.RealIP()).IsLoopback() {
		return fleet.ErrNotFound
	}
	s.cfg.Metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}
