package hotspots

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrHarm says that a table of harm weights cannot be used.
var ErrHarm = errors.New("unusable harm weight")

// HarmTable is how much harm an incident of each class stands for, by the
// class's code; one that is absent has the weight of its least prison term.
type HarmTable map[string]float64

// Of gives the weight of a class.
func (t HarmTable) Of(k Kind) float64 {
	if w, ok := t[k.Code]; ok {
		return w
	}
	return k.Harm()
}

// Check refuses weights of no class and those outside MinHarm..MaxHarm; so the
// greatest is at most thirty times the least.
func (t HarmTable) Check() error {
	for code, w := range t {
		if !slices.ContainsFunc(catalogue, func(k Kind) bool { return k.Code == code }) {
			return fmt.Errorf("%w: no class is called %q", ErrHarm, code)
		}
		if !(w >= MinHarm && w <= MaxHarm) || math.IsNaN(w) {
			return fmt.Errorf("%w: %s: %g: give a number from %g to %g", ErrHarm, code, w, MinHarm, MaxHarm)
		}
	}
	return nil
}
