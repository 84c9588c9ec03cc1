package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	for _, c := range []struct {
		name, user, password string
		ok                   bool
	}{
		{"a phrase", "ana", "una frase larga", true},
		{"ten characters", "ana", "9ñandúes!!", true},
		{"nine characters of more bytes", "ana", "ñandúesñú", false},
		{"user name in it", "carla", "soy CARLA 2026", false},
		{"one repeated", "ana", "ññññññññññññ", false},
		{"too long", "ana", strings.Repeat("ab", 101), false},
		{"longest", "ana", strings.Repeat("ab", 100), true},
		{"not UTF-8", "ana", "una frase \xff larga", false},
		{"empty", "ana", "", false},
	} {
		if err := CheckPassword(c.user, c.password); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestHash(t *testing.T) {
	s := &Service{hashing: make(chan struct{}, 2)}
	one, err := HashPassword("una frase larga")
	if err != nil {
		t.Fatal(err)
	}
	two, _ := HashPassword("una frase larga")
	if one == two {
		t.Error("two hashes of one password are equal: no salt")
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=32768,t=2,p=1$") {
		t.Errorf("hash %s", one)
	}
	if ok, err := s.verify(t.Context(), one, "una frase larga"); !ok || err != nil {
		t.Errorf("right password: %v %v", ok, err)
	}
	if ok, err := s.verify(t.Context(), one, "una frase larga "); ok || err != nil {
		t.Errorf("wrong password: %v %v", ok, err)
	}
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$a2V5", strings.Replace(one, "m=32768", "m=99999999", 1),
		strings.Replace(one, "t=2", "t=0", 1), strings.Replace(one, "v=19", "v=16", 1), one[:len(one)-30], one + "$"} {
		if _, err := s.verify(t.Context(), bad, "x"); !errors.Is(err, errHash) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzParseHash: whatever stands in the database, the reader neither panics nor
// asks for an absurd amount of memory.
func FuzzParseHash(f *testing.F) {
	one, _ := HashPassword("una frase larga")
	f.Add(one)
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, phc string) {
		salt, key, time, memory, threads, err := parseHash(phc)
		if err != nil {
			return
		}
		if len(salt) < 8 || len(key) < 16 || time < 1 || memory > 1<<20 || threads < 1 {
			t.Errorf("%q accepted: %d %d %d %d %d", phc, len(salt), len(key), time, memory, threads)
		}
	})
}
