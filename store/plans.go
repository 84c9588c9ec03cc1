package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// The ways a plan may go:
//
//	draft ⇄ approved → published → superseded
//	  └────────┴───────────────────────↗
var planWays = map[patrol.State][]patrol.State{
	patrol.Draft:     {patrol.Approved, patrol.Superseded},
	patrol.Approved:  {patrol.Published, patrol.Draft, patrol.Superseded},
	patrol.Published: {patrol.Superseded},
}

// SavePlan keeps a plan. A new one gets the next version of its shift and,
// without an ID, one made of shift and version ("2026-11-21-noche-3"). One
// with the ID of a draft replaces that draft and keeps its version; a plan
// that is no draft any more is fleet.ErrConflict.
func (s *Store) SavePlan(ctx context.Context, p patrol.Plan) (patrol.Plan, error) {
	return s.savePlan(ctx, p, func(pgx.Tx) error { return nil }, patrol.Same{}, nil)
}

// SavePlanAfter keeps a plan as the next version of its shift if the plan
// newest is the newest one; fleet.ErrConflict if somebody saved another
// meanwhile. What the audit is to say is of the same transaction; an empty
// subject becomes the plan's id. Rounds that are the same in another plan of the
// district are taken from there instead of being written anew.
func (s *Store) SavePlanAfter(ctx context.Context, p patrol.Plan, newest string, same patrol.Same, audit ...fleet.AuditRow) (patrol.Plan, error) {
	p.ID = ""
	return s.savePlan(ctx, p, func(tx pgx.Tx) error { return isNewest(ctx, tx, p, newest) }, same, audit)
}

// savePlan keeps a plan if may, which runs in the same transaction, has nothing
// against it.
func (s *Store) savePlan(ctx context.Context, p patrol.Plan, may func(pgx.Tx) error, same patrol.Same, audit []fleet.AuditRow) (patrol.Plan, error) {
	date, code, err := p.Shift.Split()
	if err != nil {
		return patrol.Plan{}, err
	}
	if p.State == "" {
		p.State = patrol.Draft
	}
	if p.CreatedAt.IsZero() {
		p.CreatedAt = s.now()
	}
	p.CreatedAt, p.ApprovedAt = micros(p.CreatedAt), micros(p.ApprovedAt)
	rounds, err := packChanged(p, same)
	if err != nil {
		return patrol.Plan{}, fmt.Errorf("%w: plan of %s: %w", fleet.ErrInvalid, p.Shift, err)
	}
	saved := p
	err = s.inTxOnce(ctx, func(tx pgx.Tx) error {
		saved = p
		if err := lockName(ctx, tx, "plans "+string(p.Shift), p.Ubigeo); err != nil {
			return err
		}
		if err := may(tx); err != nil {
			return err
		}
		there, err := replaceDraft(ctx, tx, &saved)
		if err != nil {
			return err
		}
		if !there {
			if err := tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) + 1 FROM plans WHERE ubigeo = $1 AND shift = $2`, p.Ubigeo, string(p.Shift)).
				Scan(&saved.Version); err != nil {
				return err
			}
			if saved.ID == "" {
				saved.ID = fmt.Sprintf("%s-%s-%d", date, code, saved.Version)
			}
		}
		if saved.State == patrol.Published {
			if err := supersede(ctx, tx, saved.Ubigeo, string(saved.Shift), saved.CreatedBy, saved.CreatedAt); err != nil {
				return err
			}
		}
		if err := insertPlan(ctx, tx, saved, rounds); err != nil {
			return err
		}
		if err := copySame(ctx, tx, saved, same); err != nil {
			return err
		}
		for _, a := range audit {
			a.Subject = cmp.Or(a.Subject, saved.ID)
			if err := s.auditIn(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return patrol.Plan{}, fmt.Errorf("save plan of %s: %w", p.Shift, err)
	}
	return saved, nil
}

// isNewest checks that a plan is the newest of p's shift; empty: none is asked for.
func isNewest(ctx context.Context, tx pgx.Tx, p patrol.Plan, id string) error {
	if id == "" {
		return nil
	}
	var newest string
	err := tx.QueryRow(ctx, `SELECT id FROM plans WHERE ubigeo = $1 AND shift = $2 ORDER BY version DESC LIMIT 1`, p.Ubigeo, string(p.Shift)).Scan(&newest)
	if err != nil && !noRows(err) {
		return err
	}
	if newest != id {
		return fmt.Errorf("%w: plan %s is the newest one, not %s", fleet.ErrConflict, newest, id)
	}
	return nil
}

// SetPlanFigures keeps the figures of a plan that were measured after it was
// saved.
func (s *Store) SetPlanFigures(ctx context.Context, ubigeo, id string, figures json.RawMessage) error {
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var body []byte
		err := tx.QueryRow(ctx, `SELECT body FROM plans WHERE ubigeo = $1 AND id = $2 FOR UPDATE`, ubigeo, id).Scan(&body)
		if noRows(err) {
			return fleet.ErrNotFound
		}
		if err != nil {
			return err
		}
		var p patrol.Plan
		if err := json.Unmarshal(body, &p); err != nil {
			return err
		}
		p.Figures = figures
		if body, err = json.Marshal(p); err != nil {
			return fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
		}
		_, err = tx.Exec(ctx, `UPDATE plans SET body = $3 WHERE ubigeo = $1 AND id = $2`, ubigeo, id, body)
		return err
	})
	if err != nil {
		return fmt.Errorf("figures of plan %s: %w", id, err)
	}
	return nil
}

// replaceDraft takes a draft of p's ID away and gives p its version; it tells
// whether there was one.
func replaceDraft(ctx context.Context, tx pgx.Tx, p *patrol.Plan) (bool, error) {
	if p.ID == "" {
		return false, nil
	}
	var state, shift string
	var version int
	err := tx.QueryRow(ctx, `SELECT state, shift, version FROM plans WHERE ubigeo = $1 AND id = $2 FOR UPDATE`, p.Ubigeo, p.ID).Scan(&state, &shift, &version)
	switch {
	case noRows(err):
		return false, nil
	case err != nil:
		return false, err
	case state != string(patrol.Draft):
		return false, fmt.Errorf("%w: plan %s is %s and cannot be changed; make a new one", fleet.ErrConflict, p.ID, state)
	case shift != string(p.Shift):
		return false, fmt.Errorf("%w: plan %s is of shift %s, not of %s", fleet.ErrConflict, p.ID, shift, p.Shift)
	}
	p.Version = version
	_, err = tx.Exec(ctx, `DELETE FROM plans WHERE ubigeo = $1 AND id = $2`, p.Ubigeo, p.ID)
	return true, err
}

func insertPlan(ctx context.Context, tx pgx.Tx, p patrol.Plan, rounds []packedRound) error {
	head := p
	head.Rounds = nil
	body, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
	}
	var b pgx.Batch
	b.Queue(`INSERT INTO plans (ubigeo, id, shift, version, state, created_at, approved_at, approved_by, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		p.Ubigeo, p.ID, string(p.Shift), p.Version, string(p.State), p.CreatedAt, orNull(p.ApprovedAt), clean(p.ApprovedBy), body)
	for _, r := range rounds {
		b.Queue(`INSERT INTO rounds (ubigeo, plan, number, unit, body, legs) VALUES ($1, $2, $3, $4, $5, $6)`,
			p.Ubigeo, p.ID, r.number, r.unit, r.body, r.legs)
	}
	return tx.SendBatch(ctx, &b).Close()
}

// supersede retires the published plan of a shift.
func supersede(ctx context.Context, tx pgx.Tx, ubigeo, shift, by string, at time.Time) error {
	_, err := tx.Exec(ctx, `WITH old AS (
			UPDATE plans SET state = 'superseded' WHERE ubigeo = $1 AND shift = $2 AND state = 'published' RETURNING id
		) INSERT INTO plan_states (ubigeo, plan, from_state, to_state, at, username) SELECT $1, id, 'published', 'superseded', $3, $4 FROM old`,
		ubigeo, shift, micros(at), clean(by))
	return err
}

// SetPlanState moves a plan from one state to another; fleet.ErrConflict if it
// is not in from any more. Publishing supersedes the plan of the shift that
// was in force. All of it, and what the audit is to say of it, is one transaction.
func (s *Store) SetPlanState(ctx context.Context, ubigeo, id string, from, to patrol.State, by string, at time.Time, audit ...fleet.AuditRow) error {
	if !slices.Contains(planWays[from], to) {
		return fmt.Errorf("%w: a plan does not go from %q to %q", fleet.ErrInvalid, from, to)
	}
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var shift string
		err := tx.QueryRow(ctx, `SELECT shift FROM plans WHERE ubigeo = $1 AND id = $2`, ubigeo, id).Scan(&shift)
		if noRows(err) {
			return fmt.Errorf("%w: no such plan in district %s", fleet.ErrNotFound, ubigeo)
		}
		if err != nil {
			return err
		}
		if err := lockName(ctx, tx, "plans "+shift, ubigeo); err != nil {
			return err
		}
		var now string
		if err := tx.QueryRow(ctx, `SELECT state FROM plans WHERE ubigeo = $1 AND id = $2 FOR UPDATE`, ubigeo, id).Scan(&now); err != nil {
			return err
		}
		if now != string(from) {
			return fmt.Errorf("%w: it is %s, not %s", fleet.ErrConflict, now, from)
		}
		if to == patrol.Published {
			if err := supersede(ctx, tx, ubigeo, shift, by, at); err != nil {
				return err
			}
		}
		// Approval is kept when a plan goes on, and forgotten when it goes back.
		if _, err := tx.Exec(ctx, `UPDATE plans SET state = $3,
				approved_at = CASE $3 WHEN 'approved' THEN $4::timestamptz WHEN 'draft' THEN NULL ELSE approved_at END,
				approved_by = CASE $3 WHEN 'approved' THEN $5 WHEN 'draft' THEN '' ELSE approved_by END
			WHERE ubigeo = $1 AND id = $2`, ubigeo, id, string(to), micros(at), clean(by)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO plan_states (ubigeo, plan, from_state, to_state, at, username) VALUES ($1, $2, $3, $4, $5, $6)`,
			ubigeo, id, string(from), string(to), micros(at), clean(by))
		if err != nil {
			return err
		}
		for _, a := range audit {
			if err := s.auditIn(ctx, tx, a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("plan %s to %s: %w", id, to, err)
	}
	return nil
}

const planColumns = `ubigeo, id, version, state, approved_at, approved_by, body, state = 'published' OR state = 'superseded'
	AND EXISTS (SELECT FROM plan_states s WHERE s.ubigeo = plans.ubigeo AND s.plan = plans.id AND 'published' IN (s.from_state, s.to_state))`

func rowOfPlan(r pgx.CollectableRow) (p patrol.Plan, err error) {
	var ubigeo, id, state, approvedBy string
	var version int
	var approvedAt *time.Time
	var body []byte
	var handedOut bool
	if err := r.Scan(&ubigeo, &id, &version, &state, &approvedAt, &approvedBy, &body, &handedOut); err != nil {
		return p, err
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return p, fmt.Errorf("plan %s: %w", id, err)
	}
	p.Ubigeo, p.ID, p.Version, p.State = ubigeo, id, version, patrol.State(state)
	p.ApprovedAt, p.ApprovedBy, p.HandedOut = orZero(approvedAt), approvedBy, handedOut
	return p, nil
}

// Plan gives a plan with its rounds and their legs.
func (s *Store) Plan(ctx context.Context, ubigeo, id string) (patrol.Plan, error) {
	p, err := s.PlanHead(ctx, ubigeo, id)
	if err != nil {
		return p, err
	}
	p.Rounds, err = list(ctx, s, func(r pgx.CollectableRow) (patrol.Round, error) {
		var pr packedRound
		if err := r.Scan(&pr.number, &pr.body, &pr.legs); err != nil {
			return patrol.Round{}, err
		}
		return pr.unpack()
	}, `SELECT number, body, legs FROM rounds WHERE ubigeo = $1 AND plan = $2 ORDER BY number`, ubigeo, id)
	return p, err
}

// PlansOfShift gives the plans of a shift, the newest version first, with
// their rounds but without the legs.
func (s *Store) PlansOfShift(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]patrol.Plan, error) {
	plans, err := list(ctx, s, rowOfPlan, `SELECT `+planColumns+` FROM plans WHERE ubigeo = $1 AND shift = $2 ORDER BY version DESC`, ubigeo, string(shift))
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	type headed struct {
		plan  string
		round patrol.Round
	}
	heads, err := list(ctx, s, func(r pgx.CollectableRow) (h headed, err error) {
		var body []byte
		if err := r.Scan(&h.plan, &body); err != nil {
			return h, err
		}
		return h, json.Unmarshal(body, &h.round)
	}, `SELECT r.plan, r.body FROM rounds r JOIN plans p ON p.ubigeo = r.ubigeo AND p.id = r.plan
		WHERE p.ubigeo = $1 AND p.shift = $2 ORDER BY r.plan, r.number`, ubigeo, string(shift))
	if err != nil {
		return nil, err
	}
	for i := range plans {
		for _, h := range heads {
			if h.plan == plans[i].ID {
				plans[i].Rounds = append(plans[i].Rounds, h.round)
			}
		}
	}
	return plans, nil
}
