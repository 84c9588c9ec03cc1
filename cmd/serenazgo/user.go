package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
)

// userCmd looks after accounts where the page cannot: before there is one, and
// when nobody can log in any more.
type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Make an account."`
	List    userListCmd    `cmd:"" help:"List the accounts."`
	Passwd  userPasswdCmd  `cmd:"" help:"Give an account a new password and end its sessions."`
	Role    userRoleCmd    `cmd:"" help:"Give an account a role in a district, or take it away."`
	Disable userDisableCmd `cmd:"" help:"Close an account and end its sessions; its history stays."`
	Enable  userEnableCmd  `cmd:"" help:"Open a closed account again."`
}

// passwordFlags say where a password comes from.
type passwordFlags struct {
	PasswordStdin bool `help:"Read the password from standard input (first line) instead of making one."`
}

// errPassword is the rule of package auth in the operator's language.
var errPassword = errors.New("the password is not accepted: use 10 to 200 characters, not one repeated, without the user name in it")

// password gives the password, and whether it was made here and must be shown.
func (f passwordFlags) password(username string, stdin io.Reader) (password string, made bool, err error) {
	if !f.PasswordStdin {
		return madePassword(), true, nil
	}
	line, err := bufio.NewReader(io.LimitReader(stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, fmt.Errorf("read the password from standard input: %w", err)
	}
	password = strings.TrimRight(line, "\r\n")
	if auth.CheckPassword(username, password) != nil {
		return "", false, badInput(errPassword)
	}
	return password, false, nil
}

// madePassword makes a password of 100 random bits out of letters and digits
// that nobody confuses when reading it aloud.
func madePassword() string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789" // 32: a byte's low five bits choose one
	var raw [20]byte
	rand.Read(raw[:]) // never fails
	var b strings.Builder
	for i, c := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[c&31])
	}
	return b.String()
}

// account is an account as this command prints it.
type account struct {
	Username  string                `json:"username"`
	Name      string                `json:"name"`
	Districts map[string]fleet.Role `json:"districts"`
	Disabled  bool                  `json:"disabled"`
	Password  string                `json:"password,omitempty"` // made here: shown once
}

func accountOf(u fleet.User, password string) account {
	return account{Username: u.Username, Name: u.Name, Districts: u.Districts, Disabled: u.Disabled, Password: password}
}

// tell prints an account that was changed.
func (a account) tell(asJSON bool, what string) error {
	if asJSON {
		return printJSON(a)
	}
	fmt.Printf("%s %s\n", a.Username, what)
	if a.Password != "" {
		fmt.Printf("password: %s\nIt is kept nowhere: hand it over now.\n", a.Password)
	}
	return nil
}

// auditCLI records what was done at the machine itself.
func auditCLI(ctx context.Context, st *store.Store, ubigeo, action, subject, detail string) error {
	return st.Audit(ctx, cliRow(ubigeo, action, subject, detail))
}

// cliRow is the audit row of a change made here, for stores that keep it with
// the change.
func cliRow(ubigeo, action, subject, detail string) fleet.AuditRow {
	return fleet.AuditRow{Ubigeo: ubigeo, At: time.Now().UTC(), Action: action, Subject: subject, Detail: detail, Remote: "command line"}
}

// userAddCmd makes an account.
type userAddCmd struct {
	storeFlags
	passwordFlags
	Username string `help:"3 to 40 lower-case letters, digits, '.', '_' or '-'." required:"" placeholder:"NAME"`
	Name     string `help:"Name that others read; the user name if absent." placeholder:"TEXT"`
	Role     string `help:"What it may do: ${enum}." enum:"admin,supervisor,operator,crew,liaison,auditor" required:"" placeholder:"ROLE"`
	JSON     bool   `help:"Print one JSON object." name:"json"`
}

// Run makes the account.
func (c *userAddCmd) Run(ctx context.Context) error {
	if err := auth.CheckUsername(c.Username); err != nil {
		return badInput(err)
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	password, made, err := c.password(c.Username, os.Stdin)
	if err != nil {
		return err
	}
	u := fleet.User{Ubigeo: d.Ubigeo, Username: c.Username, Name: strings.TrimSpace(c.Name), Districts: map[string]fleet.Role{d.Ubigeo: fleet.Role(c.Role)}}
	if u.Name == "" {
		u.Name = c.Username
	}
	if err := fleet.CheckLine("the name", u.Name); err != nil {
		return badInput(err)
	}
	if len([]rune(u.Name)) > 100 {
		return badInputf("--name is longer than 100 letters")
	}
	if u.PasswordHash, err = auth.HashPassword(password); err != nil {
		return err
	}
	if err := st.CreateUser(ctx, u); errors.Is(err, fleet.ErrConflict) {
		return badInputf("there is an account %s already; see serenazgo user list, or give it a role with serenazgo user role", c.Username)
	} else if err != nil {
		return err
	}
	if err := auditCLI(ctx, st, d.Ubigeo, "user.add", u.Username, c.Role); err != nil {
		return err
	}
	if !made {
		password = ""
	}
	return accountOf(u, password).tell(c.JSON, fmt.Sprintf("is %s of %s (%s)", c.Role, d.Name, d.Ubigeo))
}

// userListCmd lists the accounts of all districts, or of one.
type userListCmd struct {
	storeFlags
	JSON bool `help:"Print one JSON object." name:"json"`
}

// Run lists the accounts.
func (c *userListCmd) Run(ctx context.Context) error {
	st, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	var ds []fleet.District
	if c.Ubigeo != "" {
		d, err := c.district(ctx, st)
		if err != nil {
			return err
		}
		ds = append(ds, d)
	} else if ds, err = st.Districts(ctx); err != nil {
		return err
	}
	byName := map[string]account{}
	for _, d := range ds {
		us, err := st.Users(ctx, d.Ubigeo)
		if err != nil {
			return err
		}
		for _, u := range us {
			byName[u.Username] = accountOf(u, "")
		}
	}
	out := []account{}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		out = append(out, byName[name])
	}
	if c.JSON {
		return printJSON(struct {
			Users []account `json:"users"`
		}{out})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, a := range out {
		var roles []string
		for _, u := range slices.Sorted(maps.Keys(a.Districts)) {
			roles = append(roles, u+":"+string(a.Districts[u]))
		}
		state := "open"
		if a.Disabled {
			state = "closed"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Username, state, strings.Join(roles, " "), a.Name)
	}
	return w.Flush()
}
