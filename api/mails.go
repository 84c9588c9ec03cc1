package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/report"
)

// GetMail tells which server mails for the district, and what is mailed.
func (s *server) GetMail(ctx context.Context, r GetMailRequestObject) (GetMailResponseObject, error) {
	out := GetMail200JSONResponse{Reports: []MailReport{}}
	server, err := s.cfg.Store.MailServer(ctx, r.Ubigeo)
	switch {
	case err == nil:
		out.Server = &MailServer{Host: server.Host, Port: server.Port, Security: server.Security, Username: server.Username, HasPassword: server.Password != "", Sender: server.Sender}
	case !errors.Is(err, fleet.ErrNotFound):
		return nil, err
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	reports, err := s.cfg.Store.MailReports(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	for _, x := range reports {
		b := MailReport{Id: x.ID, Name: x.Name, Every: x.Every, Weekday: int(x.Weekday), Clock: x.Clock, Recipients: x.Recipients, Active: x.Active}
		if due, ok := x.Due(s.cfg.Now(), loc); ok {
			sent, err := s.cfg.Store.MailSending(ctx, r.Ubigeo, x.ID, due)
			switch {
			case err == nil:
				b.Last = &MailSending{Due: due, State: sent.State, Attempts: sent.Attempts, Error: some(sent.Error)}
			case errors.Is(err, fleet.ErrNotFound):
				b.Last = &MailSending{Due: due, State: report.Waiting}
			default:
				return nil, err
			}
		}
		out.Reports = append(out.Reports, b)
	}
	return out, nil
}

// SaveMailServer sets the server. The password that is kept goes to no other
// server and no other account than it was given for.
func (s *server) SaveMailServer(ctx context.Context, r SaveMailServerRequestObject) (SaveMailServerResponseObject, error) {
	b := r.Body
	x := report.Server{Host: strings.TrimSpace(b.Host), Port: b.Port, Security: string(b.Security), Username: strings.TrimSpace(b.Username), Sender: strings.TrimSpace(b.Sender)}
	if b.Password != nil {
		x.Password = *b.Password
	} else if x.Username != "" {
		old, err := s.cfg.Store.MailServer(ctx, r.Ubigeo)
		if err != nil && !errors.Is(err, fleet.ErrNotFound) {
			return nil, err
		}
		if err != nil || old.Host != x.Host || old.Port != x.Port || old.Username != x.Username {
			return nil, invalid("password", "Escriba la contraseña de la cuenta de correo.")
		}
		x.Password = old.Password
	}
	if err := x.Check(); err != nil {
		return nil, invalid("host", "Revise el servidor (un nombre, como smtp.ejemplo.pe), el puerto y el remitente (una dirección, como central@ejemplo.pe).")
	}
	return SaveMailServer204Response{}, s.cfg.Store.SaveMailServer(ctx, r.Ubigeo, x, auditRow(ctx, r.Ubigeo, "mail.server", x.Host, x.Username))
}

// SendTestMail mails a few words.
func (s *server) SendTestMail(ctx context.Context, r SendTestMailRequestObject) (SendTestMailResponseObject, error) {
	to := strings.TrimSpace(r.Body.To)
	if report.CheckAddress(to) != nil {
		return nil, invalid("to", "Escriba una dirección de correo, como jefe@ejemplo.pe.")
	}
	server, err := s.cfg.Store.MailServer(ctx, r.Ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return nil, invalid("to", "Guarde primero el servidor de correo.")
	}
	if err != nil {
		return nil, err
	}
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "mail.test", to, server.Host); err != nil {
		return nil, err
	}
	if err := s.cfg.Mail(ctx, server, []string{to}, report.Trial(d)); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		s.log.Warn("a test mail could not be sent", "ubigeo", r.Ubigeo, "err", err)
		return nil, Refused("to", "El servidor de correo no lo aceptó.", err.Error())
	}
	return SendTestMail204Response{}, nil
}

// SaveMailReport adds a report or changes it. One that is changed is not sent for
// times that are over.
func (s *server) SaveMailReport(ctx context.Context, r SaveMailReportRequestObject) (SaveMailReportResponseObject, error) {
	b := r.Body
	x := report.Schedule{ID: r.Id, Name: strings.TrimSpace(b.Name), Every: string(b.Every), Weekday: time.Weekday(b.Weekday), Clock: b.Clock, Active: b.Active, Since: s.cfg.Now().UTC()}
	for _, a := range b.Recipients {
		a = strings.TrimSpace(a)
		if report.CheckAddress(a) != nil {
			return nil, invalid("recipients", "«"+a+"» no es una dirección de correo, como jefe@ejemplo.pe.")
		}
		x.Recipients = append(x.Recipients, a)
	}
	if err := x.Check(); err != nil {
		return nil, invalid("name", "El informe necesita un nombre de una línea, una hora HH:MM y de 1 a 50 destinatarios.")
	}
	row := auditRow(ctx, r.Ubigeo, "mail.report", x.ID, strings.Join(x.Recipients, " "))
	return SaveMailReport204Response{}, s.cfg.Store.SaveMailReport(ctx, r.Ubigeo, x, row)
}

// DeleteMailReport takes a report away.
func (s *server) DeleteMailReport(ctx context.Context, r DeleteMailReportRequestObject) (DeleteMailReportResponseObject, error) {
	return DeleteMailReport204Response{}, s.cfg.Store.DeleteMailReport(ctx, r.Ubigeo, r.Id, auditRow(ctx, r.Ubigeo, "mail.remove", r.Id, ""))
}
