package fleet

import "time"

// Role is what a user may do; the API holds the table of roles and routes.
type Role string

// The roles of the product.
const (
	RoleAdmin      Role = "admin"
	RoleSupervisor Role = "supervisor"
	RoleOperator   Role = "operator"
	RoleCrew       Role = "crew"
	RoleLiaison    Role = "liaison" // PNP liaison
	RoleAuditor    Role = "auditor"
)

// Roles lists every role.
var Roles = [...]Role{RoleAdmin, RoleSupervisor, RoleOperator, RoleCrew, RoleLiaison, RoleAuditor}

// User is an account. Ubigeo is the district that made it; Districts are all
// that it may see, with its role in each.
type User struct {
	Ubigeo       string
	Username     string // unique in the installation, lower case
	Name         string
	PasswordHash string // argon2id in PHC form
	Disabled     bool
	Districts    map[string]Role
	CreatedAt    time.Time
}

// Session is a login. Only the hash of its token is kept.
type Session struct {
	Ubigeo    string // the user's home district
	TokenHash [32]byte
	Username  string
	CSRF      string
	CreatedAt time.Time
	ExpiresAt time.Time
	Remote    string
}

// AuditRow records who did or looked at what.
type AuditRow struct {
	Ubigeo   string    `json:"-"`
	At       time.Time `json:"at"`
	Username string    `json:"username"` // empty: nobody was logged in
	Action   string    `json:"action"`   // "login", "login_failed", "plan.approve", …
	Subject  string    `json:"subject,omitempty"`
	Detail   string    `json:"detail,omitempty"`
	Remote   string    `json:"remote,omitempty"`
}
