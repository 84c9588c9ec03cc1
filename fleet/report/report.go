// Package report says what is mailed to whom and when, and writes the text: what
// the units of a district did on a day or in a week, in figures, without places
// and without people.
package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// How often a report goes out.
const (
	Daily  = "day"
	Weekly = "week"
)

// Schedule is a report that is mailed again and again.
type Schedule struct {
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Every      string       `json:"every"`
	Weekday    time.Weekday `json:"weekday"` // of a weekly one
	Clock      string       `json:"clock"`   // local, HH:MM
	Recipients []string     `json:"recipients"`
	Active     bool         `json:"active"`
	Since      time.Time    `json:"since"` // nothing is due before
}

// Server is a mail server.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"` // tls (from the first byte) or starttls
	Username string `json:"username"` // empty: no login
	Password string `json:"-"`
	Sender   string `json:"sender"` // address
}

// Kinds of security. Mail never goes out unprotected.
const (
	TLS      = "tls"
	StartTLS = "starttls"
)

// Check tells what is wrong with a server, if anything.
func (s Server) Check() error {
	switch {
	case s.Host == "" || strings.ContainsAny(s.Host, " \r\n/"):
		return fmt.Errorf("%w: give the mail server's name, such as smtp.example.pe", fleet.ErrInvalid)
	case s.Port < 1 || s.Port > 65535:
		return fmt.Errorf("%w: port %d: 465 (tls) and 587 (starttls) are usual", fleet.ErrInvalid, s.Port)
	case s.Security != TLS && s.Security != StartTLS:
		return fmt.Errorf("%w: security %q is neither tls nor starttls", fleet.ErrInvalid, s.Security)
	}
	return CheckAddress(s.Sender)
}

// CheckAddress tells whether a is an address alone, without a name.
func CheckAddress(a string) error {
	if p, err := mail.ParseAddress(a); err != nil || p.Address != a {
		return fmt.Errorf("%w: %q is no plain mail address, such as central@example.pe", fleet.ErrInvalid, a)
	}
	return nil
}

// Check tells what is wrong with a schedule, if anything.
func (s Schedule) Check() error {
	if fleet.CheckDeviceID(s.ID) != nil {
		return fmt.Errorf("%w: a report's id has letters, digits, '.', '_' and '-', at most 64", fleet.ErrInvalid)
	}
	if s.Name == "" || len([]rune(s.Name)) > 80 || strings.ContainsAny(s.Name, "\r\n") {
		return fmt.Errorf("%w: report %s needs a name of one line, 1 to 80 letters", fleet.ErrInvalid, s.ID)
	}
	if s.Every != Daily && s.Every != Weekly {
		return fmt.Errorf("%w: report %s goes out every day or week, not %q", fleet.ErrInvalid, s.ID, s.Every)
	}
	if _, err := time.Parse("15:04", s.Clock); err != nil || s.Weekday < 0 || s.Weekday > 6 {
		return fmt.Errorf("%w: report %s: %q is no time HH:MM, or the weekday is none", fleet.ErrInvalid, s.ID, s.Clock)
	}
	if len(s.Recipients) == 0 || len(s.Recipients) > 50 {
		return fmt.Errorf("%w: report %s has %d recipients; 1 to 50 are possible", fleet.ErrInvalid, s.ID, len(s.Recipients))
	}
	for _, r := range s.Recipients {
		if err := CheckAddress(r); err != nil {
			return err
		}
	}
	return nil
}

// Due gives the last instant at or before now at which the report should go
// out; false: none since it was made.
func (s Schedule) Due(now time.Time, loc *time.Location) (time.Time, bool) {
	clock, err := time.Parse("15:04", s.Clock)
	if err != nil {
		return time.Time{}, false
	}
	l := now.In(loc)
	for back := range 8 {
		d := time.Date(l.Year(), l.Month(), l.Day()-back, clock.Hour(), clock.Minute(), 0, 0, loc)
		if d.After(now) || s.Every == Weekly && d.Weekday() != s.Weekday {
			continue
		}
		return d.UTC(), !d.Before(s.Since)
	}
	return time.Time{}, false
}

// Period gives the first and the last day (AAAA-MM-DD) that a report due at an
// instant is about: those that are over.
func (s Schedule) Period(due time.Time, loc *time.Location) (first, last string) {
	end := journal.WindowAt(due, loc).Start.Add(-time.Second)
	w := journal.WindowAt(end, loc)
	n := 0
	if s.Every == Weekly {
		n = 6
	}
	return journal.WindowAt(w.Start.AddDate(0, 0, -n).Add(time.Hour), loc).Date, w.Date
}

// Message is a report ready to be mailed.
type Message struct {
	// ID is the same whenever the same report is mailed, so that one which comes
	// twice, because the server's answer was lost, can be told to be one; empty:
	// one is drawn.
	ID            string
	Subject, Text string
}

// idOf names the report of a district that is due at an instant.
func idOf(ubigeo, report string, due time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d", ubigeo, report, due.Unix()))
	return hex.EncodeToString(sum[:12])
}

// Trial is a message to try a mail server out with.
func Trial(d fleet.District) Message {
	return Message{Subject: "Prueba de correo · " + d.Name, Text: "Este mensaje prueba el servidor de correo de " + d.Name + " en Serenazgo. No hay nada que hacer.\n"}
}

// Facts is what a report tells of.
type Facts struct {
	Units  []fleet.Unit
	Days   []journal.Day
	Events map[journal.Kind]int
	Logs   []fleet.UnitLog       // of the shifts that begin on the days
	States []fleet.UnitReadiness // the last entry of each unit
}

// gallon is a US gallon in litres: fuel is sold by it in Peru.
const gallon = 3.785411784

// Write writes what units did.
func Write(d fleet.District, s Schedule, first, last string, x Facts) Message {
	units, days, events := x.Units, x.Days, x.Events
	type sum struct {
		name                    string
		days, trips, stops      int
		metres, moving, unheard float64
	}
	sums, names := map[string]*sum{}, map[string]string{}
	for _, u := range units {
		names[u.ID] = u.CallSign
		if u.Active {
			sums[u.ID] = &sum{name: u.CallSign}
		}
	}
	for _, x := range days {
		t := sums[x.Unit]
		if t == nil {
			t = &sum{name: cmp.Or(names[x.Unit], x.Unit)}
			sums[x.Unit] = t
		}
		t.days++
		t.trips += len(x.Trips)
		t.stops += len(x.Stops)
		t.metres += x.Metres
		t.moving += x.Moving
		t.unheard += x.Unheard
	}
	ids := make([]string, 0, len(sums))
	total, heard := sum{}, 0
	for id, t := range sums {
		ids = append(ids, id)
		if t.days > 0 {
			heard++
		}
		total.metres += t.metres
		total.moving += t.moving
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(sums[a].name, sums[b].name), cmp.Compare(a, b)) })
	period := first
	if first != last {
		period = first + " a " + last
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (ubigeo %s), %s\n", d.Name, d.Ubigeo, period)
	b.WriteString("Cada jornada va de 06:00 a 06:00 del día siguiente.\n\n")
	fmt.Fprintf(&b, "%d unidades recorrieron %.1f km en %.1f horas de movimiento.\n\n", heard, total.metres/1000, total.moving/3600)
	fmt.Fprintf(&b, "%-24s %8s %8s %7s %8s %11s\n", "Unidad", "jornadas", "km", "viajes", "paradas", "sin señal")
	for _, id := range ids {
		t := sums[id]
		if t.days == 0 {
			fmt.Fprintf(&b, "%-24s %8s   sin datos\n", t.name, "0")
			continue
		}
		fmt.Fprintf(&b, "%-24s %8d %8.1f %7d %8d %7.0f min\n", t.name, t.days, t.metres/1000, t.trips, t.stops, t.unheard/60)
	}
	writeLogs(&b, x, func(id string) string { return cmp.Or(names[id], id) })
	b.WriteString("\nSucesos\n")
	kinds := make([]journal.Kind, 0, len(events))
	for k := range events {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	if len(kinds) == 0 {
		b.WriteString("  ninguno\n")
	}
	for _, k := range kinds {
		fmt.Fprintf(&b, "  %-24s %d\n", k.Spanish(), events[k])
	}
	b.WriteString("\nSin posiciones ni nombres de personas. Los sucesos están en Ajustes, Sucesos de unidades.\n")
	return Message{Subject: fmt.Sprintf("%s · %s · %s", s.Name, d.Name, period), Text: b.String()}
}

// writeLogs writes what odometers showed, what fuel was taken in, and who is out
// of service; of what nobody noted, nothing.
func writeLogs(b *strings.Builder, x Facts, name func(unit string) string) {
	type sum struct {
		shifts   int
		km, fuel float64
	}
	sums := map[string]sum{}
	for _, l := range x.Logs {
		t := sums[l.Unit]
		t.shifts++
		if km, known := l.Km(); known {
			t.km += km
		}
		if l.Fuel != nil {
			t.fuel += *l.Fuel
		}
		sums[l.Unit] = t
	}
	ids := slices.SortedFunc(maps.Keys(sums), func(a, b string) int { return cmp.Or(cmp.Compare(name(a), name(b)), cmp.Compare(a, b)) })
	if len(ids) > 0 {
		fmt.Fprintf(b, "\nOdómetro y combustible anotados\n%-24s %8s %12s %12s\n", "Unidad", "turnos", "km", "galones")
		for _, id := range ids {
			fmt.Fprintf(b, "%-24s %8d %12.1f %12.2f\n", name(id), sums[id].shifts, sums[id].km, sums[id].fuel/gallon)
		}
	}
	words := map[fleet.Readiness]string{fleet.Workshop: "en el taller", fleet.NoFuel: "sin combustible"}
	out := 0
	for _, r := range x.States {
		if words[r.State] == "" {
			continue
		}
		if out++; out == 1 {
			b.WriteString("\nFuera de servicio\n")
		}
		fmt.Fprintf(b, "  %-24s %s desde %s\n", name(r.Unit), words[r.State], r.Since.Format(time.DateOnly))
	}
}
