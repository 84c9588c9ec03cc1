package api

import (
	"context"
	"encoding/json"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
)

// loggedIn is the answer to a login: the session, and its cookie.
type loggedIn struct {
	s     *server
	token string
	body  Session
}

func (l loggedIn) write(w http.ResponseWriter) error {
	http.SetCookie(w, l.s.cookie(l.token, 0))
	return writeJSON(w, http.StatusOK, l.body)
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}

// VisitLogInResponse writes the answer.
func (l loggedIn) VisitLogInResponse(w http.ResponseWriter) error { return l.write(w) }

// VisitSetUpResponse writes the answer.
func (l loggedIn) VisitSetUpResponse(w http.ResponseWriter) error { return l.write(w) }

// cookie holds the token of a session; an age below zero deletes it.
func (s *server) cookie(token string, age int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: age, Secure: s.cfg.Secure}
}

func (s *server) session(ctx context.Context, u fleet.User, csrf string) (Session, error) {
	ds, err := s.cfg.Store.Districts(ctx)
	if err != nil {
		return Session{}, err
	}
	out := Session{Username: u.Username, Name: u.Name, Csrf: csrf, Districts: []Membership{}}
	for _, d := range ds {
		if role, ok := u.Districts[d.Ubigeo]; ok {
			out.Districts = append(out.Districts, Membership{Ubigeo: d.Ubigeo, Name: d.Name, Role: role})
		}
	}
	sort.Slice(out.Districts, func(i, j int) bool { return out.Districts[i].Ubigeo < out.Districts[j].Ubigeo })
	return out, nil
}

// LogIn begins a session.
func (s *server) LogIn(ctx context.Context, r LogInRequestObject) (LogInResponseObject, error) {
	token, session, u, err := s.cfg.Auth.Login(ctx, r.Body.Username, r.Body.Password, remoteOf(ctx))
	if err != nil {
		return nil, err
	}
	body, err := s.session(ctx, u, session.CSRF)
	return loggedIn{s, token, body}, err
}

// SetUp makes the first administrator and logs it in.
func (s *server) SetUp(ctx context.Context, r SetUpRequestObject) (SetUpResponseObject, error) {
	b := r.Body
	// Once there is an account no link works: strangers make the service neither
	// hash passwords nor read anything.
	n, err := s.cfg.Store.CountUsers(ctx)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return nil, auth.ErrSetupToken
	}
	ds, err := s.cfg.Store.Districts(ctx)
	if err != nil {
		return nil, err
	}
	if len(ds) == 0 {
		return nil, problem{fleet.ErrConflict, "Primero importe las calles del distrito: serenazgo import streets ARCHIVO --boundary LÍMITE. Luego vuelva a este enlace.", ""}
	}
	u := fleet.User{Ubigeo: ds[0].Ubigeo, Username: strings.ToLower(strings.TrimSpace(b.Username)), Name: strings.TrimSpace(b.Name), Districts: map[string]fleet.Role{}}
	for _, d := range ds {
		u.Districts[d.Ubigeo] = fleet.RoleAdmin
	}
	if auth.CheckUsername(u.Username) != nil {
		return nil, errUsername
	}
	if u.Name == "" {
		return nil, invalid("name", "Escriba su nombre.")
	}
	token, session, u, err := s.cfg.Auth.SetUp(ctx, b.Token, u, b.Password, remoteOf(ctx))
	if err != nil {
		return nil, err
	}
	body, err := s.session(ctx, u, session.CSRF)
	return loggedIn{s, token, body}, err
}

// CheckSetUp tells whether the link still works, before anybody fills in a form.
func (s *server) CheckSetUp(ctx context.Context, r CheckSetUpRequestObject) (CheckSetUpResponseObject, error) {
	if err := s.cfg.Auth.CheckSetup(ctx, r.Body.Token); err != nil {
		return nil, err
	}
	return CheckSetUp204Response{}, nil
}

// GetSession tells who is logged in.
func (s *server) GetSession(ctx context.Context, _ GetSessionRequestObject) (GetSessionResponseObject, error) {
	c := callerOf(ctx)
	body, err := s.session(ctx, c.user, c.csrf)
	return GetSession200JSONResponse(body), err
}

type loggedOut struct{ s *server }

// VisitLogOutResponse writes the answer.
func (l loggedOut) VisitLogOutResponse(w http.ResponseWriter) error {
	http.SetCookie(w, l.s.cookie("", -1))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// LogOut ends the session.
func (s *server) LogOut(ctx context.Context, _ LogOutRequestObject) (LogOutResponseObject, error) {
	if err := s.cfg.Auth.Logout(ctx, callerOf(ctx).token); err != nil {
		return nil, err
	}
	return loggedOut{s}, nil
}

// GetPublic tells the login page what it may know.
func (s *server) GetPublic(ctx context.Context, _ GetPublicRequestObject) (GetPublicResponseObject, error) {
	n, err := s.cfg.Store.CountUsers(ctx)
	if err != nil {
		return nil, err
	}
	out := GetPublic200JSONResponse{SetupNeeded: n == 0, Demo: len(s.cfg.Logins) > 0}
	out.Logins = append([]DemoLogin{}, s.cfg.Logins...)
	ds, err := s.cfg.Store.Districts(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		g, version := s.cfg.Watch.Graph(d.Ubigeo)
		if g == nil {
			continue
		}
		out.Map = &PublicMap{Name: d.Name, Bounds: boundsOf(d, g), Tiles: tilesURL(d.Ubigeo, version)}
		break
	}
	return out, nil
}

// stamp writes an instant as the API does.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
