package profiles

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestEveryProfileCanBeUsed(t *testing.T) {
	if len(Names()) == 0 {
		t.Fatal("no profile is embedded")
	}
	for _, name := range Names() {
		p, err := Named(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Name != name {
			t.Errorf("%s.yaml calls itself %q", name, p.Name)
		}
		if p.Official {
			t.Errorf("%s says that it is official", name)
		}
	}
	if _, err := Named("no-such"); !errors.Is(err, ErrProfile) || !strings.Contains(err.Error(), DefaultName) {
		t.Errorf("a profile that is not there: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	good, err := os.ReadFile(DefaultName + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, old, new, want string }{
		{"empty", "", "", "it is empty"},
		{"unknown key", "share:", "shares:", "shares"},
		{"missing value", "  share: 0.8", "", "coverage.share is missing"},
		{"zero", "  share: 0.8", "  share: 0", "coverage.share is 0"},
		{"nothing after a key", "stop_share: 0.15", "stop_share:", "planner.stop_share is missing"},
		{"a section begun and left", "  late_s: 900 ", "#", "compliance.late_s is missing"},
		{"probable above certain", "probable: 0.5", "probable: 0.95", "coverage.probable is 0.95"},
		{"not a number", "certain: 0.9", "certain: .nan", "coverage.certain is NaN"},
		{"infinite", "pause_s: 300", "pause_s: .inf", "coverage.pause_s"},
		{"no text where a number belongs", "share: 0.8", "share: mucho", "cannot unmarshal"},
		{"end to end below share", "end_to_end: 0.95", "end_to_end: 0.5", "less than coverage.share"},
		{"negative drift", "drift_s: 900", "drift_s: -0.5", "coverage.drift_s"},
		{"resolution twice", "[10, 9]", "[10, 9, 9]", "each once"},
		{"no hot resolution", "[10, 9]", "[9]", "must hold 10"},
		{"a mode left out", "  foot: {patrol_from: 1, transit_above: 8}", "", "motion.foot is missing"},
		{"a mode too many", "  foot:", "  horse: {patrol_from: 1, transit_above: 8}\n  foot:", "the modes are"},
		{"band upside down", "{patrol_from: 1, transit_above: 8}", "{patrol_from: 8, transit_above: 1}", "motion.foot"},
		{"no version", "version: 1", "version: 0", "version 0"},
		{"no source", "source: Práctica", "source: ''\n# ", "source is missing"},
		{"bad name", "name: serenazgo-default", "name: Mi Perfil", "name \"Mi Perfil\""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := strings.Replace(string(good), tc.old, tc.new, 1)
			if tc.old == "" {
				text = ""
			} else if text == string(good) {
				t.Fatalf("%q is not in the profile", tc.old)
			}
			_, err := Read(strings.NewReader(text), "p.yaml")
			if !errors.Is(err, ErrProfile) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "p.yaml") {
				t.Errorf("error %v, want one of p.yaml with %q", err, tc.want)
			}
		})
	}
}

// TestReadAsksForEveryNumber leaves out one number of the default profile after
// the other: none may become a zero that nobody wrote.
func TestReadAsksForEveryNumber(t *testing.T) {
	good, err := os.ReadFile(DefaultName + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(good), "\n")
	number := regexp.MustCompile(`^( *)([a-z_]+): +[0-9.]+( |$)`)
	section, found := "", 0
	for i, line := range lines {
		if line != "" && line[0] != ' ' {
			section, _, _ = strings.Cut(line, ":")
		}
		m := number.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		found++
		want := m[2] + " is missing"
		if m[1] != "" {
			want = section + "." + want
		}
		_, err := Read(strings.NewReader(strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n")), "p.yaml")
		if !errors.Is(err, ErrProfile) || !strings.Contains(err.Error(), want) {
			t.Errorf("without %q: %v, want %q", line, err, want)
		}
	}
	if found != 43 {
		t.Errorf("%d numbers left out, want 43", found)
	}
	for _, s := range []string{"compliance", "stops", "review", "presence", "planner"} {
		at := slices.Index(lines, s+":")
		end := at + slices.Index(lines[at:], "")
		if _, err := Read(strings.NewReader(strings.Join(slices.Delete(slices.Clone(lines), at, end), "\n")), "p.yaml"); err != nil {
			t.Errorf("without the section %s: %v", s, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	good, err := os.ReadFile(DefaultName + ".yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(good))
	f.Add("coverage: {certain: 1e999}")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read(strings.NewReader(text), "p.yaml")
		if err == nil && p.Check() != nil {
			t.Errorf("a profile that does not hold was read: %+v", p)
		}
	})
}
