package hotspots

// The mixtures: of all events and those of the same slots, and with the densities
// of each common type beside them, and that tilted by its context.
const (
	mixShift   = "mix_shift"
	mixType    = "mix_type"
	mixContext = "mix_context"
)

// mixtures learn an incident at once.
var mixtures = []string{mixShift, mixType, mixContext}

// ModelNames are the models of a backtest, from simple to rich.
var ModelNames = []string{"count90", "count365", "count1095", "gistar", "prospective", "expdecay", "kde", "decay_kde", "etas365", "etas1095", mixShift, mixType, mixContext}

// newContenders makes the models of the names. Those that try single decays
// share one bank of them.
func newContenders(names []string) []contender {
	var shared *decays
	singles := func() *decays {
		if shared == nil {
			shared = &decays{}
		}
		return shared
	}
	var out []contender
	for _, n := range names {
		switch n {
		case "count90":
			out = append(out, counter{days: 90})
		case "count365":
			out = append(out, counter{days: 365})
		case "count1095":
			out = append(out, counter{days: 1095})
		case "gistar":
			out = append(out, giStar{})
		case "prospective":
			out = append(out, prospective{})
		case "expdecay":
			out = append(out, &bestDecay{decays: singles(), counts: decayAlone})
		case "kde":
			out = append(out, &bestDecay{decays: singles(), counts: kernelAlone})
		case "decay_kde":
			out = append(out, &bestDecay{decays: singles(), counts: anyDecay})
		case "etas365":
			out = append(out, &etas{days: 365})
		case "etas1095":
			out = append(out, &etas{days: 1095})
		case mixShift:
			out = append(out, &mixContender{})
		case mixType, mixContext:
			typed := &mixContender{typed: true, tilted: n == mixContext}
			for _, c := range out {
				if m, ok := c.(*mixContender); ok && !m.typed {
					typed.plain = m
				}
			}
			out = append(out, typed)
		}
	}
	return out
}

// windowed is a model that looks at past events afresh each time.
type windowed struct{}

func (windowed) learn(*history, int, []event, []event, bool) {}
func (windowed) settle(*history)                             {}

// normalised gives x scaled to add up to 1, less a share u that is spread
// evenly; all even if x is nothing.
func normalised(x []float64, u float64) []float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	if sum <= 0 {
		return uniform(len(x))
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = (1-u)*v/sum + u/float64(len(x))
	}
	return out
}
