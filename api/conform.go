package api

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"mime"
	"slices"
	"strconv"
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
				SkipSettingDefaults: true, ExcludeReadOnlyValidations: true, MultiError: true, KeepValidatedValue: true},
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
		if err := plainText(c, in.PathParams); err != nil {
			return err
		}
		return next(c)
	}
}

// plainText refuses control characters, such as NUL, in any text of a request:
// they cannot be shown, and PostgreSQL does not take them all. A note may have
// several lines.
func plainText(c echo.Context, path map[string]string) error {
	refuse := func(field string) error {
		return invalid(field, label(field)+" tiene un carácter que no se puede mostrar, como un salto de línea; escríbalo de nuevo.")
	}
	for name, value := range path {
		if fleet.CheckLine(name, value) != nil {
			return refuse(name)
		}
	}
	for name, values := range c.QueryParams() {
		for _, v := range values {
			if fleet.CheckLine(name, v) != nil {
				return refuse(name)
			}
		}
	}
	if body, ok := c.Request().Body.(interface{ ValidatedValue() any }); ok {
		if field, bad := notPlain("", body.ValidatedValue()); bad {
			return refuse(field)
		}
	}
	return nil
}

// notPlain finds a text with control characters and says where it is.
func notPlain(field string, value any) (string, bool) {
	switch v := value.(type) {
	case string:
		if field == "note" {
			v = strings.NewReplacer("\n", "", "\r", "", "\t", "").Replace(v)
		}
		return field, fleet.CheckLine(field, v) != nil
	case []any:
		for i, e := range v {
			if f, bad := notPlain(strings.TrimPrefix(fmt.Sprintf("%s.%d", field, i), "."), e); bad {
				return f, true
			}
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if fleet.CheckLine("a field's name", k) != nil {
				return field, true
			}
			if f, bad := notPlain(strings.TrimPrefix(field+"."+k, "."), v[k]); bad {
				return f, true
			}
		}
	}
	return "", false
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
	"bands": "El juego de bandas", "kind": "La clase de corrección", "line": "El trazo", "modes": "La lista de vehículos", "from": "El comienzo", "until": "El final",
	"to": "El final", "limit": "El límite", "id": "El código", "code": "El código", "start": "El comienzo", "end": "El fin", "ubigeo": "El ubigeo", "date": "La fecha",
}

func label(field string) string {
	if field == "" {
		return "La solicitud"
	}
	first, rest, _ := strings.Cut(field, ".")
	if _, err := strconv.Atoi(first); err == nil && rest != "" {
		return label(rest) // of an element of a list
	}
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
