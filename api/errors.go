package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/fleet"
)

var (
	errNoSession = auth.ErrNoSession
	errCSRF      = errors.New("missing or wrong CSRF token")
)

// problem is an error with the sentence that the person at the screen reads.
type problem struct {
	kind  error // of package fleet
	text  string
	field string
}

// listed is a problem with what is wrong in detail, a line each.
type listed struct {
	problem
	details []string
}

func (l listed) Unwrap() error { return l.problem }

func (p problem) Error() string { return p.text }
func (p problem) Unwrap() error { return p.kind }

// invalid says what is wrong with a field of a request, in Spanish.
func invalid(field, text string) error { return problem{fleet.ErrInvalid, text, field} }

// Refused is for the parts that the API is given: an error that answers the
// Spanish text and names the field it is about, with what is wrong in detail, a
// line each.
func Refused(field, text string, details ...string) error {
	return listed{problem{fleet.ErrInvalid, text, field}, details}
}

// answer is what an error becomes: the one mapping of the product.
func answer(err error) (status int, code ErrorErrorCode, text, field string) {
	var p problem
	if errors.As(err, &p) {
		text, field = p.text, p.field
	}
	say := func(s string) string {
		if text != "" {
			return text
		}
		return s
	}
	var password auth.PasswordError
	var he *echo.HTTPError
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &password):
		return http.StatusBadRequest, Invalid, password.Error(), "password"
	case errors.Is(err, auth.ErrBadLogin):
		return http.StatusUnauthorized, Unauthorized, "Usuario o contraseña incorrectos.", ""
	case errors.Is(err, auth.ErrThrottled):
		return http.StatusTooManyRequests, TooMany, "Demasiados intentos. Espere un momento y vuelva a probar.", ""
	case errors.Is(err, auth.ErrNoSession):
		return http.StatusUnauthorized, Unauthorized, "Su sesión venció; entre de nuevo y volverá aquí.", ""
	case errors.Is(err, auth.ErrSetupToken):
		return http.StatusForbidden, Forbidden, "Este enlace ya se usó o venció. Reinicie el servicio para obtener otro.", ""
	case errors.Is(err, errCSRF):
		return http.StatusForbidden, Csrf, "La página quedó desactualizada; recárguela y repita la acción.", ""
	case errors.Is(err, fleet.ErrForbidden):
		return http.StatusForbidden, Forbidden, say("Su usuario no tiene permiso para esto."), field
	case errors.Is(err, fleet.ErrNotFound):
		return http.StatusNotFound, NotFound, say("No existe o no tiene acceso."), field
	case errors.Is(err, fleet.ErrConflict):
		return http.StatusConflict, Conflict, say("Otra persona lo cambió mientras tanto. Recargue y compare antes de guardar."), field
	case errors.As(err, &tooBig):
		return http.StatusRequestEntityTooLarge, TooLarge, "El archivo o la solicitud es demasiado grande.", ""
	case errors.Is(err, fleet.ErrInvalid):
		return http.StatusBadRequest, Invalid, say("Hay un dato que no es válido: " + err.Error()), field
	case errors.Is(err, http.ErrNotMultipart), errors.Is(err, http.ErrMissingBoundary):
		return http.StatusBadRequest, Invalid, "Elija un archivo.", ""
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, Unavailable, "El servicio tardó demasiado. Vuelva a intentarlo.", ""
	case errors.As(err, &he):
		switch he.Code {
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			return he.Code, NotFound, "No existe o no tiene acceso.", ""
		case http.StatusRequestEntityTooLarge:
			return he.Code, TooLarge, "El archivo o la solicitud es demasiado grande.", ""
		}
		if he.Code >= 400 && he.Code < 500 {
			return he.Code, Invalid, "La solicitud no se entiende; revise los datos.", ""
		}
	}
	return http.StatusInternalServerError, Internal, "Algo falló en el servicio. Sus datos están a salvo; vuelva a intentarlo.", ""
}

// onError writes an error; the cause goes to the log, never to the reader.
func (s *server) onError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, code, text, field := answer(err)
	req := c.Request()
	if req.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return // the client went away
	}
	if status >= 500 {
		s.log.Error("request failed", "method", req.Method, "path", c.Path(), "id", c.Response().Header().Get(echo.HeaderXRequestID), "err", err)
	}
	var throttled *auth.Throttled
	if errors.As(err, &throttled) {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(throttled.RetryAfter.Seconds())+1))
	}
	var body Error
	body.Error.Code, body.Error.Message = code, text
	if field != "" {
		body.Error.Field = &field
	}
	var l listed
	if errors.As(err, &l) && len(l.details) > 0 {
		body.Error.Details = &l.details
	}
	if req.Method == http.MethodHead {
		_ = c.NoContent(status)
		return
	}
	_ = c.JSON(status, body)
}

func sameToken(a, b string) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
