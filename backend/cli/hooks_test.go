package cli_test

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"evenstock/backend/practice"
)

// freePort is a port of this computer that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// call calls an address as the shop does, and returns the status.
func call(t *testing.T, address, key string) int {
	t.Helper()
	const body = `{"id":1}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-WC-Webhook-Topic", "order.created")
	r.Header.Set("X-WC-Webhook-Signature", practice.Sign(key, []byte(body)))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

func TestWebhooksAreSwitchedOnAndStayOn(t *testing.T) {
	o, s := newOutsider(t), newShop(t)
	s.offers("Mug", "MUG", 5)
	o.connected("Home", s)
	if got := o.gets(0, "webhooks").at("on"); got != false {
		t.Errorf("webhooks are on: %v", got)
	}
	for _, args := range [][]string{{"webhooks", "maybe"}, {"store", "webhooks", "Home", "--forget", "--secret-file", "x"}, {"store", "webhooks", "Home", "--secret-file", "x"}} {
		if got := o.types(args...); got.code != 2 {
			t.Errorf("%q: exit code %d", args, got.code)
		}
	}
	if code := o.gets(1, "webhooks", "on", "--port", "80").at("error", "code"); code != "invalid" {
		t.Errorf("port 80: %v", code)
	}
	port := freePort(t)
	o.gets(0, "webhooks", "on", "--port", port)
	sheet := o.gets(0, "store", "webhooks", "Home")
	address, key := sheet.at("local").(string), sheet.at("secret").(string)
	if again := o.gets(0, "store", "webhooks", "Home").at("secret"); !strings.Contains(address, ":"+port+"/hooks/") || len(key) < 20 || again != key {
		t.Errorf("%v, then the secret %v", sheet, again)
	}
	if got := o.types("store", "webhooks", "Home"); !strings.Contains(got.out, key) || !strings.Contains(got.out, "Add webhook") {
		t.Errorf("for people: %+v", got)
	}
	if got := call(t, address, key); got != 0 {
		t.Errorf("somebody listens while nothing runs: %d", got)
	}

	cmd, _ := o.working()
	for name, want := range map[string]int{key: http.StatusOK, "another key": http.StatusUnauthorized} {
		if got := call(t, address, name); got != want {
			t.Errorf("signed with %q: %d, want %d", name, got, want)
		}
	}
	o.gets(0, "store", "webhooks", "Home", "--forget")
	if got := call(t, address, key); got != http.StatusNotFound {
		t.Errorf("after the key was forgotten: %d", got)
	}
	o.gets(0, "webhooks", "off")
	if got := call(t, address, key); got != 0 {
		t.Errorf("after it was switched off: %d", got)
	}
	ends(t, cmd)
	if got := o.gets(0, "webhooks").at("on"); got != false {
		t.Errorf("after a restart: %v", got)
	}
}
