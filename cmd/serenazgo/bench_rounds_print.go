package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// writePlan writes a plan as GeoJSON, whole or not at all.
func writePlan(name string, plan patrol.Plan, shift patrol.Span) error {
	return writeWhole(name, "plan", func(w io.Writer) error { return patrol.EncodeGeoJSON(w, plan, shift) })
}

// writeWhole writes a file whole or not at all; what is its name in errors.
func writeWhole(name, what string, encode func(io.Writer) error) (err error) {
	tmp := name + ".part"
	f, err := os.Create(tmp)
	if err != nil {
		return badInputf("cannot write the %s: %v", what, err)
	}
	defer func() {
		if err != nil {
			os.Remove(tmp)
		}
	}()
	w := bufio.NewWriter(f)
	if err = encode(w); err != nil {
		f.Close()
		return err
	}
	if err = w.Flush(); err != nil {
		f.Close()
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}

// printFigures writes one figure a line, by the names of the JSON keys.
func printFigures(f patrol.Figures) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return printRawFigures(os.Stdout, raw)
}

// printRawFigures writes figures that were stored, in their own order, and the
// verdict, the rotation and the pool in words.
func printRawFigures(w io.Writer, raw json.RawMessage) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return err
	}
	var words, rotation, pool string
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key == "verdict" {
			var v patrol.Verdict
			if err := d.Decode(&v); err != nil {
				return err
			}
			words = v.Words()
			continue
		}
		if key == "rotation" {
			var r *patrol.Rotation
			if err := d.Decode(&r); err != nil {
				return err
			}
			if r != nil {
				rotation = r.Words()
			}
			continue
		}
		if key == "pool" {
			var p *patrol.Pool
			if err := d.Decode(&p); err != nil {
				return err
			}
			if p != nil {
				pool = p.Words()
			}
			continue
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return err
		}
		if v == nil {
			v = "not known"
		}
		fmt.Fprintf(w, "%-26v %v\n", key, v)
	}
	for _, s := range []string{words, rotation, pool} {
		if s != "" {
			fmt.Fprintln(w, s)
		}
	}
	return nil
}
