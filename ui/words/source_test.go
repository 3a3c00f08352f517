package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"potluck/sharing/identity"
	"potluck/ui/view"
)

// said returns all words that the window says, and whether they count something:
// the first arguments of the calls of L and N below ui, and the sentences of the
// engine that are known.
func said(t *testing.T) map[string]bool {
	t.Helper()
	words := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "L" && method.Sel.Name != "N" {
				return true
			}
			literal, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				return true // passes on what somebody else wrote
			}
			word, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			words[word] = words[word] || method.Sel.Name == "N"
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range view.Sentences() {
		words[s] = false
	}
	return words
}

// dishWords are the parts of the names of all dishes.
var dishWords = func() map[string]bool {
	words := map[string]bool{"{figure} on a {shape} {colour} plate": true}
	for i := range identity.Dishes {
		d := identity.DishFromIndex(i)
		words[d.FigureName()], words[d.ShapeName()], words[d.ColourName()] = true, true, true
	}
	return words
}()
