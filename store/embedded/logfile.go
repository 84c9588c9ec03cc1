package embedded

import (
	"io"
	"os"
)

// MaxLog is the size in bytes at which the server's log starts anew; the one
// before is kept beside it with the ending ".1".
const MaxLog = 10 << 20

// openLog opens the log for the server to append to.
func openLog(name string) (*os.File, error) {
	if err := capLog(name); err != nil {
		return nil, err
	}
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// capLog moves a log that has grown too large aside. The server keeps the
// file open in append mode, so the content is copied and the file cut.
func capLog(name string) error {
	fi, err := os.Stat(name)
	if err != nil || fi.Size() < MaxLog {
		return nil
	}
	src, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(name+".1", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(dst, src); err != nil {
		dst.Close()
		return err
	}
	if err := dst.Close(); err != nil {
		return err
	}
	return src.Truncate(0)
}

// logTail gives the end of the log, for an error message.
func logTail(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if fi, err := f.Stat(); err == nil && fi.Size() > 4096 {
		if _, err := f.Seek(-4096, io.SeekEnd); err != nil {
			return ""
		}
	}
	b, _ := io.ReadAll(f)
	return lastLines(b, 3)
}
