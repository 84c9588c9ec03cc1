package api

import (
	"context"
	"fmt"
	"strconv"

	"github.com/serenazgo/serenazgo/fleet"
)

// How many dead letters are listed, how many are read anew at once, and how much
// of a payload is shown.
const (
	lettersShown    = 100
	lettersReplayed = 10_000
	payloadListed   = 200
	payloadShown    = 16_000
)

// letterBody shows a dead letter. What is not printable text is escaped: a
// payload is whatever somebody sent.
func letterBody(l fleet.DeadLetter, most int) DeadLetter {
	text := strconv.QuoteToGraphic(string(l.Payload[:min(len(l.Payload), most)]))
	return DeadLetter{Id: l.ID, Received: stamp(l.Received), Topic: l.Topic, Client: l.Client, Code: string(l.Code), Reason: l.Reason,
		Bytes: len(l.Payload), Payload: text[1 : len(text)-1]}
}

// GetDeadLetters lists payloads that could not be read, or shows one of them with
// more of its payload. Positions may be in that, so the look is audited.
func (s *server) GetDeadLetters(ctx context.Context, r GetDeadLettersRequestObject) (GetDeadLettersResponseObject, error) {
	n, err := s.cfg.Store.CountDeadLetters(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := GetDeadLetters200JSONResponse{Total: n, Letters: []DeadLetter{}}
	if r.Params.Id != nil {
		l, err := s.cfg.Store.DeadLetter(ctx, r.Ubigeo, *r.Params.Id)
		if err != nil {
			return nil, err
		}
		out.Letters = append(out.Letters, letterBody(l, payloadShown))
		return out, s.audit(ctx, r.Ubigeo, "dead_letter.view", strconv.FormatInt(l.ID, 10), l.Topic)
	}
	ls, err := s.cfg.Store.DeadLetters(ctx, r.Ubigeo, lettersShown)
	if err != nil {
		return nil, err
	}
	for _, l := range ls {
		out.Letters = append(out.Letters, letterBody(l, payloadListed))
	}
	return out, nil
}

// ReplayDeadLetters reads one or all of them anew.
func (s *server) ReplayDeadLetters(ctx context.Context, r ReplayDeadLettersRequestObject) (ReplayDeadLettersResponseObject, error) {
	var letters []fleet.DeadLetter
	subject := "all"
	if r.Body.Id != nil {
		l, err := s.cfg.Store.DeadLetter(ctx, r.Ubigeo, *r.Body.Id)
		if err != nil {
			return nil, err
		}
		letters, subject = []fleet.DeadLetter{l}, strconv.FormatInt(l.ID, 10)
	} else {
		var err error
		if letters, err = s.cfg.Store.DeadLetters(ctx, r.Ubigeo, lettersReplayed); err != nil {
			return nil, err
		}
	}
	done, err := s.cfg.Replay(ctx, r.Ubigeo, letters)
	if err != nil {
		return nil, err
	}
	detail := fmt.Sprintf("%d of %d read, %d positions, %d new", done.Decoded, done.Letters, done.Fixes, done.Stored)
	return ReplayDeadLetters200JSONResponse(done), s.audit(ctx, r.Ubigeo, "dead_letter.replay", subject, detail)
}

// DiscardDeadLetter forgets one for good.
func (s *server) DiscardDeadLetter(ctx context.Context, r DiscardDeadLetterRequestObject) (DiscardDeadLetterResponseObject, error) {
	l, err := s.cfg.Store.DeadLetter(ctx, r.Ubigeo, r.Params.Id)
	if err != nil {
		return nil, err
	}
	err = s.cfg.Store.DropDeadLetter(ctx, l, auditRow(ctx, r.Ubigeo, "dead_letter.discard", strconv.FormatInt(l.ID, 10), l.Topic+": "+l.Reason))
	return DiscardDeadLetter204Response{}, err
}
