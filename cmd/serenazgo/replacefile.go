package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// replaceFile writes a file beside the one of that name and puts it in its place
// once it is whole, so that an earlier one stays whole until then.
func replaceFile(name string, write func(w io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return badInputf("%w; choose another file", err)
	}
	w := bufio.NewWriter(f)
	if err = errors.Join(write(w), w.Flush(), f.Chmod(0o640), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
