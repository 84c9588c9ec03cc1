package report

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// Sending is how far a mail that was due is.
type Sending struct {
	State    string // waiting, sent or failed
	Attempts int
	Next     time.Time // when it is tried (again)
	Error    string
}

// States of a sending.
const (
	Waiting = "waiting"
	Sent    = "sent"
	Failed  = "failed"
)

// Store keeps schedules and what they are about.
type Store interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error)
	Days(ctx context.Context, ubigeo, unit, from, to string) ([]journal.Day, error)
	UnitLogs(ctx context.Context, ubigeo, unit, from, to string) ([]fleet.UnitLog, error)
	UnitStates(ctx context.Context, ubigeo, unit string, limit int) ([]fleet.UnitReadiness, error)
	EventCounts(ctx context.Context, ubigeo, from, to string) (map[journal.Kind]int, error)
	MailServer(ctx context.Context, ubigeo string) (Server, error)
	MailReports(ctx context.Context, ubigeo string) ([]Schedule, error)
	MailSending(ctx context.Context, ubigeo, id string, due time.Time) (Sending, error)
	SaveMailSending(ctx context.Context, ubigeo, id string, due time.Time, s Sending) error
	Alone(ctx context.Context, name string, do func(ctx context.Context) error) error
}

// Config sets up a Mailer. All but Logger are required.
type Config struct {
	Store  Store
	Now    func() time.Time
	Send   func(ctx context.Context, s Server, to []string, m Message) error
	Logger *slog.Logger
}

// Attempts to deliver a mail, and the pause after the first one, which doubles.
const (
	attempts   = 8
	firstPause = 2 * time.Minute
)

// Mailer mails what is due.
type Mailer struct{ cfg Config }

// NewMailer makes a mailer that works while Run does.
func NewMailer(cfg Config) *Mailer {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Mailer{cfg}
}

// Run mails what is due until ctx ends, looking once a minute.
func (m *Mailer) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := m.cfg.Store.Alone(ctx, "mail", m.Pass); err != nil && ctx.Err() == nil {
			m.cfg.Logger.Error("reports by mail", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Pass mails what is due now.
func (m *Mailer) Pass(ctx context.Context) error {
	ds, err := m.cfg.Store.Districts(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range ds {
		reports, err := m.cfg.Store.MailReports(ctx, d.Ubigeo)
		if err != nil {
			return err
		}
		for _, s := range reports {
			if s.Active {
				failed = append(failed, m.one(ctx, d, s))
			}
		}
	}
	return errors.Join(failed...)
}

// one mails a report if it is due and not done.
func (m *Mailer) one(ctx context.Context, d fleet.District, s Schedule) error {
	loc, err := d.Location()
	if err != nil {
		return err
	}
	now := m.cfg.Now()
	due, ok := s.Due(now, loc)
	if !ok {
		return nil
	}
	x, err := m.cfg.Store.MailSending(ctx, d.Ubigeo, s.ID, due)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return err
	}
	if x.State == Sent || x.State == Failed || x.Next.After(now) {
		return nil
	}
	x.Attempts++
	if err := m.send(ctx, d, s, due, loc); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		x.State, x.Error, x.Next = Waiting, err.Error(), now.Add(firstPause<<(x.Attempts-1))
		if x.Attempts >= attempts {
			x.State = Failed
		}
		m.cfg.Logger.Warn("a report could not be mailed", "ubigeo", d.Ubigeo, "report", s.ID, "attempt", x.Attempts, "err", err)
	} else {
		x.State, x.Error, x.Next = Sent, "", now
	}
	// What was sent is written down even if the service is told to stop just now.
	return m.cfg.Store.SaveMailSending(context.WithoutCancel(ctx), d.Ubigeo, s.ID, due, x)
}

func (m *Mailer) send(ctx context.Context, d fleet.District, s Schedule, due time.Time, loc *time.Location) error {
	server, err := m.cfg.Store.MailServer(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	msg, err := Compose(ctx, m.cfg.Store, d, s, due, loc)
	if err != nil {
		return err
	}
	msg.ID = idOf(d.Ubigeo, s.ID, due)
	return m.cfg.Send(ctx, server, s.Recipients, msg)
}

// Compose writes the report that is due at an instant.
func Compose(ctx context.Context, st Store, d fleet.District, s Schedule, due time.Time, loc *time.Location) (Message, error) {
	first, last := s.Period(due, loc)
	var x Facts
	var err error
	read := func(do func() error) {
		if err == nil {
			err = do()
		}
	}
	read(func() (err error) { x.Units, err = st.Units(ctx, d.Ubigeo); return })
	read(func() (err error) { x.Days, err = st.Days(ctx, d.Ubigeo, "", first, last); return })
	read(func() (err error) { x.Events, err = st.EventCounts(ctx, d.Ubigeo, first, last); return })
	read(func() (err error) { x.Logs, err = st.UnitLogs(ctx, d.Ubigeo, "", first, last); return })
	read(func() (err error) { x.States, err = st.UnitStates(ctx, d.Ubigeo, "", maxStates); return })
	if err != nil {
		return Message{}, err
	}
	for i := range x.States {
		x.States[i].Since = x.States[i].Since.In(loc)
	}
	return Write(d, s, first, last, x), nil
}

// maxStates bounds the units whose last state is read.
const maxStates = 10_000
