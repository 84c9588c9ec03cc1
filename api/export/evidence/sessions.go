package evidence

import (
	"context"
	"time"

	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// Store is where sessions are kept.
type Store interface {
	ReviewSessions(ctx context.Context, ubigeo string, limit int) ([]session.Session, error)
	ReviewSession(ctx context.Context, ubigeo, id string) (session.Session, error)
}

// mostSessions bounds the sessions that are looked through: some forty years of
// monthly ones.
const mostSessions = 500

// Sessions gives the papers of the sessions about days of a period.
func Sessions(ctx context.Context, st Store, ubigeo string, q review.Query, streets templates.Streets, made time.Time) ([]templates.Paper, error) {
	heads, err := st.ReviewSessions(ctx, ubigeo, mostSessions)
	if err != nil {
		return nil, err
	}
	var out []templates.Paper
	for _, h := range heads {
		if !touches(h, q) {
			continue
		}
		x, err := st.ReviewSession(ctx, ubigeo, h.ID)
		if err != nil {
			return nil, err
		}
		p, err := templates.OfSession(x, streets, made)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// touches tells whether a session is about days of a period, and its sector.
func touches(s session.Session, q review.Query) bool {
	return s.Query.From <= q.To && s.Query.To >= q.From && s.Query.Sector == q.Sector
}
