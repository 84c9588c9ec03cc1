// Package web holds the page of the product, built from web/src into web/dist,
// and serves it. Files under /assets carry a hash of their content in their
// name, so browsers may keep them for ever; index.html names the current ones
// and is asked for again each time.
package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// dist is committed empty but for .gitkeep: a fresh clone compiles without
// Node, and then shows how to build the page.
//
//go:embed all:dist
var dist embed.FS

// Policy is the content security policy of the page: nothing but its own
// origin; inline scripts and inline style elements do not run. Images may come
// from https so that an office can set its own raster map in the settings.
const Policy = "default-src 'self'; img-src 'self' data: blob: https:; object-src 'none'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const notBuilt = `<!doctype html>
<html lang="es-PE"><meta charset="utf-8"><title>Serenazgo</title>
<h1>Falta construir la página</h1>
<p>El servicio está en marcha, pero este programa se compiló sin su página.
Ejecute <code>make build</code> en la carpeta del proyecto y vuelva a iniciarlo.</p>
</html>
`

// Handler serves the page of the embedded build.
func Handler() http.Handler {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(fmt.Sprintf("web: the embedded build has no dist folder: %v", err)) // the embed directive names it
	}
	return handlerOf(sub)
}

// handlerOf serves a build: its files, and index.html for every other path
// without an extension, since those are places inside the page.
func handlerOf(build fs.FS) http.Handler {
	index, err := fs.ReadFile(build, "index.html")
	if err != nil {
		index = []byte(notBuilt)
	}
	var packed packer
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		if name != "" && name != "index.html" && !strings.HasPrefix(name, ".") {
			if body, err := fs.ReadFile(build, name); err == nil {
				if strings.HasPrefix(name, "assets/") {
					head.Set("Cache-Control", "public, max-age=31536000, immutable")
				} else {
					head.Set("Cache-Control", "no-cache")
				}
				head.Set("Content-Type", contentType(name))
				packed.send(w, r, name, body)
				return
			}
			if path.Ext(name) != "" || strings.HasPrefix(name, "assets/") {
				http.NotFound(w, r)
				return
			}
		}
		head.Set("Cache-Control", "no-cache")
		head.Set("Content-Security-Policy", Policy)
		head.Set("Content-Type", "text/html; charset=utf-8")
		packed.send(w, r, "index.html", index)
	})
}

// packer sends files, smaller where the browser can unpack them. Each file is
// packed once: the build does not change while the program runs.
type packer struct{ kept sync.Map } // name → []byte, gzip

func (p *packer) send(w http.ResponseWriter, r *http.Request, name string, body []byte) {
	head := w.Header()
	if packable(name) {
		head.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			head.Set("Content-Encoding", "gzip")
			body = p.packed(name, body)
		}
	}
	head.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}

func (p *packer) packed(name string, body []byte) []byte {
	if b, ok := p.kept.Load(name); ok {
		return b.([]byte)
	}
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	p.kept.Store(name, buf.Bytes())
	return buf.Bytes()
}

// packable tells whether packing a file is worth it.
func packable(name string) bool {
	switch path.Ext(name) {
	case ".js", ".mjs", ".css", ".svg", ".html", ".json", ".map", ".txt":
		return true
	}
	return false
}

// contentType does not leave scripts and styles to the machine's MIME table,
// which may name them wrongly and make browsers refuse them.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".map":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
