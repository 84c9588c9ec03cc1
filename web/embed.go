// Package web holds the page of the product, built from web/src into web/dist,
// and serves it. Files under /assets carry a hash of their content in their
// name, so browsers may keep them for ever; index.html names the current ones
// and is asked for again each time.
package web

import (
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
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
				send(w, r, body)
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
		send(w, r, index)
	})
}

// send answers with a body; packing it for the way is the server's business.
func send(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
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
