package guest

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// names are what a column is called in files seen, in plain small letters.
var names = map[string][]string{
	"unit":  {"unidad", "unit", "placa", "plate", "patrullero", "vehiculo", "movil", "unidadpnp", "imei", "device", "id"},
	"time":  {"fechahora", "fechayhora", "time", "timestamp", "datetime", "fechagps", "fechahoragps", "hora gps", "at"},
	"date":  {"fecha", "date", "dia"},
	"clock": {"hora", "clock"},
	"lat":   {"lat", "latitude", "latitud", "y"},
	"lon":   {"lon", "lng", "long", "longitude", "longitud", "x"},
	"kmh":   {"velocidad", "speedkmh", "speed", "kmh", "velocidadkmh", "vel"},
}

// plain takes accents, spaces and signs out of a column's name.
func plain(s string) string {
	s = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u").Replace(strings.ToLower(strings.TrimPrefix(s, "\ufeff")))
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// columns finds where each value stands; -1: nowhere.
func columns(header []string) map[string]int {
	at := map[string]int{}
	for role, known := range names {
		at[role] = -1
		for _, name := range known {
			if i := slices.IndexFunc(header, func(h string) bool { return plain(h) == plain(name) }); i >= 0 {
				at[role] = i
				break
			}
		}
	}
	return at
}

// readCSV reads a table with a header; its columns are known by their names, and
// are divided by comma, semicolon or tabulator, whichever the header has most of.
func readCSV(in *bufio.Reader, name string, c *collector) error {
	head, err := in.Peek(2048)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	first, _, _ := strings.Cut(string(head), "\n")
	comma := ','
	for _, sign := range ";\t" {
		if strings.Count(first, string(sign)) > strings.Count(first, string(comma)) {
			comma = sign
		}
	}
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	c.begin()
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%w: the header of %s: %w", ErrFile, name, err)
	}
	at := columns(header)
	var missing []string
	for _, role := range []string{"unit", "lat", "lon"} {
		if at[role] < 0 {
			missing = append(missing, role)
		}
	}
	if at["time"] < 0 && at["date"] < 0 {
		missing = append(missing, "time")
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: %s has no column for %s; its columns are %s", ErrFile, name, strings.Join(missing, ", "), shortList(header))
	}
	for {
		c.begin()
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			c.out.Rows++
			c.reject(bad.StartLine, BadRow, bad.Err.Error())
			continue
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		field := func(role string) string {
			if i := at[role]; i >= 0 && i < len(rec) {
				return rec[i]
			}
			return ""
		}
		when := field("time")
		if at["time"] < 0 {
			when = strings.TrimSpace(field("date")) + " " + strings.TrimSpace(field("clock"))
		}
		if err := c.take(row{line, field("unit"), when, field("lat"), field("lon"), field("kmh")}); err != nil {
			return err
		}
	}
}

// shortList names the first columns of a header.
func shortList(header []string) string {
	return strings.ToValidUTF8(fmt.Sprintf("%.200q", header[:min(len(header), 12)]), "?")
}
