package api

import (
	"context"
	"errors"
	"strings"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
)

var errUsername = invalid("username", "El usuario lleva de 3 a 40 letras minúsculas, dígitos, punto o guion.")

// GetUsers lists the accounts of the district.
func (s *server) GetUsers(ctx context.Context, r GetUsersRequestObject) (GetUsersResponseObject, error) {
	us, err := s.cfg.Store.Users(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := GetUsers200JSONResponse{}
	for _, u := range us {
		out = append(out, User{Username: u.Username, Name: u.Name, Role: u.Districts[r.Ubigeo], Disabled: u.Disabled})
	}
	return out, nil
}

// AddUser makes an account with one role in this district.
func (s *server) AddUser(ctx context.Context, r AddUserRequestObject) (AddUserResponseObject, error) {
	b := r.Body
	u := fleet.User{Ubigeo: r.Ubigeo, Username: strings.ToLower(strings.TrimSpace(b.Username)), Name: strings.TrimSpace(b.Name),
		Districts: map[string]fleet.Role{r.Ubigeo: b.Role}, CreatedAt: stamp(s.cfg.Now())}
	if auth.CheckUsername(u.Username) != nil {
		return nil, errUsername
	}
	if u.Name == "" || len([]rune(u.Name)) > 100 {
		return nil, invalid("name", "Escriba el nombre, hasta 100 letras.")
	}
	known := false
	for _, role := range fleet.Roles {
		known = known || role == b.Role
	}
	if !known {
		return nil, invalid("role", "Elija un rol.")
	}
	if err := auth.CheckPassword(u.Username, b.Password); err != nil {
		return nil, err
	}
	var err error
	if u.PasswordHash, err = auth.HashPassword(b.Password); err != nil {
		return nil, err
	}
	if err := s.cfg.Store.CreateUser(ctx, u); err != nil {
		if errors.Is(err, fleet.ErrConflict) {
			return nil, problem{fleet.ErrConflict, "Ese nombre de usuario ya existe; elija otro.", "username"}
		}
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "user.add", u.Username, string(b.Role)); err != nil {
		return nil, err
	}
	return AddUser201JSONResponse{Username: u.Username, Name: u.Name, Role: b.Role}, nil
}

// GetAudit lists the newest rows of the audit.
func (s *server) GetAudit(ctx context.Context, r GetAuditRequestObject) (GetAuditResponseObject, error) {
	limit := 200
	if r.Params.Limit != nil {
		limit = min(max(*r.Params.Limit, 1), 2000)
	}
	rows, err := s.cfg.Store.AuditRows(ctx, r.Ubigeo, limit)
	if err != nil {
		return nil, err
	}
	out := GetAudit200JSONResponse{}
	for _, a := range rows {
		out = append(out, AuditRow{At: stamp(a.At), Username: a.Username, Action: a.Action, Subject: some(a.Subject), Detail: some(a.Detail), Remote: some(a.Remote)})
	}
	return out, nil
}
