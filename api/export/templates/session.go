package templates

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// Signed is a session's content as JSON: Sum is the SHA-256 of what is signed.
type Signed struct {
	session.Session
	Sum string `json:"sum"`
}

// OfSession makes the paper of a session: its figures as they were taken, what
// was said and agreed on, who was there and who has signed.
func OfSession(s session.Session, streets Streets, made time.Time) (Paper, error) {
	var r review.Review
	if len(s.Figures) > 0 {
		if err := json.Unmarshal(s.Figures, &r); err != nil {
			return Paper{}, fmt.Errorf("figures of session %s: %w", s.ID, err)
		}
	}
	sum, err := s.Sum()
	if err != nil {
		return Paper{}, err
	}
	if len(s.Figures) == 0 {
		s.Figures = json.RawMessage("null")
	}
	book := Review(r, streets, made)
	book.Title = "Sesión de evaluación conjunta " + s.ID
	d := &book.Documents[0]
	d.Notice = sessionNotice(s)
	if r.Simulated {
		d.Notice += " Contiene datos simulados: solo para demostración."
	}
	d.Source += fmt.Sprintf("; sesión %s, SHA-256 %s", s.ID, sum)
	said := []paper.Block{
		paper.Heading{Text: "Acuerdos"}, agreementTable(s, made, book.Loc),
		paper.Heading{Text: "Comentarios"}, commentTable(s),
		paper.Heading{Text: "Asistencia"}, attendanceTable(s),
		signatures(s, book.Loc),
		paper.Paragraph{Hint: true, Text: "Lo firmado se identifica por su SHA-256: " + sum},
	}
	formulas := d.Blocks[len(d.Blocks)-2:] // they close the paper
	d.Blocks = append(append(d.Blocks[:len(d.Blocks)-2:len(d.Blocks)-2], said...), formulas...)
	return Paper{fmt.Sprintf("sesion-%s-%s", s.Ubigeo, s.ID), book, Signed{s, sum}}, nil
}

var sideWord = map[session.Side]string{session.Municipality: "Municipalidad", session.Police: "Policía", "": "Ambas partes"}

func sessionNotice(s session.Session) string {
	switch s.State {
	case session.Locked:
		return fmt.Sprintf("Sesión cerrada, versión %d: firmada por ambas partes.", s.Version)
	case session.Review:
		return fmt.Sprintf("En revisión, versión %d: falta que firmen ambas partes.", s.Version)
	}
	return fmt.Sprintf("Borrador, versión %d: las cifras pueden cambiar.", s.Version)
}

func agreementTable(s session.Session, made time.Time, loc *time.Location) paper.Table {
	today := made.In(loc).Format(time.DateOnly)
	t := paper.Table{Sheet: "Acuerdos", Empty: "Sin acuerdos.", Columns: []paper.Column{
		{Title: "Acuerdo", Width: 50, Kind: paper.Strong}, {Title: "Responsable", Width: 24}, {Title: "Parte", Width: 14}, {Title: "Vence", Width: 14, Kind: paper.Date},
		{Title: "Estado", Width: 18}, {Title: "De la sesión", Width: 22}, {Title: "Nota", Width: 30}}}
	for _, a := range s.Agreements {
		state := map[session.Status]string{session.Open: "Pendiente", session.Dropped: "Retirado", session.Done: "Cumplido el " + dayWord(a.DoneOn)}[a.State]
		if a.Overdue(today) {
			state = "Vencido"
		}
		var due any = a.Due
		if at, err := time.ParseInLocation(time.DateOnly, a.Due, loc); err == nil {
			due = at
		}
		t.Rows = append(t.Rows, []any{a.Text, a.Who, sideWord[a.Side], due, state, a.From, a.Note})
	}
	return t
}

func commentTable(s session.Session) paper.Table {
	t := paper.Table{Sheet: "Comentarios", Empty: "Sin comentarios.", Columns: []paper.Column{
		{Title: "Hora", Width: 18, Kind: paper.Moment}, {Title: "Parte", Width: 14}, {Title: "Quién", Width: 24}, {Title: "Sobre", Width: 28}, {Title: "Comentario", Width: 60}}}
	for _, c := range s.Comments {
		about := "Todo"
		if f, ok := review.FormulaOf(c.Indicator); ok {
			about = f.Name
		}
		t.Rows = append(t.Rows, []any{c.At, sideWord[c.Side], c.Name, about, c.Text})
	}
	return t
}

func attendanceTable(s session.Session) paper.Table {
	t := paper.Table{Sheet: "Asistencia", Empty: "No se anotó quién asistió.", Columns: []paper.Column{
		{Title: "Nombre", Width: 40, Kind: paper.Strong}, {Title: "Cargo", Width: 40}, {Title: "Parte", Width: 20}}}
	for _, a := range s.Attendance {
		t.Rows = append(t.Rows, []any{a.Name, a.Post, sideWord[a.Side]})
	}
	return t
}

// signatures are the lines of both sides, with who has signed in the program.
func signatures(s session.Session, loc *time.Location) paper.Signatures {
	var out paper.Signatures
	for _, side := range session.Sides {
		one := paper.Signer{Role: sideWord[side]}
		if by, ok := s.Signed[side]; ok {
			one.Done = fmt.Sprintf("Firmado por %s, %s", by.Name, paper.MomentOf(by.At, loc))
		}
		out.Names = append(out.Names, one)
	}
	return out
}
