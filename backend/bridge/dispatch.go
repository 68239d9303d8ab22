package bridge

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"evenstock/backend/engine"
)

// dispatcher finds the methods of services by name, as Wails does: PACKAGE.SERVICE.METHOD.
type dispatcher struct {
	methods map[string]reflect.Value
	log     *slog.Logger
}

var errorType = reflect.TypeFor[error]()

// newDispatcher panics on a method whose last result is not an error, or with more than two: the page could not be told
// how it went.
func newDispatcher(services []any, log *slog.Logger) *dispatcher {
	d := &dispatcher{methods: map[string]reflect.Value{}, log: log}
	for _, s := range services {
		v := reflect.ValueOf(s)
		for i := range v.NumMethod() {
			name := strings.TrimPrefix(v.Type().String(), "*") + "." + v.Type().Method(i).Name
			t := v.Method(i).Type()
			if n := t.NumOut(); n < 1 || n > 2 || t.Out(n-1) != errorType || t.IsVariadic() {
				panic("bridge: " + name + " must return an error last, and at most one thing before it")
			}
			d.methods[name] = v.Method(i)
		}
	}
	return d
}

// names are the methods by package and service, for the script that defines them in the page.
func (d *dispatcher) names() map[string]map[string][]string {
	out := map[string]map[string][]string{}
	for _, full := range slices.Sorted(maps.Keys(d.methods)) {
		parts := strings.SplitN(full, ".", 3)
		if out[parts[0]] == nil {
			out[parts[0]] = map[string][]string{}
		}
		out[parts[0]][parts[1]] = append(out[parts[0]][parts[1]], parts[2])
	}
	return out
}

// call runs a method and returns its result as JSON, null where it has none. Whatever goes wrong is an error: a mistake
// of the page, a panic, a result that JSON cannot say.
func (d *dispatcher) call(name string, args []json.RawMessage) (result json.RawMessage, err error) {
	method, known := d.methods[name]
	if !known {
		return nil, &Failure{Code: engine.CodeInvalid, Message: fmt.Sprintf("There is no method %s.", name)}
	}
	defer func() {
		if p := recover(); p != nil {
			d.log.Error("call panicked", "call", name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			result, err = nil, failureOf(fmt.Errorf("panic: %v", p))
		}
	}()
	in, err := decodeArgs(method.Type(), args)
	if err != nil {
		return nil, &Failure{Code: engine.CodeInvalid, Message: fmt.Sprintf("%s: %v.", name, err)}
	}
	out := method.Call(in)
	if err, failed := out[len(out)-1].Interface().(error); failed {
		return nil, err
	}
	if len(out) == 1 {
		return json.RawMessage("null"), nil
	}
	result, err = json.Marshal(out[0].Interface())
	if err != nil {
		d.log.Error("result of a call", "call", name, "err", err)
		return nil, failureOf(err)
	}
	return result, nil
}

func decodeArgs(t reflect.Type, args []json.RawMessage) ([]reflect.Value, error) {
	if len(args) != t.NumIn() {
		return nil, fmt.Errorf("it takes %d arguments, and %d came", t.NumIn(), len(args))
	}
	in := make([]reflect.Value, len(args))
	for i, raw := range args {
		v := reflect.New(t.In(i))
		if err := json.Unmarshal(raw, v.Interface()); err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		in[i] = v.Elem()
	}
	return in, nil
}
