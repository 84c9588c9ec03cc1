package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
)

// dataFlags say where the data is.
type dataFlags struct {
	Data     string `help:"Folder of the program's data; its own PostgreSQL runs there (default: ${default_data})." type:"path" placeholder:"DIR" xor:"where" env:"SERENAZGO_HOME"`
	Database string `help:"Use this PostgreSQL (15 or newer) instead: postgres://user@host/name." placeholder:"URL" xor:"where"`
}

// storeFlags are the flags of every command that needs the store of one district.
type storeFlags struct {
	dataFlags
	Ubigeo string `help:"District (six-digit INEI code); needed when the store holds more than one." placeholder:"CODE"`
}

// defaultData is where the data lives if nobody says otherwise.
func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/serenazgo"
	}
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "serenazgo")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "data"
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "serenazgo")
	}
	return filepath.Join(home, ".local", "share", "serenazgo")
}

// folder is the data folder.
func (f dataFlags) folder() string {
	if f.Data != "" {
		return f.Data
	}
	return defaultData()
}

// logger writes to standard error: text on a terminal, JSON elsewhere.
func logger(level slog.Level) *slog.Logger {
	opt := &slog.HandlerOptions{Level: level}
	if fi, err := os.Stderr.Stat(); err == nil && fi.Mode()&os.ModeCharDevice != 0 {
		return slog.New(slog.NewTextHandler(os.Stderr, opt))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, opt))
}
