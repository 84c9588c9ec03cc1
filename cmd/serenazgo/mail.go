package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/api/mail"
	mailed "github.com/serenazgo/serenazgo/fleet/report"
)

// mailer mails reports while the service runs.
func (a *App) mailer() *mailed.Mailer {
	return mailed.NewMailer(mailed.Config{Store: a.store, Now: a.now, Logger: a.log, Send: sendMail})
}

// sendMail mails a message now.
func sendMail(ctx context.Context, s mailed.Server, to []string, m mailed.Message) error {
	return mail.Send(ctx, s, to, m, time.Now(), nil)
}

// mailCmd looks after reports by mail.
type mailCmd struct {
	Server mailServerCmd `cmd:"" help:"Set the mail server; its password is read from standard input."`
	List   mailListCmd   `cmd:"" help:"List the reports."`
	Report mailReportCmd `cmd:"" help:"Add a report or change it."`
	Remove mailRemoveCmd `cmd:"" help:"Take a report away."`
	Send   mailSendCmd   `cmd:"" help:"Mail a report now, to try the server out."`
}

type mailServerCmd struct {
	storeFlags
	Host     string `arg:"" help:"Name of the server."`
	Port     int    `help:"Port." default:"587"`
	Security string `help:"tls (from the first byte, port 465) or starttls." enum:"tls,starttls" default:"starttls"`
	User     string `help:"User name; empty: no login." placeholder:"NAME"`
	Sender   string `required:"" help:"Address that mails come from." placeholder:"ADDRESS"`
}

// Run keeps the server.
func (c *mailServerCmd) Run(ctx context.Context) error {
	s := mailed.Server{Host: c.Host, Port: c.Port, Security: c.Security, Username: c.User, Sender: c.Sender}
	if c.User != "" {
		fmt.Fprintln(os.Stderr, "password of the mail server:")
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && line == "" {
			return badInputf("no password on standard input: %w", err)
		}
		s.Password = strings.TrimRight(line, "\r\n")
	}
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	return badIfInvalid(st.SaveMailServer(ctx, d.Ubigeo, s, cliRow(d.Ubigeo, "mail.server", c.Host, "")))
}

type mailListCmd struct{ storeFlags }

// Run lists the reports.
func (c *mailListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	loc, err := d.Location()
	if err != nil {
		return err
	}
	reports, err := st.MailReports(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	for _, r := range reports {
		last := "not due yet"
		if due, ok := r.Due(time.Now(), loc); ok {
			last = "due " + due.In(loc).Format("2006-01-02 15:04")
			if x, err := st.MailSending(ctx, d.Ubigeo, r.ID, due); err == nil {
				last += ", " + x.State + " " + x.Error
			}
		}
		fmt.Fprintf(w, "%s\t%s\tevery %s at %s\t%s\t%s\n", r.ID, r.Name, r.Every, r.Clock, strings.Join(r.Recipients, " "), last)
	}
	return w.Flush()
}

type mailReportCmd struct {
	storeFlags
	ID      string   `arg:"" help:"1 to 64 letters, digits, '.', '_' or '-'."`
	Name    string   `help:"What the subject begins with." default:"Informe de unidades"`
	Every   string   `help:"day or week." enum:"day,week" default:"day"`
	Weekday int      `help:"Of a weekly report: 0 is Sunday." default:"1"`
	At      string   `help:"Local time HH:MM." default:"07:00"`
	To      []string `required:"" help:"Recipient; may be given several times." placeholder:"ADDRESS"`
	Pause   bool     `help:"Keep the report and do not mail it."`
}

// Run keeps the report.
func (c *mailReportCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	s := mailed.Schedule{ID: c.ID, Name: c.Name, Every: c.Every, Weekday: time.Weekday(c.Weekday), Clock: c.At, Recipients: c.To, Active: !c.Pause, Since: time.Now()}
	return badIfInvalid(st.SaveMailReport(ctx, d.Ubigeo, s, cliRow(d.Ubigeo, "mail.report", c.ID, "")))
}

type mailRemoveCmd struct {
	storeFlags
	ID string `arg:"" help:"Report."`
}

// Run takes the report away.
func (c *mailRemoveCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	return badIfInvalid(st.DeleteMailReport(ctx, d.Ubigeo, c.ID, cliRow(d.Ubigeo, "mail.remove", c.ID, "")))
}

type mailSendCmd struct {
	storeFlags
	ID string `arg:"" help:"Report."`
}

// Run mails the report that was due last.
func (c *mailSendCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	loc, err := d.Location()
	if err != nil {
		return err
	}
	server, err := st.MailServer(ctx, d.Ubigeo)
	if err != nil {
		return badIfInvalid(err)
	}
	reports, err := st.MailReports(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if r.ID == c.ID {
			due, _ := r.Due(time.Now(), loc)
			msg, err := mailed.Compose(ctx, st, d, r, due, loc)
			if err != nil {
				return err
			}
			return sendMail(ctx, server, r.Recipients, msg)
		}
	}
	return badInputf("district %s has no report %q; serenazgo mail list shows them", d.Ubigeo, c.ID)
}
