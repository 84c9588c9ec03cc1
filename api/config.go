package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/api/live"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/guest"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/relay"
	"github.com/serenazgo/serenazgo/fleet/report"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/review/session"
	"github.com/serenazgo/serenazgo/fleet/track"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/risk"
	"github.com/serenazgo/serenazgo/routing"
)

// Config sets up the API. Everything but Logger, Logins and Page is required.
type Config struct {
	Store    Store
	Auth     *auth.Service
	Hub      *live.Hub
	Watch    Watch
	Planner  Planner
	Importer Importer
	// Now is the service's clock: the wall clock, or the demonstration's.
	Now func() time.Time
	// ClockRate is how much faster than the wall clock Now runs; 1 normally.
	ClockRate float64
	// Changed is called after a write that changes what is followed live:
	// fleet, streets, corrections, presence, plan.
	Changed func(ctx context.Context, ubigeo string)
	// Rekeyed is called when a device got a new password.
	Rekeyed func(ubigeo, device string)
	// HandOutAhead is how long before its shift a published plan reaches the
	// devices.
	HandOutAhead time.Duration
	// Published is called when a plan was handed out.
	Published func(ctx context.Context, p patrol.Plan)
	// Ingest takes positions that apps send over HTTP, under /ingest/; nil: none.
	Ingest http.Handler
	// Logins of a demonstration, shown on the login page; nil elsewhere.
	Logins []DemoLogin
	// Secure marks cookies for HTTPS only.
	Secure bool
	// TrustProxy takes the client's address from X-Forwarded-For.
	TrustProxy bool
	// Streets gives the streets of a district as they are in a window, for maps;
	// fleet.ErrNotFound if it has none.
	Streets func(ctx context.Context, d fleet.District, window [2]time.Time) (*routing.Graph, string, error)
	// ReviewProfile is whose thresholds reviews are made by, where a district has set
	// none itself.
	ReviewProfile review.Profile
	// Reviewed makes the joint review of a query from the facts that are kept.
	Reviewed func(ctx context.Context, ubigeo string, q review.Query) (review.Review, error)
	// StreetPresence tells of the same facts which force covered which street.
	StreetPresence func(ctx context.Context, ubigeo string, q review.Query) ([]daily.Street, error)
	// Replay reads dead letters of a district anew and stores what can be read.
	Replay func(ctx context.Context, ubigeo string, letters []fleet.DeadLetter) (fleet.Replayed, error)
	// Mail sends a message over a mail server.
	Mail func(ctx context.Context, s report.Server, to []string, m report.Message) error
	// RelayPrivate lets districts hand positions on to servers in the service's
	// own network.
	RelayPrivate bool
	// Ready tells whether the service can work: the database answers.
	Ready func(ctx context.Context) error
	// Metrics serves GET /metrics to the machine itself; nil: none.
	Metrics http.Handler
	Page    http.Handler
	Logger  *slog.Logger
}

// Store is what the operations read and write.
type Store interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	District(ctx context.Context, ubigeo string) (fleet.District, error)
	SimulatedKinds(ctx context.Context, ubigeo string) ([]fleet.Simulated, error)
	Shifts(ctx context.Context, ubigeo string) ([]fleet.ShiftDef, error)
	SaveShifts(ctx context.Context, ubigeo string, defs []fleet.ShiftDef, audit fleet.AuditRow) error
	Posts(ctx context.Context, ubigeo string) ([]patrol.FixedPost, error)
	SavePosts(ctx context.Context, ubigeo string, posts []patrol.FixedPost, audit fleet.AuditRow) error
	Corrections(ctx context.Context, ubigeo string) ([]routing.Correction, error)
	SaveCorrection(ctx context.Context, ubigeo string, c routing.Correction) error
	DeleteCorrection(ctx context.Context, ubigeo, id string) error
	Incidents(ctx context.Context, ubigeo string, from, to time.Time) ([]hotspots.Incident, error)
	RecentIncidents(ctx context.Context, ubigeo string, limit int) ([]hotspots.Incident, error)
	SaveIncidents(ctx context.Context, ubigeo string, incidents []hotspots.Incident) (inserted, duplicates int, err error)
	Imports(ctx context.Context, ubigeo string, limit int) ([]hotspots.Import, error)
	Rejected(ctx context.Context, ubigeo, id string) ([]hotspots.Rejected, error)
	UndoImport(ctx context.Context, ubigeo, id, by string, at time.Time, audit fleet.AuditRow) (deleted int, err error)
	HarmWeights(ctx context.Context, ubigeo string) (hotspots.HarmTable, error)
	SaveHarmWeights(ctx context.Context, ubigeo string, table hotspots.HarmTable, audit fleet.AuditRow) error
	ForecastModel(ctx context.Context, ubigeo string) (string, error)
	SaveForecastModel(ctx context.Context, ubigeo, model string, at time.Time, audit fleet.AuditRow) error
	Presence(ctx context.Context, ubigeo string) ([]patrol.Presence, error)
	Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error)
	SaveUnit(ctx context.Context, u fleet.Unit) error
	Devices(ctx context.Context, ubigeo string) ([]fleet.Device, error)
	SaveDevice(ctx context.Context, d fleet.Device, passwordHash string) error
	DeleteDevice(ctx context.Context, ubigeo, device string) error
	UnknownSeen(ctx context.Context, ubigeo string) (map[string]fleet.Seen, error)
	RecentFixes(ctx context.Context, ubigeo string, since time.Time, n int) ([]fleet.Fix, error)
	ClaimFixes(ctx context.Context, ubigeo, device, unit string, from, to time.Time) (int64, error)
	TopicRules(ctx context.Context, ubigeo string) ([]fleet.TopicRule, error)
	SaveTopicRule(ctx context.Context, r fleet.TopicRule) error
	DeleteTopicRule(ctx context.Context, ubigeo, pattern string) error
	FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error)
	EachFixes(ctx context.Context, ubigeo, unit string, from, to time.Time, do func(part []fleet.Fix) error) error
	Trails(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]track.Part, error)
	Events(ctx context.Context, ubigeo, unit string, from, to time.Time, limit int) ([]journal.Event, error)
	Days(ctx context.Context, ubigeo, unit, from, to string) ([]journal.Day, error)
	Factors(ctx context.Context, ubigeo string) ([]risk.Factor, error)
	SaveFactor(ctx context.Context, ubigeo string, f risk.Factor, audit fleet.AuditRow) error
	ReplaceFactors(ctx context.Context, ubigeo, source string, factors []risk.Factor, audit fleet.AuditRow) error
	DeleteFactor(ctx context.Context, ubigeo, id string, audit fleet.AuditRow) error
	RiskSettings(ctx context.Context, ubigeo string) (risk.Settings, error)
	SaveRiskSettings(ctx context.Context, ubigeo string, set risk.Settings, audit fleet.AuditRow) error
	Refusals(ctx context.Context, ubigeo, shift, date string) ([]risk.Refusal, error)
	SaveRefusal(ctx context.Context, ubigeo string, r risk.Refusal, audit fleet.AuditRow) error
	Fences(ctx context.Context, ubigeo string) ([]journal.Fence, error)
	SaveFence(ctx context.Context, ubigeo string, f journal.Fence) error
	DeleteFence(ctx context.Context, ubigeo, id string) error
	UnitStates(ctx context.Context, ubigeo, unit string, limit int) ([]fleet.UnitReadiness, error)
	SaveUnitState(ctx context.Context, r fleet.UnitReadiness) error
	SaveShare(ctx context.Context, l fleet.ShareLink, tokenHash [32]byte, audit fleet.AuditRow) error
	Shares(ctx context.Context, ubigeo string, limit int) ([]fleet.ShareLink, error)
	LookAtShare(ctx context.Context, tokenHash [32]byte, now time.Time) (fleet.ShareLink, error)
	RevokeShare(ctx context.Context, ubigeo, id string, at time.Time, audit fleet.AuditRow) error
	Relay(ctx context.Context, ubigeo string) (relay.Settings, error)
	SaveRelay(ctx context.Context, ubigeo string, s relay.Settings, audit fleet.AuditRow) error
	RelayWaiting(ctx context.Context, ubigeo string) (n int, oldest time.Time, err error)
	RelayTrouble(ctx context.Context, ubigeo string) (t relay.Trouble, any bool, err error)
	RelayGaps(ctx context.Context, ubigeo string, from, to time.Time, limit int) ([]relay.Gap, error)
	Retention(ctx context.Context, ubigeo string) (int, error)
	SaveRetention(ctx context.Context, ubigeo string, days int, audit fleet.AuditRow) error
	RejectedRetention(ctx context.Context, ubigeo string) (int, error)
	SaveRejectedRetention(ctx context.Context, ubigeo string, days int, audit fleet.AuditRow) error
	OldestDay(ctx context.Context, ubigeo string) (time.Time, error)
	Holds(ctx context.Context, ubigeo string) ([]retain.Hold, error)
	SaveHold(ctx context.Context, ubigeo string, h retain.Hold, audit fleet.AuditRow) error
	ReleaseHold(ctx context.Context, ubigeo, id string, at time.Time, audit fleet.AuditRow) error
	RetentionRuns(ctx context.Context, ubigeo string, limit int) ([]retain.Run, error)
	DeadLetters(ctx context.Context, ubigeo string, limit int) ([]fleet.DeadLetter, error)
	DeadLetter(ctx context.Context, ubigeo string, id int64) (fleet.DeadLetter, error)
	DeadLettersBefore(ctx context.Context, ubigeo string, id int64, limit int) ([]fleet.DeadLetter, error)
	CountDeadLetters(ctx context.Context, ubigeo string) (int, error)
	SetRawDays(ctx context.Context, ubigeo, device string, days int, audit fleet.AuditRow) error
	RawPayloads(ctx context.Context, ubigeo, device string, limit int) ([]fleet.RawPayload, error)
	DropDeadLetter(ctx context.Context, d fleet.DeadLetter, audit ...fleet.AuditRow) error
	UnitLogs(ctx context.Context, ubigeo, unit, from, to string) ([]fleet.UnitLog, error)
	SaveUnitLogs(ctx context.Context, logs []fleet.UnitLog, audit []fleet.AuditRow) error
	OdometersBefore(ctx context.Context, ubigeo, date string) (map[string]float64, error)
	MailServer(ctx context.Context, ubigeo string) (report.Server, error)
	SaveMailServer(ctx context.Context, ubigeo string, s report.Server, audit fleet.AuditRow) error
	MailReports(ctx context.Context, ubigeo string) ([]report.Schedule, error)
	SaveMailReport(ctx context.Context, ubigeo string, s report.Schedule, audit fleet.AuditRow) error
	DeleteMailReport(ctx context.Context, ubigeo, id string, audit fleet.AuditRow) error
	MailSending(ctx context.Context, ubigeo, id string, due time.Time) (report.Sending, error)
	Coverage(ctx context.Context, ubigeo string, shift fleet.ShiftID) (map[string]json.RawMessage, error)
	ReviewBands(ctx context.Context, ubigeo string) (review.OwnBands, error)
	SaveReviewBands(ctx context.Context, ubigeo string, b *review.Bands, audit fleet.AuditRow) error
	ReviewSession(ctx context.Context, ubigeo, id string) (session.Session, error)
	ReviewSessions(ctx context.Context, ubigeo string, limit int) ([]session.Session, error)
	LastSigned(ctx context.Context, ubigeo, sector, before string) (session.Session, error)
	AddReviewSession(ctx context.Context, s session.Session, audit fleet.AuditRow) (session.Session, error)
	ChangeReviewSession(ctx context.Context, ubigeo, id string, change func(*session.Session) error, audit fleet.AuditRow) (session.Session, error)
	GuestFiles(ctx context.Context, ubigeo string) ([]guest.File, error)
	DropGuestFile(ctx context.Context, ubigeo string, id int64, audit fleet.AuditRow) error
	DropReviewSession(ctx context.Context, ubigeo, id string, audit fleet.AuditRow) error
	Roster(ctx context.Context, ubigeo string, shift fleet.ShiftID) (fleet.Roster, error)
	RosterBefore(ctx context.Context, ubigeo string, shift fleet.ShiftID) (fleet.Roster, error)
	SaveRoster(ctx context.Context, ubigeo string, r fleet.Roster, audit fleet.AuditRow) error
	Plan(ctx context.Context, ubigeo, id string) (patrol.Plan, error)
	PlansOfShift(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]patrol.Plan, error)
	NewestPlan(ctx context.Context, ubigeo string, shift fleet.ShiftID) (patrol.Plan, error)
	SetPlanState(ctx context.Context, ubigeo, id string, from, to patrol.State, by string, at time.Time, audit ...fleet.AuditRow) error
	CountUsers(ctx context.Context) (int, error)
	Users(ctx context.Context, ubigeo string) ([]fleet.User, error)
	UserByName(ctx context.Context, username string) (fleet.User, error)
	CreateUser(ctx context.Context, u fleet.User) error
	SetPassword(ctx context.Context, username, passwordHash string, keep *[32]byte, audit fleet.AuditRow) error
	SetDisabled(ctx context.Context, username string, disabled bool, audit fleet.AuditRow) error
	SetRole(ctx context.Context, ubigeo, username string, role fleet.Role, audit fleet.AuditRow) error
	Audit(ctx context.Context, a fleet.AuditRow) error
	AuditOnce(ctx context.Context, a fleet.AuditRow, since time.Time) error
	AuditRows(ctx context.Context, ubigeo string, limit int) ([]fleet.AuditRow, error)
}

// Watch is the live state of the districts.
type Watch interface {
	Snapshot(ubigeo string) (watch.Snapshot, error)
	Graph(ubigeo string) (*routing.Graph, string)
	Shift(ubigeo string) (fleet.Shift, bool)
	CoverageOf(ubigeo string) *coverage.Coverage
	// Compliance of the current shift; watch.ErrNoPlan without a plan.
	Compliance(ubigeo string) (compliance.Report, error)
}

// Planner calculates plans in the background.
type Planner interface {
	// StartPlan begins one; the job's state is told over the hub too.
	StartPlan(ctx context.Context, d fleet.District, user string, req PlanRequest) (Job, error)
	// Job tells how far a calculation is; one whose process is gone has failed.
	Job(ctx context.Context, ubigeo, id string) (Job, error)
	StopJob(ctx context.Context, ubigeo, id string) (Job, error)
	// Jobs lists those of a shift that were asked for in the last day, newest first.
	Jobs(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]Job, error)
	// Sketch gives the best rounds that one has so far; fleet.ErrNotFound if none.
	Sketch(ubigeo, id string) ([]patrol.Sketch, error)
	// Check lists what is wrong with a plan on its district's present streets.
	Check(ctx context.Context, d fleet.District, p patrol.Plan) ([]patrol.Violation, error)
	// Plan gives a plan with its rounds; what was asked for lately at once.
	Plan(ctx context.Context, ubigeo, id string) (patrol.Plan, error)
	// Edit and Replan say what becomes of a plan; Keep saves that as the next
	// version, if the plan newest is still the newest one; same are the rounds
	// that it has from a version that is kept.
	Edit(ctx context.Context, d fleet.District, p patrol.Plan, edits []patrol.Edit) (patrol.Change, error)
	Replan(ctx context.Context, d fleet.District, p patrol.Plan, at time.Time, events []patrol.Event) (patrol.Change, error)
	Keep(ctx context.Context, p patrol.Plan, newest string, same patrol.Same, audit fleet.AuditRow) (patrol.Plan, error)
	// Forecast gives the surface of a shift.
	Forecast(ctx context.Context, d fleet.District, shift fleet.Shift) (*hotspots.Surface, error)
	// StartBacktest tests the models on a district's own incidents in the
	// background; the best is the district's model when it is over.
	StartBacktest(ctx context.Context, d fleet.District, by fleet.AuditRow) (Backtest, error)
	// Backtests gives those of a district, newest first.
	Backtests(ctx context.Context, ubigeo string) ([]Backtest, error)
	// StreetReport gives the report of the last import and the versions.
	StreetReport(ctx context.Context, ubigeo string) (StreetReport, error)
	// Corrected tells what became of each of the district's corrections on the
	// streets of the last import.
	Corrected(ctx context.Context, d fleet.District) ([]routing.CorrectionResult, error)
}

// Upload is a file that somebody sent: Path on this machine, Name as it was
// called there.
type Upload struct{ Path, Name string }

// IncidentFile is a file of incidents that somebody sent, and how it is to be
// taken.
type IncidentFile struct {
	Upload
	Mapping string // YAML or JSON; "": by the columns' names
	DryRun  bool
	Trust   bool // its points and times are taken at their word
	Token   string
	By      fleet.AuditRow // of the import; its subject and detail are filled in
}

// Importer takes uploaded files. A file that cannot be used is an error that
// wraps fleet.ErrInvalid and changes nothing; its text names place and remedy.
type Importer interface {
	// ImportStreets keeps the boundary without boundary, and without paths the
	// choice whether ways on foot belong to the streets.
	ImportStreets(ctx context.Context, d fleet.District, extract Upload, boundary *Upload, paths *bool, dryRun bool, user string) (ImportReport, error)
	ImportIncidents(ctx context.Context, d fleet.District, file IncidentFile) (ImportReport, error)
	// ImportProgress tells how far an import is that was sent with a token; false:
	// none is under way in this process.
	ImportProgress(ubigeo, token string) (ImportProgress, bool)
	ImportPolice(ctx context.Context, d fleet.District, file Upload, dryRun bool, user string) (ImportReport, error)
	// ImportTracks takes in what police vehicles drove.
	ImportTracks(ctx context.Context, d fleet.District, file Upload, dryRun bool, by fleet.AuditRow) (ImportReport, error)
}
