package api

import (
	"cmp"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/labstack/echo/v4"

	"github.com/serenazgo/serenazgo/fleet"
)

// conform holds a request against the specification before its operation sees
// it: limits, forms, required fields. Of an upload only the media type is
// looked at; its parts are read as they come.
func (s *server) conform(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		op, ok := s.operation(c)
		if !ok {
			return fleet.ErrNotFound
		}
		in := &openapi3filter.RequestValidationInput{
			Request: c.Request(), PathParams: map[string]string{}, Route: &op.route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, // guard did it
				SkipSettingDefaults: true, ExcludeReadOnlyValidations: true, MultiError: true},
		}
		for i, name := range c.ParamNames() {
			in.PathParams[name] = c.ParamValues()[i]
		}
		if body := op.route.Operation.RequestBody; body != nil && body.Value.Content["multipart/form-data"] != nil {
			in.Options.ExcludeRequestBody = true
			if kind, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
				return invalid("file", "Envíe el archivo como formulario (multipart/form-data).")
			}
		}
		if err := openapi3filter.ValidateRequest(c.Request().Context(), in); err != nil {
			if err := mistake(err); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// mistake writes in Spanish the first thing that is wrong with a request; nil:
// nothing that matters. A field that is null is as good as absent.
func mistake(err error) error {
	var found []problem
	for _, e := range leaves(err) {
		var re *openapi3filter.RequestError
		if !errors.As(e, &re) {
			return e
		}
		if re.Parameter == nil && re.Reason == "reading failed" {
			return re.Err // too large, or cut off
		}
		for _, cause := range leaves(re.Err) {
			var se *openapi3.SchemaError
			switch isSchema := errors.As(cause, &se); {
			case isSchema && se.SchemaField == "nullable" && len(se.JSONPointer()) > 0:
			case isSchema:
				field := strings.Join(se.JSONPointer(), ".")
				if re.Parameter != nil {
					field = re.Parameter.Name
				}
				found = append(found, problem{fleet.ErrInvalid, sentence(field, se), field})
			case re.Parameter != nil:
				found = append(found, problem{fleet.ErrInvalid, fmt.Sprintf("%s no se entiende.", label(re.Parameter.Name)), re.Parameter.Name})
			default:
				found = append(found, problem{fleet.ErrInvalid, "La solicitud no se entiende; revise los datos.", ""})
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return slices.MinFunc(found, func(a, b problem) int { return cmp.Compare(a.field, b.field) })
}

// leaves takes lists of errors apart.
func leaves(err error) []error {
	many, ok := err.(openapi3.MultiError)
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range many {
		out = append(out, leaves(e)...)
	}
	return out
}

// labels are the Spanish names of fields that people fill in.
var labels = map[string]string{
	"username": "El usuario", "password": "La contraseña", "present": "La contraseña actual", "disabled": "El estado de la cuenta", "name": "El nombre", "role": "El rol", "token": "El enlace",
	"call_sign": "El nombre de llamada", "mode": "El tipo de unidad", "plate": "La placa", "base": "La base", "shifts": "La lista de turnos",
	"device": "El equipo", "unit": "La unidad", "interval_s": "El intervalo", "shift": "El turno", "seconds": "El tiempo de cálculo",
	"units": "La lista de unidades", "type": "El tipo de ocurrencia", "at": "La hora", "point": "El lugar", "origin": "El origen", "note": "La nota",
	"kind": "La clase de corrección", "line": "El trazo", "modes": "La lista de vehículos", "from": "El comienzo", "until": "El final",
	"to": "El final", "limit": "El límite", "id": "El código", "code": "El código", "start": "El comienzo", "end": "El fin", "ubigeo": "El ubigeo", "date": "La fecha",
}

func label(field string) string {
	if field == "" {
		return "La solicitud"
	}
	first, _, _ := strings.Cut(field, ".")
	if l, ok := labels[first]; ok {
		return l
	}
	return fmt.Sprintf("El dato «%s»", first)
}

// sentence says what is wrong with a field.
func sentence(field string, e *openapi3.SchemaError) string {
	l, sc := label(field), e.Schema
	switch e.SchemaField {
	case "required":
		return l + " falta."
	case "minLength":
		if sc.MinLength > 1 {
			return fmt.Sprintf("%s debe tener al menos %d letras.", l, sc.MinLength)
		}
		return l + " no puede quedar vacío."
	case "maxLength":
		return fmt.Sprintf("%s puede tener a lo más %d letras.", l, *sc.MaxLength)
	case "minimum", "maximum":
		if sc.Min != nil && sc.Max != nil {
			return fmt.Sprintf("%s va de %g a %g.", l, *sc.Min, *sc.Max)
		}
	case "minItems", "maxItems":
		if sc.MaxItems != nil && sc.MinItems != *sc.MaxItems {
			return fmt.Sprintf("%s lleva de %d a %d elementos.", l, sc.MinItems, *sc.MaxItems)
		}
	case "enum":
		return l + " no es ninguno de los que se aceptan."
	}
	return l + " no tiene la forma que corresponde."
}
