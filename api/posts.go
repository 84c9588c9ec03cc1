package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// GetPosts lists the fixed posts.
func (s *server) GetPosts(ctx context.Context, r GetPostsRequestObject) (GetPostsResponseObject, error) {
	ps, err := s.cfg.Store.Posts(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	return GetPosts200JSONResponse(append([]patrol.FixedPost{}, ps...)), nil
}

// SavePosts sets the fixed posts of the district, all of them at once.
func (s *server) SavePosts(ctx context.Context, r SavePostsRequestObject) (SavePostsResponseObject, error) {
	posts := []patrol.FixedPost(*r.Body)
	var said []string
	for _, p := range posts {
		said = append(said, fmt.Sprintf("%s %s-%s", p.ID, p.From, p.To))
	}
	err := s.cfg.Store.SavePosts(ctx, r.Ubigeo, posts, auditRow(ctx, r.Ubigeo, "posts.save", "", strings.Join(said, ", ")))
	if err != nil {
		return nil, aboutPosts(err)
	}
	if posts, err = s.cfg.Store.Posts(ctx, r.Ubigeo); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SavePosts200JSONResponse(append([]patrol.FixedPost{}, posts...)), nil
}

// postMistakes are the field and the Spanish words of what can be wrong with fixed
// posts; {post} is the post and {unit} the unit that it names.
var postMistakes = map[string]struct{ field, text string }{
	"count": {"", "Un distrito tiene a lo más " + strconv.Itoa(patrol.MaxPosts) + " puestos fijos."},
	"id":    {"id", "El código «{post}» no sirve: use letras minúsculas sin tilde, dígitos y guion."},
	"name":  {"name", "Escriba el nombre de cada puesto, hasta " + strconv.Itoa(patrol.MaxPostName) + " letras."},
	"place": {"place", "Marque en el mapa el lugar de «{post}»."},
	"clock": {"from", "Al puesto «{post}» le falta una hora; escriba inicio y fin, como 07:30 y 08:15."},
	"long":  {"to", "El puesto «{post}» dura más de 12 horas; divídalo."},
	"day":   {"days", "Los días de «{post}» no sirven."},
	"unit":  {"units", "El puesto «{post}» nombra la unidad «{unit}», que no existe."},
	"twice": {"id", "El puesto «{post}» está dos veces."},
}

// aboutPosts says in Spanish what is wrong with fixed posts.
func aboutPosts(err error) error {
	var m patrol.PostMistake
	if !errors.As(err, &m) {
		return err
	}
	x, ok := postMistakes[m.What]
	if !ok {
		return err
	}
	return invalid(x.field, strings.NewReplacer("{post}", m.Name, "{unit}", m.Unit).Replace(x.text))
}

// unitLimits takes a unit's own hours, kilometres and sectors from a request.
func (s *server) unitLimits(ctx context.Context, u *fleet.Unit, b *UnitEdit) error {
	text := func(v *string) string {
		if v == nil {
			return ""
		}
		return *v
	}
	u.From, u.To = text(b.From), text(b.To)
	bare := fleet.Unit{ID: u.ID, CallSign: u.CallSign, From: u.From, To: u.To}
	if bare.Check() != nil {
		return invalid("from", "Escriba las dos horas de la unidad, como 18:00 y 23:30, o ninguna.")
	}
	if b.MaxKm != nil {
		u.MaxKm = *b.MaxKm
	}
	if b.Sectors == nil || len(*b.Sectors) == 0 {
		return nil
	}
	fences, err := s.cfg.Store.Fences(ctx, u.Ubigeo)
	if err != nil {
		return err
	}
	for _, id := range *b.Sectors {
		if !slices.ContainsFunc(fences, func(f journal.Fence) bool { return f.ID == id && f.Kind == journal.Sector }) {
			return invalid("sectors", fmt.Sprintf("El distrito no tiene un sector «%s».", id))
		}
		if !slices.Contains(u.Sectors, id) {
			u.Sectors = append(u.Sectors, id)
		}
	}
	return nil
}
