package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// mostSessions bounds the list of sessions: some years of monthly ones.
const mostSessions = 200

// stampOf is the caller's.
func (s *server) stampOf(ctx context.Context) session.Stamp {
	u := callerOf(ctx).user
	return session.Stamp{By: u.Username, Name: u.Name, At: s.cfg.Now().UTC()}
}

// sideOf is the side that the caller speaks for.
func sideOf(ctx context.Context, ubigeo string) (session.Side, error) {
	side, ok := session.SideOf(callerOf(ctx).user.Districts[ubigeo])
	if !ok {
		return "", fleet.ErrForbidden
	}
	return side, nil
}

// sessionBody is a session with the hash of its contents as they are.
func sessionBody(x session.Session) (MeetingView, error) {
	sum, err := x.Sum()
	if err != nil {
		return MeetingView{}, err
	}
	by := struct {
		Profile review.Profile `json:"profile"`
	}{review.Profile{Bands: review.DefaultBands()}}
	if len(x.Figures) == 0 {
		x.Figures = json.RawMessage("null")
	} else if err := json.Unmarshal(x.Figures, &by); err != nil {
		return MeetingView{}, fmt.Errorf("figures of session %s: %w", x.ID, err)
	}
	return MeetingView{Session: x, Sum: sum, Formulas: by.Profile.Formulas()}, nil
}

// GetMeetings lists the sessions of a district, without their figures.
func (s *server) GetMeetings(ctx context.Context, r GetMeetingsRequestObject) (GetMeetingsResponseObject, error) {
	all, err := s.cfg.Store.ReviewSessions(ctx, r.Ubigeo, mostSessions)
	if err != nil {
		return nil, err
	}
	out := GetMeetings200JSONResponse{}
	for _, x := range all {
		out = append(out, MeetingHead{Id: x.ID, From: x.Query.From, To: x.Query.To, Sector: some(x.Query.Sector), Shift: some(x.Query.Shift), Version: x.Version, State: MeetingHeadState(x.State),
			Changed: stamp(x.Changed), Agreements: len(x.Agreements), Open: len(session.Carried(x)), Hash: some(x.Hash)})
	}
	return out, nil
}

// GetMeeting gives one version.
func (s *server) GetMeeting(ctx context.Context, r GetMeetingRequestObject) (GetMeetingResponseObject, error) {
	x, err := s.cfg.Store.ReviewSession(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	body, err := sessionBody(x)
	return GetMeeting200JSONResponse(body), err
}

// figuresOf makes the review of a query, as it is kept in a session.
func (s *server) figuresOf(ctx context.Context, ubigeo string, q review.Query) (json.RawMessage, error) {
	made, err := s.cfg.Reviewed(ctx, ubigeo, q)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("figures of %s to %s: %w", q.From, q.To, err)
	}
	return raw, nil
}

// BeginMeeting makes a draft of a period, with the agreements that are open.
func (s *server) BeginMeeting(ctx context.Context, r BeginMeetingRequestObject) (BeginMeetingResponseObject, error) {
	q := review.Query{Period: review.Period{From: r.Body.From, To: r.Body.To}}
	if r.Body.Sector != nil {
		q.Sector = *r.Body.Sector
	}
	if r.Body.Shift != nil {
		q.Shift = *r.Body.Shift
	}
	figures, err := s.figuresOf(ctx, r.Ubigeo, q)
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, errPeriod
	}
	if err != nil {
		return nil, err
	}
	last, err := s.cfg.Store.LastSigned(ctx, r.Ubigeo, q.Sector, q.From)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return nil, err
	}
	x, err := session.Begin(r.Ubigeo, q, figures, session.Carried(last), s.stampOf(ctx))
	if err != nil {
		return nil, err
	}
	if x, err = s.addSession(ctx, x, "session.begin"); err != nil {
		return nil, err
	}
	body, err := sessionBody(x)
	return BeginMeeting201JSONResponse(body), err
}

func (s *server) addSession(ctx context.Context, x session.Session, action string) (session.Session, error) {
	kept, err := s.cfg.Store.AddReviewSession(ctx, x, auditRow(ctx, x.Ubigeo, action, "", x.Query.From+" – "+x.Query.To))
	if errors.Is(err, fleet.ErrConflict) {
		return kept, problem{fleet.ErrConflict, "Ya hay una sesión abierta de este periodo; continúe con ella.", "from"}
	}
	return kept, err
}

// StepMeeting takes a session a step on.
func (s *server) StepMeeting(ctx context.Context, r StepMeetingRequestObject) (StepMeetingResponseObject, error) {
	side, err := sideOf(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	step := *r.Body
	if side == session.Police && (step.Step == StepRetake || step.Step == StepSubmit || step.Step == StepReopen || step.Step == StepCorrect) {
		return nil, fleet.ErrForbidden // the municipality's technical secretary prepares the session
	}
	var out session.Session
	if step.Step == StepCorrect {
		if out, err = s.cfg.Store.ReviewSession(ctx, r.Ubigeo, r.Id); err == nil {
			if out, err = session.Correct(out, s.stampOf(ctx)); err == nil {
				out, err = s.addSession(ctx, out, "session.correct")
			}
		}
	} else {
		out, err = s.change(ctx, r.Ubigeo, r.Id, side, step)
	}
	if err != nil {
		return nil, refusedStep(step.Step, err)
	}
	body, err := sessionBody(out)
	return StepMeeting200JSONResponse(body), err
}

// change does a step and records it.
func (s *server) change(ctx context.Context, ubigeo, id string, side session.Side, step MeetingStep) (session.Session, error) {
	var figures json.RawMessage
	if step.Step == StepRetake {
		x, err := s.cfg.Store.ReviewSession(ctx, ubigeo, id)
		if err != nil {
			return x, err
		}
		if figures, err = s.figuresOf(ctx, ubigeo, x.Query); err != nil {
			return x, err
		}
	}
	by := s.stampOf(ctx)
	text := func(p *string) string {
		if p == nil {
			return ""
		}
		return *p
	}
	return s.cfg.Store.ChangeReviewSession(ctx, ubigeo, id, func(x *session.Session) error {
		switch step.Step {
		case StepRetake:
			return x.Retake(figures, by.At)
		case StepSubmit:
			return x.Submit(by.At)
		case StepReopen:
			return x.Reopen(by.At)
		case StepLook:
			return x.Look(side, by)
		case StepComment:
			return x.Say(session.Comment{Stamp: by, Side: side, Indicator: text(step.Indicator), Text: text(step.Text)})
		case StepAgree:
			if step.Agreement == nil {
				return invalid("agreement", "Falta el acuerdo.")
			}
			if err := x.Unchanged(text(step.Sum)); err != nil {
				return err
			}
			return x.Agree(*step.Agreement, by.At)
		case StepUnsay:
			return x.Unsay(text(step.Id), by.At)
		case StepAttend:
			if step.Attendance == nil {
				return invalid("attendance", "Falta la lista de asistencia.")
			}
			if err := x.Unchanged(text(step.Sum)); err != nil {
				return err
			}
			return x.Attend(*step.Attendance, by.At)
		case StepSign:
			return x.Sign(side, by, text(step.Sum))
		}
		return invalid("step", "Este paso no existe.")
	}, auditRow(ctx, ubigeo, "session."+string(step.Step), id, string(side)))
}

// DropMeeting forgets a draft.
func (s *server) DropMeeting(ctx context.Context, r DropMeetingRequestObject) (DropMeetingResponseObject, error) {
	err := s.cfg.Store.DropReviewSession(ctx, r.Ubigeo, r.Id, auditRow(ctx, r.Ubigeo, "session.drop", r.Id, ""))
	if errors.Is(err, fleet.ErrConflict) {
		err = problem{fleet.ErrConflict, "Solo se descarta un borrador: una sesión que ya se presentó se retira antes, y una firmada queda.", "id"}
	}
	if err != nil {
		return nil, err
	}
	return DropMeeting204Response{}, nil
}

// badSteps say what is wrong with what a step was given, where it is given more
// than its name.
var badSteps = map[MeetingStepStep]problem{
	StepComment: {fleet.ErrInvalid, "Escriba el comentario; si es sobre un indicador, que sea uno de la evaluación.", "text"},
	StepAgree:   {fleet.ErrInvalid, "Un acuerdo lleva su texto, quién responde y una fecha (AAAA-MM-DD); uno cumplido, también el día en que se cumplió.", "agreement"},
	StepAttend:  {fleet.ErrInvalid, "Cada asistente lleva su nombre y su cargo.", "attendance"},
}

// refusedStep says in Spanish why a step was refused.
func refusedStep(step MeetingStepStep, err error) error {
	var p problem
	switch {
	case errors.As(err, &p):
		return err
	case errors.Is(err, session.ErrOneForBoth):
		return problem{fleet.ErrConflict, "Usted ya intervino por la otra parte en esta sesión: la revisan y firman dos personas distintas, una por la municipalidad y otra por la policía.", "step"}
	case errors.Is(err, fleet.ErrConflict) && step == StepSign:
		return problem{fleet.ErrConflict, "No se puede firmar: o falta que una parte revise, o alguien cambió la sesión. Vuelva a leerla.", "step"}
	case errors.Is(err, session.ErrChanged):
		return problem{fleet.ErrConflict, "Otra persona cambió la sesión mientras tanto y este cambio no se guardó. Vea cómo quedó y repítalo si aún hace falta.", "sum"}
	case errors.Is(err, fleet.ErrConflict):
		return problem{fleet.ErrConflict, "En el estado en que está la sesión este paso no es posible. Recargue la página.", "step"}
	case errors.Is(err, fleet.ErrInvalid) && badSteps[step].text != "":
		return badSteps[step]
	case errors.Is(err, fleet.ErrInvalid):
		return problem{fleet.ErrInvalid, "Este paso no se puede dar así. Revise los datos.", "step"}
	}
	return err
}
