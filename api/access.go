package api

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/labstack/echo/v4"

	"github.com/serenazgo/serenazgo/fleet"
)

// access says who may call each route, and with what. It is read from the
// specification, so that a route that is not in it, or names no roles there,
// cannot be served.
type access map[string]operation // by "GET /d/:ubigeo"

// operation is what the specification says of a route.
type operation struct {
	roles []string      // x-roles
	route routers.Route // to hold requests against
}

// Words of x-roles beside the roles themselves.
const (
	anyone = "anyone" // no login
	user   = "user"   // logged in
	member = "member" // any role in the district
)

// takesFiles tells whether the route's body is a form with files.
func (o operation) takesFiles() bool {
	body := o.route.Operation.RequestBody
	return body != nil && body.Value != nil && body.Value.Content["multipart/form-data"] != nil
}

func readAccess(spec *openapi3.T) (access, error) {
	known := map[string]bool{anyone: true, user: true, member: true}
	for _, r := range fleet.Roles {
		known[string(r)] = true
	}
	out := access{}
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			raw, _ := op.Extensions["x-roles"].([]any)
			if len(raw) == 0 {
				return nil, fmt.Errorf("api: %s %s names no roles", method, path)
			}
			var roles []string
			for _, r := range raw {
				s, ok := r.(string)
				if !ok || !known[s] {
					return nil, fmt.Errorf("api: %s %s: role %v is not known", method, path, r)
				}
				roles = append(roles, s)
			}
			out[method+" "+echoPath(path)] = operation{roles, routers.Route{Spec: spec, Path: path, PathItem: item, Method: method, Operation: op}}
		}
	}
	return out, nil
}

// echoPath writes {name} as :name.
func echoPath(p string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(p)
}

// who is the caller of a request.
type who struct {
	user  fleet.User
	csrf  string
	token string
	since time.Time // the session's beginning
}

// operation finds what a request asks for.
func (s *server) operation(c echo.Context) (operation, bool) {
	op, ok := s.access[c.Request().Method+" "+strings.TrimPrefix(c.Path(), prefix)]
	return op, ok
}

// guard lets a request through only if its caller has a role that the route
// asks for, and a write only with the session's CSRF token.
func (s *server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		op, ok := s.operation(c)
		if !ok {
			return fleet.ErrNotFound
		}
		if op.roles[0] == anyone {
			return next(c)
		}
		cookie, err := c.Cookie(cookieName)
		if err != nil {
			return errNoSession
		}
		u, session, err := s.cfg.Auth.Authenticate(c.Request().Context(), cookie.Value)
		if err != nil {
			return err
		}
		c.SetRequest(c.Request().WithContext(withCaller(c.Request().Context(), who{u, session.CSRF, cookie.Value, session.CreatedAt})))
		if ubigeo := c.Param("ubigeo"); ubigeo != "" {
			role, belongs := u.Districts[ubigeo]
			if !belongs {
				return fleet.ErrNotFound
			}
			if !allowed(op.roles, role) {
				return fleet.ErrForbidden
			}
		}
		switch c.Request().Method {
		case http.MethodGet, http.MethodHead:
		default:
			if !sameToken(c.Request().Header.Get("X-CSRF-Token"), session.CSRF) {
				return errCSRF
			}
		}
		return next(c)
	}
}

func allowed(roles []string, r fleet.Role) bool {
	for _, want := range roles {
		if want == member || want == string(r) {
			return true
		}
	}
	return false
}
