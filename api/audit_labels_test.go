package api_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// families are the actions whose names end in what they were about.
var families = map[string][]string{
	"import.":  {"devices", "police", "streets"},
	"paper.":   {"roster", "route", "stops", "units"},
	"plan.":    {"approved", "published"},
	"session.": {"retake", "submit", "reopen", "look", "comment", "agree", "unsay", "attend", "sign"},
}

// TestAuditedActionsHaveLabels: the record says in both languages what was done.
func TestAuditedActionsHaveLabels(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var actions []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, ".gen.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			actions = append(actions, actionsOf(t, n)...)
			return true
		})
	}
	for _, what := range []string{"trail", "trips", "stops", "events"} {
		for _, format := range []string{"csv", "xlsx", "gpx", "kml", "geojson"} {
			actions = append(actions, "export."+what+"."+format)
		}
	}
	slices.Sort(actions)
	actions = slices.Compact(actions)
	if len(actions) < 60 || !slices.Contains(actions, "compliance.view") || !slices.Contains(actions, "user.disable") || !slices.Contains(actions, "plan.edit") {
		t.Fatalf("the source is read wrongly: %d actions, %v", len(actions), actions)
	}
	for _, language := range []string{"es", "en"} {
		raw, err := os.ReadFile(filepath.Join("..", "web", "locales", language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var labels map[string]string
		if err := json.Unmarshal(raw, &labels); err != nil {
			t.Fatal(err)
		}
		for _, a := range actions {
			if labels["audit."+a] == "" {
				t.Errorf("%s.json has no audit.%s", language, a)
			}
		}
	}
}

// actionsOf gives the actions that a call records, or that a variable or field is set to.
func actionsOf(t *testing.T, n ast.Node) []string {
	isAction := func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return ok && strings.EqualFold(id.Name, "action")
	}
	switch x := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch f := x.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if len(x.Args) > 2 && slices.Contains([]string{"audit", "auditRow", "lookedAt", "addSession"}, name) {
			return named(t, x.Args[2])
		}
	case *ast.KeyValueExpr:
		if isAction(x.Key) {
			return named(t, x.Value)
		}
	case *ast.AssignStmt:
		if isAction(x.Lhs[0]) {
			return named(t, x.Rhs[0])
		}
	}
	return nil
}

// named gives the actions that an expression names; none if that is told elsewhere.
func named(t *testing.T, e ast.Expr) (out []string) {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		if err != nil {
			t.Fatal(err)
		}
		return []string{s}
	case *ast.BinaryExpr:
		for _, family := range named(t, x.X) {
			if families[family] == nil {
				t.Errorf("which actions begin with %q? Say it in families", family)
			}
			for _, end := range families[family] {
				out = append(out, family+end)
			}
		}
	}
	return out
}
