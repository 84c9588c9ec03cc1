package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// aboutPosts says in Spanish what is wrong with fixed posts.
func aboutPosts(err error) error {
	var m patrol.PostMistake
	if !errors.As(err, &m) {
		return err
	}
	switch m.What {
	case "count":
		return invalid("", fmt.Sprintf("Un distrito tiene a lo más %d puestos fijos.", patrol.MaxPosts))
	case "id":
		return invalid("id", fmt.Sprintf("El código «%s» no sirve: use letras minúsculas sin tilde, dígitos y guion.", m.Name))
	case "name":
		return invalid("name", fmt.Sprintf("Escriba el nombre de cada puesto, hasta %d letras.", patrol.MaxPostName))
	case "place":
		return invalid("place", fmt.Sprintf("Marque en el mapa el lugar de «%s».", m.Name))
	case "clock":
		return invalid("from", fmt.Sprintf("Al puesto «%s» le falta una hora; escriba inicio y fin, como 07:30 y 08:15.", m.Name))
	case "long":
		return invalid("to", fmt.Sprintf("El puesto «%s» dura más de 12 horas; divídalo.", m.Name))
	case "day":
		return invalid("days", fmt.Sprintf("Los días de «%s» no sirven.", m.Name))
	case "unit":
		return invalid("units", fmt.Sprintf("El puesto «%s» nombra la unidad «%s», que no existe.", m.Name, m.Unit))
	}
	return invalid("id", fmt.Sprintf("El puesto «%s» está dos veces.", m.Name))
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
