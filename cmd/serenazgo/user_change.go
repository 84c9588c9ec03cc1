package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
)

// userFlags name an account.
type userFlags struct {
	dataFlags
	Username string `arg:"" help:"User name of the account."`
	JSON     bool   `help:"Print one JSON object." name:"json"`
}

// change opens the store and finds the account, has it changed with the row that
// records it, and reads it once more.
func (f userFlags) change(ctx context.Context, action, detail string, change func(st *store.Store, u fleet.User, row fleet.AuditRow) error) (fleet.User, error) {
	st, done, err := f.open(ctx)
	if err != nil {
		return fleet.User{}, err
	}
	defer done()
	u, err := st.UserByName(ctx, f.Username)
	if errors.Is(err, fleet.ErrNotFound) {
		return u, badInputf("there is no account %q; see serenazgo user list", f.Username)
	}
	if err != nil {
		return u, err
	}
	if err := change(st, u, cliRow(u.Ubigeo, action, u.Username, detail)); err != nil {
		return u, err
	}
	return st.UserByName(ctx, f.Username)
}

// userPasswdCmd gives an account a new password.
type userPasswdCmd struct {
	userFlags
	passwordFlags
}

// Run changes the password.
func (c *userPasswdCmd) Run(ctx context.Context) error {
	password, made, err := c.password(c.Username, os.Stdin)
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(password)
	if err != nil {
		return err
	}
	u, err := c.change(ctx, "user.password", "", func(st *store.Store, u fleet.User, row fleet.AuditRow) error {
		return st.SetPassword(ctx, u.Username, hash, nil, row)
	})
	if err != nil {
		return err
	}
	if !made {
		password = ""
	}
	return accountOf(u, password).tell(c.JSON, "has a new password")
}

// userRoleCmd changes what an account may do in a district.
type userRoleCmd struct {
	userFlags
	Ubigeo string `help:"District (six-digit INEI code)." required:"" placeholder:"CODE"`
	Role   string `arg:"" help:"New role there: ${enum}." enum:"admin,supervisor,operator,crew,liaison,auditor,none"`
}

// Run changes the role.
func (c *userRoleCmd) Run(ctx context.Context) error {
	if err := fleet.CheckUbigeo(c.Ubigeo); err != nil {
		return badInput(err)
	}
	u, err := c.change(ctx, "user.role", c.Ubigeo+" "+c.Role, func(st *store.Store, u fleet.User, row fleet.AuditRow) error {
		if c.Role == "none" {
			if _, ok := u.Districts[c.Ubigeo]; !ok {
				return badInputf("%s has no role in district %s", u.Username, c.Ubigeo)
			}
			if len(u.Districts) == 1 {
				return badInputf("%s would be in no district any more; close the account instead: serenazgo user disable %s", u.Username, u.Username)
			}
			delete(u.Districts, c.Ubigeo)
		} else if _, err := st.District(ctx, c.Ubigeo); err != nil {
			return badInputf("district %s: %w; import its streets first", c.Ubigeo, err)
		} else {
			u.Districts[c.Ubigeo] = fleet.Role(c.Role)
		}
		if err := st.SaveUser(ctx, u); err != nil {
			return err
		}
		return st.Audit(ctx, row)
	})
	if err != nil {
		return err
	}
	return accountOf(u, "").tell(c.JSON, fmt.Sprintf("is %s in district %s", c.Role, c.Ubigeo))
}

// close closes an account, or opens it again.
func (f userFlags) close(ctx context.Context, action string, disabled bool) (fleet.User, error) {
	return f.change(ctx, action, "", func(st *store.Store, u fleet.User, row fleet.AuditRow) error {
		return st.SetDisabled(ctx, u.Username, disabled, row)
	})
}

// userDisableCmd closes an account.
type userDisableCmd struct{ userFlags }

// Run closes the account.
func (c *userDisableCmd) Run(ctx context.Context) error {
	u, err := c.close(ctx, "user.disable", true)
	if err != nil {
		return err
	}
	return accountOf(u, "").tell(c.JSON, "cannot log in any more")
}

// userEnableCmd opens an account again.
type userEnableCmd struct{ userFlags }

// Run opens the account.
func (c *userEnableCmd) Run(ctx context.Context) error {
	u, err := c.close(ctx, "user.enable", false)
	if err != nil {
		return err
	}
	return accountOf(u, "").tell(c.JSON, "can log in again")
}
