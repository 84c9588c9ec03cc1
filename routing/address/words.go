package address

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// kinds are the words and abbreviations for a kind of street, by the one that
// stands for all.
var kinds = map[string]string{
	"av": "av", "avda": "av", "avenida": "av", "ave": "av",
	"jr": "jr", "jiron": "jr", "jron": "jr", "giron": "jr",
	"ca": "ca", "calle": "ca", "cl": "ca", "cll": "ca",
	"psje": "ps", "pje": "ps", "pasaje": "ps", "psj": "ps", "pj": "ps", "pas": "ps",
	"prol": "pr", "prolongacion": "pr", "prolg": "pr",
	"carr": "cr", "carretera": "cr", "autopista": "cr", "panamericana": "panamericana",
	"malecon": "ml", "mlc": "ml", "alameda": "al", "ovalo": "ov", "parque": "pq", "plaza": "pl", "plazuela": "pl", "via": "via",
}

// fillers say nothing about which street it is.
var fillers = map[string]bool{"de": true, "la": true, "el": true, "los": true, "las": true, "del": true, "en": true, "al": true, "a": true}

// words cuts a text into lower-case words without accents and signs. A stop and
// a slash end a word.
func words(s string) []string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case r == '/' || r == '&':
			b.WriteString(" / ")
		case r == '#':
			b.WriteString(" nro ")
		case r == ',' || r == ';' || r == '(' || r == ')':
			b.WriteString(" , ")
		case r == 'º' || r == '°':
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// streetName is a street as people write it: its kind, which they often leave
// out, and the words that name it.
type streetName struct {
	kind string
	core []string
}

func (n streetName) empty() bool { return len(n.core) == 0 }

// nameOf takes the kind off a street's words. "Prolongación Unión" is another
// street than "Unión", so that word stays; "Calle 5" is named 5.
func nameOf(ws []string) streetName {
	var n streetName
	for i, w := range ws {
		k, ok := kinds[w]
		switch {
		case w == "/" || w == ",":
		case ok && k == "pr":
			n.core = append(n.core, k)
		case ok && i == 0 || ok && n.kind == "" && len(n.core) == 0, ok && len(n.core) == 1 && n.core[0] == "pr":
			n.kind = k
		case fillers[w] && len(ws) > 2:
		default:
			n.core = append(n.core, w)
		}
	}
	if len(n.core) == 0 && n.kind != "" { // "Vía", "El Ovalo"
		n.core = ws
	}
	return n
}

// asked is what an address asks for.
type asked struct {
	street streetName
	cross  streetName // empty: no crossing
	block  int        // cuadra, 1 = the first; 0: not said
}

// joints stand between the streets of a crossing.
var joints = map[string]bool{"con": true, "esq": true, "esquina": true, "cruce": true, "interseccion": true, "/": true, "cdo": true}

// parse reads the ways to write an address that sources use. The street ends
// where a number, a block or what lies around it begins; "y" joins two streets
// or is part of a name, so there may be two readings.
func parse(s string) []asked {
	ws := words(s)
	if len(ws) > 0 && (ws[0] == "cruce" || ws[0] == "interseccion" || ws[0] == "esquina" || ws[0] == "esq") {
		ws = ws[1:]
		for i, w := range ws {
			if w == "y" || w == "e" {
				ws[i] = "/"
				break
			}
		}
	}
	for i, w := range ws {
		if joints[w] && i > 0 {
			rest := ws[i+1:]
			for len(rest) > 0 && (joints[rest[0]] || fillers[rest[0]]) { // "esquina con la"
				rest = rest[1:]
			}
			if len(rest) > 0 && places[rest[0]] {
				return nil
			}
			a, b := one(ws[:i]), one(rest)
			if !a.street.empty() && !b.street.empty() {
				a.cross = b.street
				return []asked{a}
			}
			break
		}
	}
	out := []asked{one(ws)}
	for i, w := range ws {
		if (w == "y" || w == "e") && i > 0 && i+1 < len(ws) {
			a, b := one(ws[:i]), one(ws[i+1:])
			if !a.street.empty() && !b.street.empty() {
				a.cross = b.street
				out = append(out, a)
			}
		}
	}
	return out
}

// places begin what is no street but has the name of one, it may be: a quarter, a
// lot, a school or the like.
var places = map[string]bool{"urb": true, "urbanizacion": true, "aahh": true, "aa": true, "ah": true, "asentamiento": true, "mz": true, "mza": true, "manzana": true, "lt": true,
	"lote": true, "colegio": true, "mercado": true, "parque": true, "iglesia": true, "hospital": true}

// one reads a street with its block or house number; nothing where a place of
// another sort is named.
func one(ws []string) asked {
	var a asked
	if len(ws) > 0 && places[ws[0]] {
		return a
	}
	end := len(ws)
	for i, w := range ws {
		number := 0
		if i+1 < len(ws) {
			number = leading(ws[i+1])
		}
		switch w {
		case "cuadra", "cdra", "cdr", "cuad":
			end = min(end, i)
			if number > 0 {
				a.block = number
			}
		case "nro", "num", "numero", "no", "n":
			if number > 0 && i > 0 {
				end = min(end, i)
				if a.block == 0 {
					a.block = blockOfHouse(number)
				}
			}
		case ",", "urb", "urbanizacion", "mz", "mza", "manzana", "lt", "lote", "sector", "referencia", "ref", "frente", "altura", "alt", "sn", "dpto", "piso", "int", "barrio", "aahh", "pp", "pueblo":
			if i > 0 {
				end = min(end, i)
			}
		default:
			// A last number of three or four digits is a house's; "Calle 5" is a name.
			if n := leading(w); n >= 100 && i >= 1 && i < end && len(nameOf(ws[:i]).core) > 0 {
				end = i
				if a.block == 0 {
					a.block = blockOfHouse(n)
				}
			}
		}
	}
	a.street = nameOf(ws[:end])
	return a
}

// blockOfHouse gives the block of a house number: hundreds count blocks, and the
// first goes from 1 to 199.
func blockOfHouse(n int) int { return max(1, n/100) }

// leading reads the digits that a word begins with; 0: none.
func leading(w string) int {
	i := 0
	for i < len(w) && w[i] >= '0' && w[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(w[:i])
	if err != nil {
		return 0
	}
	return n
}
