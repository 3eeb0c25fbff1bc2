package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// enumerations are the functions that return the definitions of the API in Go.
type enumerations map[string]*ast.FuncDecl

func readEnumerations(name string) (enumerations, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	functions := enumerations{}
	for _, declaration := range file.Decls {
		if function, is := declaration.(*ast.FuncDecl); is {
			functions[function.Name.Name] = function
		}
	}
	return functions, nil
}

// function returns the name of the function of a definition: the last four parts of the path of the package, and the type.
func function(definition string) string {
	parts := strings.Split(strings.Replace(definition, "io.k8s.", "k8sio.", 1), ".")
	return "schema_" + strings.Join(parts[max(0, len(parts)-5):], "_")
}

// add adds the enumerations of a definition to its schema.
func (e enumerations) add(definition string, to schema) error {
	found := e[function(definition)]
	if found == nil {
		return fmt.Errorf("there is no function %s", function(definition))
	}
	var err error
	ast.Inspect(found.Body, func(node ast.Node) bool {
		if result, is := node.(*ast.ReturnStmt); is && err == nil {
			err = enumerate(result.Results[0], to)
		}
		return true
	})
	return err
}

// enumerate adds the enumerations in a value of Go to the schema that it describes.
func enumerate(value ast.Expr, to schema) error {
	if pointer, is := value.(*ast.UnaryExpr); is {
		value = pointer.X
	}
	literal, is := value.(*ast.CompositeLit)
	if !is || to == nil {
		return nil
	}
	for _, element := range literal.Elts {
		pair, is := element.(*ast.KeyValueExpr)
		if !is {
			continue
		}
		var err error
		key, _ := pair.Key.(*ast.Ident)
		switch {
		case key == nil:
		case key.Name == "Schema" || key.Name == "SchemaProps":
			err = enumerate(pair.Value, to)
		case key.Name == "Items":
			err = enumerate(pair.Value, part(to, "items"))
		case key.Name == "AdditionalProperties":
			err = enumerate(pair.Value, part(to, "additionalProperties"))
		case key.Name == "Properties":
			for _, property := range pair.Value.(*ast.CompositeLit).Elts {
				property := property.(*ast.KeyValueExpr)
				var name string
				if name, err = text(property.Key); err == nil {
					err = enumerate(property.Value, part(part(to, "properties"), name))
				}
				if err != nil {
					break
				}
			}
		case key.Name == "Enum":
			var values []string
			for _, one := range pair.Value.(*ast.CompositeLit).Elts {
				var value string
				if value, err = text(one); err != nil {
					break
				}
				values = append(values, value)
			}
			to["enum"] = values
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// part returns a part of a schema, or nil.
func part(of schema, name string) schema {
	inner, _ := of[name].(schema)
	return inner
}

func text(value ast.Expr) (string, error) {
	literal, is := value.(*ast.BasicLit)
	if !is {
		return "", fmt.Errorf("%T is not a text", value)
	}
	return strconv.Unquote(literal.Value)
}
