package fleet

import (
	"strings"
	"testing"
)

func TestDeviceSecret(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		password, hash, err := NewDeviceSecret()
		if err != nil {
			t.Fatal(err)
		}
		if len(password) != 32 || strings.Contains(hash, password) {
			t.Fatalf("password %q, hash %q", password, hash)
		}
		if seen[password] || seen[hash] {
			t.Fatal("the same secret twice")
		}
		seen[password], seen[hash] = true, true
		if !CheckDeviceSecret(hash, password) {
			t.Fatalf("%q does not fit its own hash %q", password, hash)
		}
		for _, wrong := range []string{"", password + "a", password[1:], strings.ToUpper(password), hash} {
			if CheckDeviceSecret(hash, wrong) {
				t.Fatalf("%q fits the hash of %q", wrong, password)
			}
		}
	}
}

func TestCheckDeviceSecretRejectsOtherHashes(t *testing.T) {
	password, hash, err := NewDeviceSecret()
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]string{
		"empty": "", "prefix only": deviceHashPrefix, "no digest": hash[:strings.LastIndex(hash, "$")+1],
		"short digest": hash[:len(hash)-4], "other scheme": strings.Replace(hash, "hmac", "plain", 1),
		"not base64": deviceHashPrefix + "****$****", "short salt": deviceHashPrefix + "AAAA$" + hash[strings.LastIndex(hash, "$")+1:],
	} {
		if CheckDeviceSecret(h, password) {
			t.Errorf("%s: %q accepted", name, h)
		}
	}
}

func TestCheckDeviceID(t *testing.T) {
	for id, ok := range map[string]bool{
		"C01": true, "356307042441013": true, "a.b-c_d": true, strings.Repeat("x", 64): true,
		"": false, "a/b": false, "+": false, "#": false, "a b": false, "ñ": false, "a\x00": false, strings.Repeat("x", 65): false,
	} {
		if err := CheckDeviceID(id); (err == nil) != ok {
			t.Errorf("CheckDeviceID(%q) = %v", id, err)
		}
	}
}
