package importer

import (
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
)

// answered reads what a row says of how its incident was answered; nil: nothing.
// A time that cannot be read, or that lies before the incident was told of, is not
// known: such a column never costs a row.
func (im *reader) answered(rec record, in *hotspots.Incident) *hotspots.Answered {
	a := hotspots.Answered{
		Assigned: im.after(rec.text(im.at.assigned), in),
		Arrived:  im.after(rec.text(im.at.arrived), in),
		Outcome:  outcome(rec.text(im.at.outcome)),
	}
	if a == (hotspots.Answered{}) {
		return nil
	}
	some := a // most rows say nothing and need no memory
	return &some
}

// after reads a time, or a time of day, the first after the incident was told of.
func (im *reader) after(s string, in *hotspots.Incident) time.Time {
	if s == "" {
		return time.Time{}
	}
	told := in.Known
	if told.IsZero() {
		told = in.At
	}
	if of, ok := parseHour(s); ok {
		y, m, d := told.In(im.loc).Date()
		midnight := time.Date(y, m, d, 0, 0, 0, 0, im.loc)
		t := midnight.Add(of)
		if t.Before(told.Truncate(time.Minute)) { // columns of hours often have no seconds
			t = midnight.AddDate(0, 0, 1).Add(of)
		}
		return laterOf(t.UTC(), told)
	}
	m, err := parseMoment(s, im.order)
	if err != nil || m.dayOnly {
		return time.Time{}
	}
	t := m.at(im.loc, im.local)
	if t.Before(told.Truncate(time.Minute)) {
		return time.Time{}
	}
	return laterOf(t, told)
}

func laterOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// outcomes are the words of the sources seen, as plain writes them; one counts if
// the text begins with it.
var outcomes = []struct {
	word    string
	outcome hotspots.Outcome
}{
	{"perturbadora", hotspots.OutcomeNuisance}, {"llamada_perturbadora", hotspots.OutcomeNuisance}, {"malintencionada", hotspots.OutcomeNuisance}, {"nuisance", hotspots.OutcomeNuisance},
	{"fals", hotspots.OutcomeFalse}, {"negativ", hotspots.OutcomeFalse}, {"no_conforme", hotspots.OutcomeFalse},
	{"real", hotspots.OutcomeReal}, {"verdader", hotspots.OutcomeReal}, {"positiv", hotspots.OutcomeReal}, {"confirmad", hotspots.OutcomeReal}, {"true", hotspots.OutcomeReal},
}

// outcome reads what an incident turned out to be; words that are not known say
// nothing.
func outcome(s string) hotspots.Outcome {
	if s == "" {
		return ""
	}
	word := plain(s)
	for _, o := range outcomes {
		if strings.HasPrefix(word, o.word) {
			return o.outcome
		}
	}
	return ""
}
