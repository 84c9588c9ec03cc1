package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// Posts gives a district's fixed posts in the order in which they were saved.
func (s *Store) Posts(ctx context.Context, ubigeo string) ([]patrol.FixedPost, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (p patrol.FixedPost, err error) {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return p, err
		}
		return p, json.Unmarshal(body, &p)
	}, `SELECT body FROM fixed_posts WHERE ubigeo = $1 ORDER BY n`, ubigeo)
}

// SavePosts makes posts the fixed posts of a district in place of those it had,
// and records it. A unit that they name must be registered: patrol.PostMistake.
func (s *Store) SavePosts(ctx context.Context, ubigeo string, posts []patrol.FixedPost, audit fleet.AuditRow) error {
	if err := patrol.CheckPosts(posts); err != nil {
		return err
	}
	bodies := make([][]byte, len(posts))
	for i, p := range posts {
		p.Name = clean(p.Name)
		body, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("%w: fixed post %s: %w", fleet.ErrInvalid, p.ID, err)
		}
		bodies[i] = body
	}
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "posts", ubigeo); err != nil {
			return err
		}
		for _, p := range posts {
			for _, id := range p.Units {
				var there bool
				if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM units WHERE ubigeo = $1 AND id = $2)`, ubigeo, id).Scan(&there); err != nil {
					return err
				}
				if !there {
					return patrol.PostMistake{Name: p.Name, What: "unit", Unit: id}
				}
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM fixed_posts WHERE ubigeo = $1`, ubigeo); err != nil {
			return err
		}
		for i, p := range posts {
			if _, err := tx.Exec(ctx, `INSERT INTO fixed_posts (ubigeo, id, n, body) VALUES ($1, $2, $3, $4)`, ubigeo, p.ID, i+1, bodies[i]); err != nil {
				return err
			}
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("fixed posts of %s: %w", ubigeo, err)
	}
	return nil
}
