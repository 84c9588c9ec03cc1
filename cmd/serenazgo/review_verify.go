package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// reviewVerifyCmd verifies the file of a session. It needs no store, so that
// anybody who was given the file can.
type reviewVerifyCmd struct {
	File     string `arg:"" help:"JSON of a session, as sessions --id ID --out DIR or the page wrote it." type:"existingfile"`
	Contents bool   `help:"Write what was signed to standard output instead, byte by byte: its SHA-256 is the hash of the session."`
	JSON     bool   `help:"Print one JSON object." name:"json"`
}

// Run reads the file and tells.
func (c *reviewVerifyCmd) Run() error {
	f, err := os.Open(c.File)
	if err != nil {
		return badInput(err)
	}
	defer f.Close()
	x, err := session.Read(f)
	if err != nil {
		return badInputf("%s: %v", c.File, err)
	}
	if c.Contents {
		raw, err := x.Contents()
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(raw)
		return err
	}
	sum, wrong := x.Verify()
	if sum == "" {
		return wrong
	}
	if c.JSON {
		out := struct {
			Session string                             `json:"session"`
			Valid   bool                               `json:"valid"`
			Sum     string                             `json:"sum"`
			Hash    string                             `json:"hash"`
			Signed  map[session.Side]session.Signature `json:"signed"`
			Wrong   string                             `json:"wrong,omitempty"`
		}{Session: x.ID, Valid: wrong == nil, Sum: sum, Hash: x.Hash, Signed: x.Signed}
		if wrong != nil {
			out.Wrong = wrong.Error()
		}
		return errors.Join(printJSON(out), wrong)
	}
	if wrong != nil {
		return fmt.Errorf("%s: %w", c.File, wrong)
	}
	fmt.Printf("%s is session %s as both sides signed it, SHA-256 %s\n", c.File, x.ID, sum)
	for _, side := range session.Sides {
		s := x.Signed[side]
		fmt.Printf("  %s: %s (%s), %s\n", side, s.Name, s.By, s.At.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return nil
}
