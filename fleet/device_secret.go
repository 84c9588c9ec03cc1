package fleet

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
)

// Sizes of a device secret in bytes. 160 random bits cannot be guessed, so the
// hash needs no slow key derivation: one HMAC-SHA-256 under a random salt is as
// strong as the secret itself, and thousands of devices can log in at once
// after a power cut. People's passwords are another matter and use argon2id.
const (
	deviceSecretBytes = 20
	deviceSaltBytes   = 16
)

const deviceHashPrefix = "$hmac-sha256$"

// secretText writes secrets: lower-case letters and the digits 2 to 7, so that
// a technician can type one into a tracker or read it over the radio.
var secretText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewDeviceSecret makes the password of a device and the hash to store. The
// password (32 characters) is shown once and kept nowhere.
func NewDeviceSecret() (password, hash string, err error) {
	secret := make([]byte, deviceSecretBytes)
	if _, err := rand.Read(secret); err != nil {
		return "", "", fmt.Errorf("device secret: %w", err)
	}
	password = secretText.EncodeToString(secret)
	hash, err = HashDeviceSecret(password)
	return password, hash, err
}

// HashDeviceSecret gives the hash to store of a password that was made
// elsewhere. It is only as strong as the password: that has to be made at
// random too.
func HashDeviceSecret(password string) (hash string, err error) {
	salt := make([]byte, deviceSaltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("device secret: %w", err)
	}
	b64 := base64.RawStdEncoding
	return deviceHashPrefix + b64.EncodeToString(salt) + "$" + b64.EncodeToString(deviceDigest(salt, password)), nil
}

// CheckDeviceSecret tells whether the password is the one that the hash was
// made of. It takes the same time for every wrong password. A hash of any
// other form, or an empty one, fits no password.
func CheckDeviceSecret(hash, password string) bool {
	rest, ok := strings.CutPrefix(hash, deviceHashPrefix)
	if !ok {
		return false
	}
	s, d, ok := strings.Cut(rest, "$")
	if !ok {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || len(salt) != deviceSaltBytes {
		return false
	}
	digest, err := base64.RawStdEncoding.DecodeString(d)
	if err != nil || len(digest) != sha256.Size {
		return false
	}
	return hmac.Equal(digest, deviceDigest(salt, password))
}

func deviceDigest(salt []byte, password string) []byte {
	m := hmac.New(sha256.New, salt)
	m.Write([]byte(password))
	return m.Sum(nil)
}

// CheckDeviceID tells whether s can name a device: 1 to 64 letters, digits,
// '.', '_' or '-'. It becomes one level of an MQTT topic, so '/', '+' and '#'
// are excluded, and so is anything that needs quoting elsewhere.
func CheckDeviceID(s string) error {
	if s == "" || len(s) > 64 {
		return fmt.Errorf("%w: device id %q must have 1 to 64 characters", ErrInvalid, s)
	}
	for _, c := range s {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-' {
			continue
		}
		return fmt.Errorf("%w: device id %q may hold only letters, digits, '.', '_' and '-'", ErrInvalid, s)
	}
	return nil
}
