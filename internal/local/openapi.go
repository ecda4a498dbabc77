package local

import _ "embed" // the description of the API

// OpenAPI describes the API, as GET /openapi.json answers it.
//
//go:embed openapi.json
var OpenAPI []byte
