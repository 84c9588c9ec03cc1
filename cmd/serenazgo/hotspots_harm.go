package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
)

// hotspotsHarmCmd shows and sets the weights.
type hotspotsHarmCmd struct {
	storeFlags
	Set   map[string]float64 `help:"Weights to set, by the code of the class; 1 to 30." placeholder:"CODE=WEIGHT"`
	Reset []string           `help:"Classes that get their usual weight back; all for every one." placeholder:"CODE"`
	JSON  bool               `help:"Print one JSON object." name:"json"`
}

// Run sets what is to be set and prints the table.
func (c *hotspotsHarmCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	table, err := st.HarmWeights(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if len(c.Set)+len(c.Reset) > 0 {
		for _, code := range c.Reset {
			if _, ok := table[code]; !ok && code != "all" {
				return badInputf("--reset %s: that class has its usual weight", code)
			}
			delete(table, code)
		}
		if slices.Contains(c.Reset, "all") {
			clear(table)
		}
		maps.Copy(table, c.Set)
		err := st.SaveHarmWeights(ctx, d.Ubigeo, table, cliRow(d.Ubigeo, "harm.save", "", ""))
		if errors.Is(err, hotspots.ErrHarm) {
			return badInput(err)
		}
		if err != nil {
			return err
		}
	}
	kinds := hotspots.Catalogue()
	if c.JSON {
		rows := []map[string]any{}
		for _, k := range kinds {
			rows = append(rows, map[string]any{"code": k.Code, "levels": k.Levels, "group": k.Group, "months": k.Months, "article": k.Article, "usual": k.Harm(), "weight": table.Of(k)})
		}
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "kinds": rows})
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CODE\tCLASS\tARTICLE\tMONTHS\tUSUAL\tWEIGHT")
	for _, k := range kinds {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%g\t%g\n", k.Code, strings.Join(k.Levels[1:], " › "), k.Article, k.Months, k.Harm(), table.Of(k))
	}
	return w.Flush()
}

// hotspotsModelCmd shows and sets the model.
type hotspotsModelCmd struct {
	storeFlags
	Set  *string `help:"Model to forecast with; usual for mix_shift, or a kernel density where incidents are few." placeholder:"MODEL"`
	JSON bool    `help:"Print one JSON object." name:"json"`
}

// usualModel is what the absence of a choice is called.
const usualModel = "usual"

// Run does.
func (c *hotspotsModelCmd) Run(ctx context.Context) error {
	st, d, done, err := c.openDistrict(ctx)
	if err != nil {
		return err
	}
	defer done()
	if c.Set != nil {
		model := *c.Set
		if model == usualModel {
			model = ""
		} else if !slices.Contains(hotspots.Densities(), model) {
			return badInputf("--set %s: no model that forecasts is called that; choose %s or %s", model, usualModel, strings.Join(hotspots.Densities(), ", "))
		}
		if err := st.SaveForecastModel(ctx, d.Ubigeo, model, time.Now(), cliRow(d.Ubigeo, "forecast.model", "", *c.Set)); err != nil {
			return err
		}
	}
	model, err := st.ForecastModel(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(map[string]any{"ubigeo": d.Ubigeo, "model": model, "models": hotspots.Densities()})
	}
	if model == "" {
		model = usualModel
	}
	fmt.Println(model)
	return nil
}
