package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/serenazgo/serenazgo/fleet"
)

type callerKey struct{}

// withCaller hands the caller to the operations, which see no HTTP.
func withCaller(ctx context.Context, w who) context.Context {
	return context.WithValue(ctx, callerKey{}, w)
}

// callerOf gives the caller of an operation; zero for nobody.
func callerOf(ctx context.Context) who {
	w, _ := ctx.Value(callerKey{}).(who)
	return w
}

type requestKey struct{}

// request is what operations may know of HTTP.
type request struct {
	*http.Request
	remote string
}

// withRequest hands the request and the client's address to the operations.
func withRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		c.SetRequest(req.WithContext(context.WithValue(req.Context(), requestKey{}, request{req, c.RealIP()})))
		return next(c)
	}
}

// requestOf gives the request of an operation, with the operation's own context.
func requestOf(ctx context.Context) *http.Request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r.Request.WithContext(ctx)
}

func remoteOf(ctx context.Context) string {
	r, _ := ctx.Value(requestKey{}).(request)
	return r.remote
}

// audit records what the caller did or looked at; an action without its row in
// the audit does not happen.
func (s *server) audit(ctx context.Context, ubigeo, action, subject, detail string) error {
	return s.cfg.Store.Audit(ctx, auditRow(ctx, ubigeo, action, subject, detail))
}

// auditRow is the row of an action of the caller's, for a store that keeps it
// together with what was done.
func auditRow(ctx context.Context, ubigeo, action, subject, detail string) fleet.AuditRow {
	return fleet.AuditRow{Ubigeo: ubigeo, At: time.Now().UTC(), Username: callerOf(ctx).user.Username,
		Action: action, Subject: subject, Detail: detail, Remote: remoteOf(ctx)}
}

// ptr gives the address of a value, for the optional parts of answers.
func ptr[T any](v T) *T { return &v }

// some gives the address of a value that is not the zero one.
func some[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
