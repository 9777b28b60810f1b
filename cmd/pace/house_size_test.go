package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// The sizes of the house: what a person can hold in mind at once.
const (
	maxFiles      = 30 // of a package
	maxFileLines  = 500
	maxFuncLines  = 70
	maxFields     = 15
	maxMethods    = 5
	maxParameters = 5
)

func TestSizes(t *testing.T) {
	used := map[string]bool{}
	report := func(name string, got, limit int, what string) {
		if got <= limit {
			return
		}
		if why, ok := exceptions[name]; ok && why != "" {
			used[name] = true
			return
		}
		t.Errorf("%s has %d %s; at most %d", name, got, what, limit)
	}
	for _, p := range packages(t) {
		pkg := strings.TrimPrefix(p.ImportPath, "pace/")
		for _, file := range p.GoFiles {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, file), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			report(pkg+"/"+file, fset.File(f.Pos()).LineCount(), maxFileLines, "lines")
			sizesIn(fset, f, pkg, report)
		}
	}
	for name := range exceptions {
		if !used[name] {
			t.Errorf("the exception for %s is no longer needed", name)
		}
	}
}

func sizesIn(fset *token.FileSet, f *ast.File, pkg string, report func(string, int, int, string)) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			name := pkg + "." + n.Name.Name
			if n.Body != nil {
				report(name, fset.Position(n.End()).Line-fset.Position(n.Pos()).Line+1, maxFuncLines, "lines")
			}
			report(name, n.Type.Params.NumFields(), maxParameters, "parameters")
		case *ast.TypeSpec:
			name := pkg + "." + n.Name.Name
			switch s := n.Type.(type) {
			case *ast.StructType:
				report(name, s.Fields.NumFields(), maxFields, "fields")
			case *ast.InterfaceType:
				report(name, s.Methods.NumFields(), maxMethods, "methods")
			}
		}
		return true
	})
}

// TestExportsAreDocumented: every export outside package main has a doc comment, and every package its own.
func TestExportsAreDocumented(t *testing.T) {
	for _, p := range packages(t) {
		documented := false
		for _, file := range p.GoFiles {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, file), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			documented = documented || f.Doc != nil
			if f.Name.Name == "main" {
				continue
			}
			for _, missing := range undocumented(f) {
				t.Errorf("%s/%s: %s has no doc comment", p.ImportPath, file, missing)
			}
		}
		if !documented && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

func undocumented(f *ast.File) []string {
	var out []string
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && !ofUnexported(d) {
				out = append(out, d.Name.Name)
			}
		case *ast.GenDecl:
			out = append(out, undocumentedSpecs(d)...)
		}
	}
	return out
}

func undocumentedSpecs(d *ast.GenDecl) []string {
	var out []string
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
				out = append(out, s.Name.Name)
			}
		case *ast.ValueSpec:
			if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
				out = append(out, s.Names[0].Name)
			}
		}
	}
	return out
}

func ofUnexported(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return false
	}
	return !ast.IsExported(strings.TrimLeft(fmt.Sprint(baseType(d.Recv.List[0].Type)), "*"))
}

func baseType(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return baseType(e.X)
	case *ast.IndexExpr:
		return baseType(e.X)
	case *ast.IndexListExpr:
		return baseType(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
