package all

import (
	"testing"

	"evenstock/backend/channel"
)

// TestRegistry: the form that connects a store is made from what a type says about itself, so it has to say everything.
func TestRegistry(t *testing.T) {
	types := Registry().Types()
	if len(types) == 0 {
		t.Fatal("no channels")
	}
	for _, typ := range types {
		if typ.Name == "" || typ.Title == "" || len(typ.Badge) != 2 || len(typ.Steps) == 0 || typ.Open == nil {
			t.Errorf("%q says too little about itself: %+v", typ.Name, typ)
		}
		for _, f := range typ.Fields {
			if f.Name == "" || f.Label == "" {
				t.Errorf("%s has a field without a name: %+v", typ.Name, f)
			}
		}
		if _, err := typ.Open(channel.Deps{}, channel.Settings{}); channel.KindOf(err) != channel.Invalid {
			t.Errorf("%s opens without settings: %v", typ.Name, err)
		}
		found, err := Registry().Lookup(typ.Name)
		if err != nil || found.Title != typ.Title {
			t.Errorf("%s is not found by its name: %v", typ.Name, err)
		}
	}
	if _, err := Registry().Lookup("nowhere"); channel.KindOf(err) != channel.Invalid {
		t.Errorf("a channel nobody knows: %v", err)
	}
}
