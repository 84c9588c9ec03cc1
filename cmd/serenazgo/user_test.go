package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
)

// TestUserCommands makes an account, logs in with what was printed, and walks
// it through its life.
func TestUserCommands(t *testing.T) {
	st, flags := scratch(t, false)
	ctx := t.Context()
	service, err := auth.New(auth.Config{Store: st})
	if err != nil {
		t.Fatal(err)
	}
	text, err := output(t, func() error {
		return (&userAddCmd{storeFlags: flags, Username: "ana", Role: "supervisor", Name: "Ana <b>", JSON: true}).Run(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	var made account
	if err := json.Unmarshal([]byte(text), &made); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if made.Districts[amazonas] != fleet.RoleSupervisor || len(made.Password) != 24 {
		t.Fatalf("made %+v", made)
	}
	token, _, _, err := service.Login(ctx, "ana", made.Password, "here")
	if err != nil {
		t.Fatalf("log in with the password printed: %v", err)
	}

	of := func(name string) userFlags { return userFlags{dataFlags: flags.dataFlags, Username: name} }
	quiet := func(f func() error) error {
		_, err := output(t, f)
		return err
	}
	for _, c := range []struct {
		name string
		run  func() error
		want string
	}{
		{"again", func() error {
			return (&userAddCmd{storeFlags: flags, Username: "ana", Role: "admin"}).Run(ctx)
		}, "account ana already"},
		{"capitals", func() error {
			return (&userAddCmd{storeFlags: flags, Username: "Ana", Role: "admin"}).Run(ctx)
		}, "lower-case"},
		{"unknown", func() error { return (&userPasswdCmd{userFlags: of("nadie")}).Run(ctx) }, "no account \"nadie\""},
		{"last role", func() error { return (&userRoleCmd{userFlags: of("ana"), Ubigeo: amazonas, Role: "none"}).Run(ctx) }, "user disable ana"},
		{"no district", func() error { return (&userRoleCmd{userFlags: of("ana"), Ubigeo: "999999", Role: "crew"}).Run(ctx) }, "999999"},
	} {
		err := quiet(c.run)
		if !errors.Is(err, errInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a mistake of the caller's with %q", c.name, err, c.want)
		}
	}

	if err := quiet(func() error { return (&userRoleCmd{userFlags: of("ana"), Ubigeo: amazonas, Role: "auditor"}).Run(ctx) }); err != nil {
		t.Fatal(err)
	}
	if u, _, err := service.Authenticate(ctx, token); err != nil || u.Districts[amazonas] != fleet.RoleAuditor {
		t.Errorf("the new role does not hold at once: %+v %v", u, err)
	}
	text, err = output(t, func() error { return (&userPasswdCmd{userFlags: of("ana")}).Run(ctx) })
	if err != nil || !strings.Contains(text, "password: ") {
		t.Fatalf("passwd: %q %v", text, err)
	}
	if _, _, err := service.Authenticate(ctx, token); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("a session outlives the password: %v", err)
	}
	if _, _, _, err := service.Login(ctx, "ana", made.Password, "here"); !errors.Is(err, auth.ErrBadLogin) {
		t.Errorf("the old password: %v", err)
	}
	if err := quiet(func() error { return (&userDisableCmd{of("ana")}).Run(ctx) }); err != nil {
		t.Fatal(err)
	}
	text, err = output(t, func() error { return (&userListCmd{storeFlags: flags}).Run(ctx) })
	if err != nil || !strings.Contains(text, "closed") || !strings.Contains(text, amazonas+":auditor") {
		t.Errorf("list: %q %v", text, err)
	}
	if err := quiet(func() error { return (&userEnableCmd{of("ana")}).Run(ctx) }); err != nil {
		t.Fatal(err)
	}
	rows, err := st.AuditRows(ctx, amazonas, 50)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		seen[r.Action] = true
	}
	for _, a := range []string{"user.add", "user.role", "user.password", "user.disable", "user.enable", "login", "login_failed"} {
		if !seen[a] {
			t.Errorf("no audit row of %s", a)
		}
	}
}

func TestPasswordFromStdin(t *testing.T) {
	f := passwordFlags{PasswordStdin: true}
	for in, want := range map[string]string{
		"una frase larga\n":         "una frase larga",
		"una frase larga\r\nmás":    "una frase larga",
		"  espacios cuentan  ":      "  espacios cuentan  ",
		"corta\n":                   "",
		"":                          "",
		"aaaaaaaaaaaaaa\n":          "",
		"ana y sus amigas\n":        "",
		strings.Repeat("ab", 3000):  "",
		"\xff\xfe no es texto útil": "",
	} {
		got, made, err := f.password("ana", strings.NewReader(in))
		if got != want || made || (want == "") != errors.Is(err, errInput) {
			t.Errorf("%q: got %q %v, want %q", in, got, err, want)
		}
	}
	seen := map[string]bool{}
	for range 50 {
		p, made, err := passwordFlags{}.password("ana", nil)
		if err != nil || !made || seen[p] || auth.CheckPassword("ana", p) != nil {
			t.Fatalf("made %q: %v", p, err)
		}
		seen[p] = true
	}
}
