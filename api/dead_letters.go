package api

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/serenazgo/serenazgo/fleet"
)

// How many dead letters are listed, how many are read anew at a time and for how
// long in one request, and how much of a payload is shown.
const (
	lettersShown    = 100
	lettersReplayed = 100 // each may be as large as a message
	replayFor       = 20 * time.Second
	payloadListed   = 200
	payloadShown    = 16_000
)

// letterBody shows a dead letter, whose payload is whatever somebody sent.
func letterBody(l fleet.DeadLetter, most int) DeadLetter {
	return DeadLetter{Id: l.ID, Received: stamp(l.Received), Topic: l.Topic, Client: l.Client, Code: string(l.Code), Reason: l.Reason,
		Bytes: len(l.Payload), Payload: printed(l.Payload, most)}
}

// printed shows the first bytes of a payload, what is no printable text escaped;
// quotation marks and backslashes, of which JSON is full, stand for themselves.
func printed(payload []byte, most int) string {
	var out strings.Builder
	for b := payload[:min(len(payload), most)]; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		if r == '"' || r == '\\' {
			out.WriteRune(r)
		} else {
			quoted := strconv.QuoteToGraphic(string(b[:n]))
			out.WriteString(quoted[1 : len(quoted)-1])
		}
		b = b[n:]
	}
	return out.String()
}

// GetDeadLetters lists payloads that could not be read, or shows one of them with
// more of its payload. Positions may be in them, so both looks are audited.
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
	if len(ls) > 0 {
		err = s.audit(ctx, r.Ubigeo, "dead_letter.list", strconv.Itoa(len(ls)), "")
	}
	return out, err
}

// ReplayDeadLetters reads one or all of them anew.
func (s *server) ReplayDeadLetters(ctx context.Context, r ReplayDeadLettersRequestObject) (ReplayDeadLettersResponseObject, error) {
	subject := "all"
	next := func(before int64) ([]fleet.DeadLetter, error) {
		return s.cfg.Store.DeadLettersBefore(ctx, r.Ubigeo, before, lettersReplayed)
	}
	if id := r.Body.Id; id != nil {
		subject = strconv.FormatInt(*id, 10)
		next = func(before int64) ([]fleet.DeadLetter, error) {
			if before <= *id {
				return nil, nil
			}
			l, err := s.cfg.Store.DeadLetter(ctx, r.Ubigeo, *id)
			return []fleet.DeadLetter{l}, err
		}
	}
	done := fleet.Replayed{Left: map[string]int{}}
	err := s.replay(ctx, r.Ubigeo, next, &done)
	if err != nil && done.Letters == 0 {
		return nil, err
	}
	// What was stored is stored, also if the rest could not be or the caller left.
	detail := fmt.Sprintf("%d of %d read, %d positions, %d new", done.Decoded, done.Letters, done.Fixes, done.Stored)
	return ReplayDeadLetters200JSONResponse(done), s.audit(context.WithoutCancel(ctx), r.Ubigeo, "dead_letter.replay", subject, detail)
}

// replay reads the letters that next gives below an id, portion by portion, for
// as long as a request may take.
func (s *server) replay(ctx context.Context, ubigeo string, next func(before int64) ([]fleet.DeadLetter, error), done *fleet.Replayed) error {
	end := time.Now().Add(replayFor)
	for before := int64(math.MaxInt64); time.Now().Before(end); {
		letters, err := next(before)
		if err != nil || len(letters) == 0 {
			return err
		}
		x, err := s.cfg.Replay(ctx, ubigeo, letters)
		done.Letters += x.Letters
		done.Decoded += x.Decoded
		done.Fixes += x.Fixes
		done.Stored += x.Stored
		for reason, n := range x.Left {
			done.Left[reason] += n
		}
		if err != nil {
			return err
		}
		before = letters[len(letters)-1].ID
	}
	return nil
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
