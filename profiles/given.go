package profiles

import (
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"
)

// given tells which number of a profile's text is not there, although its section
// is: decoding alone would make a zero of it, and zero means something to most.
func given(data []byte) error {
	var said map[string]any
	if err := yaml.Unmarshal(data, &said); err != nil {
		return err
	}
	return givenOf(reflect.TypeFor[Profile](), said, "")
}

// givenOf looks at one section, whose keys begin with prefix. A section that may
// be left out is a pointer.
func givenOf(section reflect.Type, said map[string]any, prefix string) error {
	for i := range section.NumField() {
		f := section.Field(i)
		key := f.Tag.Get("yaml")
		value := said[key]
		switch f.Type.Kind() {
		case reflect.Int, reflect.Float64:
			if value == nil {
				return fmt.Errorf("%s%s is missing: every value has to be given", prefix, key)
			}
			continue
		case reflect.Pointer:
			if value == nil {
				continue
			}
			f.Type = f.Type.Elem()
		}
		if f.Type.Kind() != reflect.Struct {
			continue
		}
		inner, _ := value.(map[string]any)
		if err := givenOf(f.Type, inner, prefix+key+"."); err != nil {
			return err
		}
	}
	return nil
}
