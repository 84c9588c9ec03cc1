package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/report"
)

// MailServer gives a district's mail server with its password;
// fleet.ErrNotFound: it has none.
func (s *Store) MailServer(ctx context.Context, ubigeo string) (report.Server, error) {
	return one(ctx, s, "mail server of district "+ubigeo, func(r pgx.CollectableRow) (m report.Server, err error) {
		err = r.Scan(&m.Host, &m.Port, &m.Security, &m.Username, &m.Password, &m.Sender)
		return m, err
	}, `SELECT host, port, security, username, password, sender FROM mail_servers WHERE ubigeo = $1`, ubigeo)
}

// SaveMailServer sets it.
func (s *Store) SaveMailServer(ctx context.Context, ubigeo string, m report.Server, audit fleet.AuditRow) error {
	if err := m.Check(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO mail_servers (ubigeo, host, port, security, username, password, sender) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (ubigeo) DO UPDATE SET host = excluded.host, port = excluded.port, security = excluded.security, username = excluded.username,
				password = excluded.password, sender = excluded.sender`, ubigeo, clean(m.Host), m.Port, m.Security, clean(m.Username), clean(m.Password), clean(m.Sender)); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// MailReports lists what a district mails.
func (s *Store) MailReports(ctx context.Context, ubigeo string) ([]report.Schedule, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (x report.Schedule, err error) {
		err = r.Scan(&x.ID, &x.Name, &x.Every, &x.Weekday, &x.Clock, &x.Recipients, &x.Active, &x.Since)
		x.Since = x.Since.UTC()
		return x, err
	}, `SELECT id, name, every, weekday, clock, recipients, active, since FROM mail_reports WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}

// SaveMailReport adds a report or changes the one of its id.
func (s *Store) SaveMailReport(ctx context.Context, ubigeo string, x report.Schedule, audit fleet.AuditRow) error {
	if err := x.Check(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO mail_reports (ubigeo, id, name, every, weekday, clock, recipients, active, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (ubigeo, id) DO UPDATE SET name = excluded.name, every = excluded.every, weekday = excluded.weekday, clock = excluded.clock,
				recipients = excluded.recipients, active = excluded.active, since = excluded.since`,
			ubigeo, x.ID, clean(x.Name), x.Every, int(x.Weekday), x.Clock, x.Recipients, x.Active, micros(x.Since)); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// DeleteMailReport takes a report away.
func (s *Store) DeleteMailReport(ctx context.Context, ubigeo, id string, audit fleet.AuditRow) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM mail_reports WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
		if err == nil && tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: report %s", fleet.ErrNotFound, id)
		}
		if err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// MailSending gives how far a mail that was due is; fleet.ErrNotFound: it was
// not tried.
func (s *Store) MailSending(ctx context.Context, ubigeo, id string, due time.Time) (report.Sending, error) {
	return one(ctx, s, "mail", func(r pgx.CollectableRow) (x report.Sending, err error) {
		err = r.Scan(&x.State, &x.Attempts, &x.Next, &x.Error)
		x.Next = x.Next.UTC()
		return x, err
	}, `SELECT state, attempts, next_at, error FROM mail_sendings WHERE ubigeo = $1 AND report = $2 AND due = $3`, ubigeo, id, micros(due))
}

// SaveMailSending keeps it.
func (s *Store) SaveMailSending(ctx context.Context, ubigeo, id string, due time.Time, x report.Sending) error {
	_, err := s.exec(ctx, `INSERT INTO mail_sendings (ubigeo, report, due, state, attempts, next_at, error) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ubigeo, report, due) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, next_at = excluded.next_at, error = excluded.error`,
		ubigeo, id, micros(due), x.State, x.Attempts, micros(x.Next), clean(x.Error))
	return err
}

// EventCounts counts the events of the days (AAAA-MM-DD) from one to another,
// both included, by kind.
func (s *Store) EventCounts(ctx context.Context, ubigeo, from, to string) (map[journal.Kind]int, error) {
	out := map[journal.Kind]int{}
	type row struct {
		kind journal.Kind
		n    int
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (x row, err error) { return x, r.Scan(&x.kind, &x.n) },
		`SELECT kind, count(*) FROM unit_events WHERE ubigeo = $1 AND day BETWEEN $2::text::date AND $3::text::date GROUP BY kind`, ubigeo, from, to)
	for _, r := range rows {
		out[r.kind] = r.n
	}
	return out, err
}
