package api_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
)

// read reads an answer.
func read(t testing.TB, a answer, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%s %s: %v: %s", a.req.Method, a.req.URL, err, a.body)
	}
}

// form makes an upload of files and fields, with its content type.
func form(t testing.TB, files, fields map[string]string) ([]byte, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, text := range files {
		part, err := w.CreateFormFile(name, "../../etc/"+name+".geojson")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// wantRefused holds a refusal of a body against its field and words.
func wantRefused(t testing.TB, name string, a answer, field, text string) {
	t.Helper()
	var e api.Error
	read(t, a, &e)
	got := ""
	if e.Error.Field != nil {
		got = *e.Error.Field
	}
	if a.status != http.StatusBadRequest || e.Error.Code != api.Invalid || got != field || !strings.Contains(e.Error.Message, text) {
		t.Errorf("%s: %d %s, want field %q and %q", name, a.status, a.body, field, text)
	}
}
