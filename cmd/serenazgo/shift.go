package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
)

// shiftCmd sets the shifts of a district.
type shiftCmd struct {
	List   shiftListCmd   `cmd:"" help:"List the shifts."`
	Set    shiftSetCmd    `cmd:"" help:"Add shifts, or change those that are there."`
	Remove shiftRemoveCmd `cmd:"" help:"Take shifts away."`
}

// shiftOutput is what each of them prints.
type shiftOutput struct {
	JSON bool `help:"Print one JSON object." name:"json"`
}

func (o shiftOutput) tell(ubigeo string, defs []fleet.ShiftDef) error {
	if o.JSON {
		return printJSON(map[string]any{"ubigeo": ubigeo, "shifts": defs})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CODE\tNAME\tSTART\tEND")
	for _, d := range defs {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", d.Code, d.Name, d.Start, d.End)
	}
	return w.Flush()
}

// shiftListCmd lists the shifts.
type shiftListCmd struct {
	storeFlags
	shiftOutput
}

// Run lists them.
func (c *shiftListCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	return c.tell(d.Ubigeo, defs)
}

// shiftSetCmd adds or changes shifts.
type shiftSetCmd struct {
	storeFlags
	shiftOutput
	Shifts []string `arg:"" name:"shift" help:"CODE=HH:MM-HH:MM, with a name if it is not just the code: noche=22:00-06:00,Noche. Local clock; may cross midnight." placeholder:"SHIFT" sep:"none"`
	Only   bool     `help:"These are all the shifts; others go."`
}

// Run sets them.
func (c *shiftSetCmd) Run(ctx context.Context) error {
	var given []fleet.ShiftDef
	for _, text := range c.Shifts {
		d, err := parseShift(text)
		if err != nil {
			return badInput(err)
		}
		given = append(given, d)
	}
	return changeShifts(ctx, c.storeFlags, c.shiftOutput, func(defs []fleet.ShiftDef) ([]fleet.ShiftDef, error) {
		var out []fleet.ShiftDef
		if !c.Only {
			out = slices.Clone(defs)
		}
		for _, g := range given {
			if g.Name == "" {
				g.Name = nameOfShift(g.Code, defs)
			}
			if i := slices.IndexFunc(out, func(d fleet.ShiftDef) bool { return d.Code == g.Code }); i >= 0 && !c.Only {
				out[i] = g
			} else {
				out = append(out, g)
			}
		}
		return out, nil
	})
}

// parseShift reads CODE=HH:MM-HH:MM[,NAME].
func parseShift(text string) (fleet.ShiftDef, error) {
	code, rest, ok := strings.Cut(text, "=")
	clocks, name, _ := strings.Cut(rest, ",")
	start, end, ok2 := strings.Cut(clocks, "-")
	if !ok || !ok2 {
		return fleet.ShiftDef{}, fmt.Errorf("%q is not of the form CODE=HH:MM-HH:MM, such as noche=22:00-06:00", text)
	}
	return fleet.ShiftDef{Code: code, Name: strings.TrimSpace(name), Start: start, End: end}, nil
}

// nameOfShift is the name that a code has, or had by custom, or the code itself.
func nameOfShift(code string, defs []fleet.ShiftDef) string {
	for _, d := range append(slices.Clone(defs), fleet.DefaultShifts()...) {
		if d.Code == code {
			return d.Name
		}
	}
	if code == "" {
		return code
	}
	return strings.ToUpper(code[:1]) + code[1:]
}

// shiftRemoveCmd takes shifts away.
type shiftRemoveCmd struct {
	storeFlags
	shiftOutput
	Codes []string `arg:"" name:"code" help:"Codes of the shifts."`
}

// Run takes them away.
func (c *shiftRemoveCmd) Run(ctx context.Context) error {
	return changeShifts(ctx, c.storeFlags, c.shiftOutput, func(defs []fleet.ShiftDef) ([]fleet.ShiftDef, error) {
		for _, code := range c.Codes {
			i := slices.IndexFunc(defs, func(d fleet.ShiftDef) bool { return d.Code == code })
			if i < 0 {
				return nil, badInputf("there is no shift %q; see serenazgo shift list", code)
			}
			defs = slices.Delete(defs, i, i+1)
		}
		return defs, nil
	})
}

// changeShifts edits the shifts of a district and prints what they are then.
func changeShifts(ctx context.Context, f storeFlags, o shiftOutput, edit func([]fleet.ShiftDef) ([]fleet.ShiftDef, error)) error {
	st, d, done, err := f.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if defs, err = edit(defs); err != nil {
		return err
	}
	if err := saveShifts(ctx, st, d.Ubigeo, defs); err != nil {
		return err
	}
	if defs, err = st.Shifts(ctx, d.Ubigeo); err != nil {
		return err
	}
	return o.tell(d.Ubigeo, defs)
}

func saveShifts(ctx context.Context, st *store.Store, ubigeo string, defs []fleet.ShiftDef) error {
	var said []string
	for _, d := range defs {
		said = append(said, fmt.Sprintf("%s %s-%s", d.Code, d.Start, d.End))
	}
	err := st.SaveShifts(ctx, ubigeo, defs, cliRow(ubigeo, "shifts.save", "", strings.Join(said, ", ")))
	if errors.Is(err, fleet.ErrInvalid) || errors.Is(err, fleet.ErrConflict) {
		return badInput(err)
	}
	return err
}
