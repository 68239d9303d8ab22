package woocommerce

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"evenstock/backend/practice"
)

//go:embed testdata/recorded/a11-options-products.json testdata/recorded/a12-options-orders.json
//go:embed testdata/recorded/a13-options-variations.json testdata/recorded/a14-options-refunds.json
var recorded embed.FS

// schema is the answer to OPTIONS. Where one was recorded it is that one, whatever the version.
func (rt *route) schema() any {
	if rt.options == "" {
		return object{{"namespace", "wc/v3"}, {"methods", rt.methods()}, {"endpoints", []any{}}}
	}
	raw, err := recorded.ReadFile("testdata/recorded/" + rt.options + ".json")
	if err != nil {
		panic("woocommerce face: " + err.Error())
	}
	var recording struct {
		Response struct{ Body json.RawMessage }
	}
	if err := json.Unmarshal(raw, &recording); err != nil {
		panic("woocommerce face: " + rt.options + ": " + err.Error())
	}
	return recording.Response.Body
}

// getIndex is the site's own index, which tells strangers its name and what APIs it has.
func getIndex(c *call) practice.Response {
	namespaces := []string{"oembed/1.0", "wp/v2"}
	if !c.face.options.NoWooCommerce {
		namespaces = append(namespaces, "wc/v1", "wc/v2", "wc/v3", "wc-analytics", "wc/store/v1")
	}
	return c.ok(object{
		{"name", c.face.world.Name()}, {"description", ""}, {"url", c.home}, {"home", c.home},
		{"gmt_offset", c.offset()}, {"timezone_string", c.face.world.Zone().String()},
		{"namespaces", namespaces},
		{"authentication", object{}},
		{"routes", c.routes("")},
	})
}

func getNamespace(c *call) practice.Response {
	return c.ok(object{{"namespace", "wc/v3"}, {"routes", c.routes("/wc/v3")}})
}

// offset is the shop's distance from UTC in hours.
func (c *call) offset() any {
	_, seconds := c.s.Now().In(c.face.world.Zone()).Zone()
	return float64(seconds) / 3600
}

func (c *call) routes(below string) object {
	all := object{}
	for i := range c.face.routes {
		rt := &c.face.routes[i]
		if rt.pattern == "" || !strings.HasPrefix(rt.pattern, below) {
			continue
		}
		name := strings.ReplaceAll(strings.ReplaceAll(rt.pattern, "{}", `(?P<id>[\d]+)`), "*", `(?P<id>[\w-]+)`)
		all = append(all, member{name, object{{"namespace", "wc/v3"}, {"methods", rt.methods()},
			{"endpoints", []object{{{"methods", rt.methods()}, {"args", object{}}}}}}})
	}
	return all
}

// getSystemStatus tells versions and settings to a key that may manage the shop.
func getSystemStatus(c *call) practice.Response {
	v := c.face.options.Version
	return c.ok(object{
		{"environment", object{{"home_url", c.home}, {"site_url", c.home}, {"store_id", storeID(c.face.world.Name())},
			{"version", v}, {"wp_version", "7.0.4"}, {"language", "en_US"}, {"default_timezone", "UTC"},
			{"server_info", "PHP 8.2.36 Development Server"}, {"php_version", "8.2.36"}}},
		{"database", object{{"wc_database_version", v}, {"database_prefix", "wp_"}}},
		{"active_plugins", []any{}},
		{"settings", object{{"api_enabled", false}, {"force_ssl", false}, {"currency", c.face.world.Currency()},
			{"currency_symbol", c.currencySymbol()}, {"currency_position", "left"}, {"thousand_separator", ","},
			{"decimal_separator", "."}, {"number_of_decimals", 2}, {"HPOS_enabled", c.face.version.since(orderTables)}}},
	})
}

func storeID(name string) string {
	return fmt.Sprintf("%08x-0000-4000-8000-%012x", len(name), []byte(name)[:min(6, len(name))])
}

// setting is one option of the products group.
type setting struct{ id, label, description, kind, standard string }

const manageStock = "woocommerce_manage_stock"

var settings = []setting{
	{manageStock, "Manage stock", "Enable stock management", "checkbox", "yes"},
	{"woocommerce_hold_stock_minutes", "Hold stock (minutes)", "Hold stock (for unpaid orders) for x minutes.", "number", "60"},
	{"woocommerce_notify_low_stock", "Notifications", "Enable low stock notifications", "checkbox", "yes"},
	{"woocommerce_notify_no_stock", "Enable out of stock notifications", "Enable out of stock notifications", "checkbox", "yes"},
	{"woocommerce_notify_low_stock_amount", "Low stock threshold", "", "number", "2"},
	{"woocommerce_notify_no_stock_amount", "Out of stock threshold", "", "number", "0"},
	{"woocommerce_hide_out_of_stock_items", "Out of stock visibility", "Hide out of stock items from the catalog", "checkbox", "no"},
}

func (c *call) settingBody(s setting) object {
	value := s.standard
	c.face.mu.Lock()
	if v, ok := c.face.settings[s.id]; ok {
		value = v
	}
	c.face.mu.Unlock()
	if s.id == manageStock {
		value = yesNo(c.s.CountsStock)
	}
	o := object{{"id", s.id}, {"label", s.label}, {"description", s.description}, {"type", s.kind},
		{"default", s.standard}, {"value", value}, {"group_id", "products"}}
	return c.pick.trim(append(o, member{"_links", c.linksOf([]string{"GET", "POST", "PUT", "PATCH"},
		"/settings/products/"+s.id, "/settings/products", "")}))
}

func listSettings(c *call) practice.Response {
	list := []object{}
	for _, s := range settings {
		list = append(list, c.settingBody(s))
	}
	return c.respond(http.StatusOK, list)
}

func (c *call) findSetting() (setting, *apiError) {
	name := c.r.URL.Path[strings.LastIndex(c.r.URL.Path, "/")+1:]
	for _, s := range settings {
		if s.id == name {
			return s, nil
		}
	}
	return setting{}, &apiError{code: "rest_setting_setting_invalid", message: "Invalid setting.", status: http.StatusNotFound} // unverified
}

func getSetting(c *call) practice.Response {
	s, failure := c.findSetting()
	if failure != nil {
		return c.fail(failure)
	}
	return c.respond(http.StatusOK, c.settingBody(s))
}

func putSetting(c *call) practice.Response {
	s, failure := c.findSetting()
	if failure != nil {
		return c.fail(failure)
	}
	value := text(c.body["value"])
	if s.id == manageStock {
		c.s.CountsStock = value == "yes"
	}
	c.face.mu.Lock()
	c.face.settings[s.id] = value
	c.face.mu.Unlock()
	return c.respond(http.StatusOK, c.settingBody(s))
}

func yesNo(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}
