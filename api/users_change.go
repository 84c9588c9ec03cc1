package api

import (
	"context"
	"errors"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
)

// account finds an account of the district.
func (s *server) account(ctx context.Context, ubigeo, username string) (fleet.User, error) {
	u, err := s.cfg.Store.UserByName(ctx, username)
	if _, belongs := u.Districts[ubigeo]; err == nil && !belongs {
		err = fleet.ErrNotFound
	}
	return u, err
}

// commands tells whether the caller administers every district of an account.
// Who does not must not log in as it, nor lock it out of the other districts.
func commands(caller, u fleet.User) bool {
	for ubigeo := range u.Districts {
		if caller.Districts[ubigeo] != fleet.RoleAdmin {
			return false
		}
	}
	return true
}

var errShared = problem{fleet.ErrForbidden, "La cuenta es también de otro distrito que usted no administra; pídalo a quien administra ambos.", ""}

// ChangeUser changes an account's role here, closes it or opens it again.
func (s *server) ChangeUser(ctx context.Context, r ChangeUserRequestObject) (ChangeUserResponseObject, error) {
	u, err := s.account(ctx, r.Ubigeo, r.Username)
	if err != nil {
		return nil, err
	}
	caller := callerOf(ctx).user
	if u.Username == caller.Username { // so that a district never loses its last administrator
		return nil, problem{fleet.ErrForbidden, "No puede cambiar su propio rol ni desactivar su propia cuenta; pídalo a otro administrador.", ""}
	}
	b := r.Body
	if b.Disabled != nil && *b.Disabled != u.Disabled && !commands(caller, u) {
		return nil, errShared
	}
	if b.Role != nil && *b.Role != u.Districts[r.Ubigeo] {
		if err := s.cfg.Store.SetRole(ctx, r.Ubigeo, u.Username, *b.Role, auditRow(ctx, r.Ubigeo, "user.role", u.Username, string(*b.Role))); err != nil {
			return nil, err
		}
		u.Districts[r.Ubigeo] = *b.Role
	}
	if b.Disabled != nil && *b.Disabled != u.Disabled {
		action := "user.enable"
		if *b.Disabled {
			action = "user.disable"
		}
		if err := s.cfg.Store.SetDisabled(ctx, u.Username, *b.Disabled, auditRow(ctx, r.Ubigeo, action, u.Username, "")); err != nil {
			return nil, err
		}
		u.Disabled = *b.Disabled
	}
	return ChangeUser200JSONResponse{Username: u.Username, Name: u.Name, Role: u.Districts[r.Ubigeo], Disabled: u.Disabled}, nil
}

// SetUserPassword gives an account a new password.
func (s *server) SetUserPassword(ctx context.Context, r SetUserPasswordRequestObject) (SetUserPasswordResponseObject, error) {
	u, err := s.account(ctx, r.Ubigeo, r.Username)
	if err != nil {
		return nil, err
	}
	caller := callerOf(ctx).user
	if u.Username == caller.Username { // else a session left open would be enough to take the account
		return nil, problem{fleet.ErrForbidden, "Cambie su propia contraseña en «Mi cuenta».", ""}
	}
	if !commands(caller, u) {
		return nil, errShared
	}
	hash, err := s.cfg.Auth.Hash(ctx, u.Username, r.Body.Password)
	if err != nil {
		return nil, err
	}
	if err := s.cfg.Store.SetPassword(ctx, u.Username, hash, nil, auditRow(ctx, r.Ubigeo, "user.password", u.Username, "")); err != nil {
		return nil, err
	}
	return SetUserPassword204Response{}, nil
}

// ChangePassword changes the caller's own password.
func (s *server) ChangePassword(ctx context.Context, r ChangePasswordRequestObject) (ChangePasswordResponseObject, error) {
	c := callerOf(ctx)
	err := s.cfg.Auth.ChangePassword(ctx, c.user, c.token, r.Body.Present, r.Body.Password,
		auditRow(ctx, c.user.Ubigeo, "password.change", c.user.Username, ""))
	if errors.Is(err, auth.ErrPresent) {
		return nil, invalid("present", "La contraseña actual no es esa.")
	}
	if err != nil {
		return nil, err
	}
	return ChangePassword204Response{}, nil
}
