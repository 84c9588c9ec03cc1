package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHandler(t *testing.T) {
	build := fstest.MapFS{
		".gitkeep":            {Data: nil},
		"index.html":          {Data: []byte("<!doctype html><title>page</title>")},
		"favicon.svg":         {Data: []byte("<svg/>")},
		"assets/main-ABC.js":  {Data: []byte("export {}")},
		"assets/main-ABC.css": {Data: []byte("a{}")},
	}
	tests := []struct {
		name, method, path string
		status             int
		kind, cache, body  string
	}{
		{"root", "GET", "/", 200, "text/html; charset=utf-8", "no-cache", "page"},
		{"place inside the page", "GET", "/plan/2026-11-21/noche", 200, "text/html; charset=utf-8", "no-cache", "page"},
		{"index by its name", "GET", "/index.html", 200, "text/html; charset=utf-8", "no-cache", "page"},
		{"hashed script", "GET", "/assets/main-ABC.js", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "export"},
		{"hashed style", "GET", "/assets/main-ABC.css", 200, "text/css; charset=utf-8", "public, max-age=31536000, immutable", "a{}"},
		{"icon", "GET", "/favicon.svg", 200, "image/svg+xml", "no-cache", "<svg/>"},
		{"head", "HEAD", "/vivo", 200, "text/html; charset=utf-8", "no-cache", ""},
		{"old script is gone, not the page", "GET", "/assets/main-OLD.js", 404, "", "", ""},
		{"unknown file", "GET", "/wp-login.php", 404, "", "", ""},
		{"a folder is a place", "GET", "/assets", 200, "text/html; charset=utf-8", "no-cache", "page"},
		{"hidden file", "GET", "/.gitkeep", 200, "text/html; charset=utf-8", "no-cache", "page"},
		{"climbing out", "GET", "/assets/../../embed.go", 404, "", "", ""},
		{"write", "POST", "/vivo", 405, "", "", ""},
	}
	h := handlerOf(build)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := httptest.NewRequest(tt.method, "/", nil)
			req.URL.Path = tt.path
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			res := rec.Result()
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != tt.status {
				t.Fatalf("status = %d, want %d", res.StatusCode, tt.status)
			}
			if tt.status != http.StatusOK {
				return
			}
			if got := res.Header.Get("Content-Type"); got != tt.kind {
				t.Errorf("Content-Type = %q, want %q", got, tt.kind)
			}
			if got := res.Header.Get("Cache-Control"); got != tt.cache {
				t.Errorf("Cache-Control = %q, want %q", got, tt.cache)
			}
			if !strings.Contains(string(body), tt.body) {
				t.Errorf("body %q lacks %q", body, tt.body)
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("nosniff is missing")
			}
		})
	}
}

func TestHandlerSetsPolicy(t *testing.T) {
	rec := httptest.NewRecorder()
	handlerOf(fstest.MapFS{"index.html": {Data: []byte("x")}}).ServeHTTP(rec, httptest.NewRequest("GET", "/vivo", nil))
	if got := rec.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'self'") {
		t.Errorf("Content-Security-Policy = %q", got)
	}
}

func TestHandlerWithoutBuild(t *testing.T) {
	rec := httptest.NewRecorder()
	handlerOf(fstest.MapFS{".gitkeep": {}}).ServeHTTP(rec, httptest.NewRequest("GET", "/vivo", nil))
	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "make build") {
		t.Errorf("status %d, body %q: should say how to build", rec.Code, rec.Body.String())
	}
}

func TestEmbeddedBuild(t *testing.T) {
	rec := httptest.NewRecorder()
	Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "Serenazgo") {
		t.Errorf("status %d, body %q", rec.Code, rec.Body.String())
	}
}
