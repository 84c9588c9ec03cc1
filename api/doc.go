// Package api serves the HTTP interface that openapi.yaml specifies: the types
// and the routing are generated from it, one file a resource holds what the
// operations do. Units and order are stated at the top of the specification.
package api

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
