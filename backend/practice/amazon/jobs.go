package amazon

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"evenstock/backend/practice"
)

// job is a report or a feed that Amazon works on.
type job struct {
	kind    string
	created time.Time
	ready   time.Time
	result  string // document, empty if it comes to nothing
}

func (c *call) newJob(kind, result string) string {
	c.face.next++
	id := strconv.Itoa(50000 + c.face.next)
	c.face.jobs[id] = &job{kind, c.s.Now(), c.s.Now().Add(c.face.options.Delay), result}
	return id
}

// keep stores a document, packed unless the options say otherwise.
func (c *call) keep(body []byte) string {
	c.face.next++
	id := fmt.Sprintf("amzn1.spdoc.%d", c.face.next)
	if !c.face.options.Plain {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(body)
		w.Close()
		body = packed.Bytes()
	}
	c.face.docs[id] = body
	return id
}

// address is a presigned address of a document: whoever has it may read or write there.
func (c *call) address(id string) string {
	scheme := "http"
	if c.r.TLS != nil || c.r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host + "/documents/" + id + "?X-Amz-Signature=signed"
}

// document reads or writes under a presigned address. Credentials have no business there.
func (c *call) document() practice.Response {
	c.face.mu.Lock()
	defer c.face.mu.Unlock()
	id := strings.TrimPrefix(c.r.URL.Path, "/documents/")
	body, ok := c.face.docs[id]
	if !ok || c.query.Get("X-Amz-Signature") != "signed" || c.r.Header.Get("x-amz-access-token") != "" {
		return practice.Response{Status: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/xml"}}, Body: []byte("<Error><Code>AccessDenied</Code></Error>")}
	}
	if c.r.Method == http.MethodPut {
		c.face.docs[id] = c.body
		return practice.Response{Status: http.StatusOK, Header: http.Header{}, Body: nil}
	}
	return practice.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}, Body: body}
}

// columns are those of the report (amazon.md, 5.1); which of the others stand between them is unverified.
var columns = []string{"item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date", "image-url", "asin1",
	"pending-quantity", "fulfillment-channel", "merchant-shipping-group", "status"}

func createReport(c *call) practice.Response {
	var in struct {
		Type string   `json:"reportType"`
		At   []string `json:"marketplaceIds"`
	}
	if json.Unmarshal(c.body, &in) != nil || in.Type != "GET_MERCHANT_LISTINGS_ALL_DATA" || len(in.At) != 1 || in.At[0] != c.face.options.Marketplace {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid report type or marketplace.")
	}
	lines := []string{strings.Join(columns, "\t")}
	for _, it := range c.items() {
		channel, quantity, status := "DEFAULT", strconv.FormatInt(c.number(it), 10), "Active"
		if it.Fulfilled {
			channel, quantity = "AMAZON_EU", ""
		} else if !offered(it) {
			quantity = ""
		} else if c.number(it) == 0 {
			status = "Inactive"
		}
		lines = append(lines, strings.Join([]string{it.FullName(), "", strconv.FormatInt(it.ID, 10), it.SKU, it.Price, quantity,
			it.Created.UTC().Format("2006-01-02 15:04:05 MST"), "", asin(it), "0", channel, "Default", status}, "\t"))
	}
	doc := c.keep([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return c.respond(http.StatusAccepted, map[string]string{"reportId": c.newJob(in.Type, doc)})
}

// state is a job as the API shows it.
func (c *call) state(id string, names ...string) (map[string]any, bool) {
	j, ok := c.face.jobs[id]
	if !ok {
		return nil, false
	}
	out := map[string]any{names[0]: id, names[1]: j.kind, "marketplaceIds": []string{c.face.options.Marketplace},
		"createdTime": j.created.UTC().Format(time.RFC3339), "processingStatus": "IN_PROGRESS"}
	switch {
	case c.s.Now().Before(j.ready):
	case j.result == "":
		out["processingStatus"] = "FATAL"
	default:
		out["processingStatus"], out[names[2]] = "DONE", j.result
	}
	return out, true
}

func getReport(c *call) practice.Response {
	if out, ok := c.state(c.parts[0], "reportId", "reportType", "reportDocumentId"); ok {
		return c.ok(out)
	}
	return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid 'reportId' provided.") // unverified
}

func getReportDocument(c *call) practice.Response { return c.place("reportDocumentId") }

func getFeedDocument(c *call) practice.Response { return c.place("feedDocumentId") }

func (c *call) place(name string) practice.Response {
	if _, ok := c.face.docs[c.parts[0]]; !ok {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid document id provided.")
	}
	out := map[string]any{name: c.parts[0], "url": c.address(c.parts[0])}
	if !c.face.options.Plain {
		out["compressionAlgorithm"] = "GZIP"
	}
	return c.ok(out)
}

func createFeedDocument(c *call) practice.Response {
	c.face.next++
	id := fmt.Sprintf("amzn1.tortuga.%d", c.face.next)
	c.face.docs[id] = nil
	return c.respond(http.StatusCreated, map[string]string{"feedDocumentId": id, "url": c.address(id)})
}

func createFeed(c *call) practice.Response {
	var in struct {
		Type  string   `json:"feedType"`
		At    []string `json:"marketplaceIds"`
		Input string   `json:"inputFeedDocumentId"`
	}
	var feed struct {
		Header   struct{ SellerID, Version string }
		Messages []struct {
			MessageID     int
			SKU           string
			OperationType string
			patch
		}
	}
	if json.Unmarshal(c.body, &in) != nil || in.Type != "JSON_LISTINGS_FEED" || json.Unmarshal(c.face.docs[in.Input], &feed) != nil ||
		feed.Header.SellerID != c.face.options.Seller || feed.Header.Version != "2.0" || len(feed.Messages) > 25000 {
		return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid feed.")
	}
	if c.face.options.Fatal {
		return c.respond(http.StatusAccepted, map[string]string{"feedId": c.newJob(in.Type, "")})
	}
	issues := []any{}
	for _, m := range feed.Messages {
		it, why := c.changed(m.SKU, m.patch)
		if why != "" {
			issues = append(issues, map[string]any{"messageId": m.MessageID, "sku": m.SKU, "code": "90000900", "severity": "ERROR", "message": why})
			continue
		}
		c.accept(it, m.patch)
	}
	body, err := json.Marshal(map[string]any{"header": map[string]any{"sellerId": feed.Header.SellerID, "version": "2.0"}, "issues": issues,
		"summary": map[string]any{"errors": len(issues), "warnings": 0, "messagesProcessed": len(feed.Messages),
			"messagesAccepted": len(feed.Messages) - len(issues), "messagesInvalid": len(issues)}})
	if err != nil {
		panic("amazon face: " + err.Error())
	}
	return c.respond(http.StatusAccepted, map[string]string{"feedId": c.newJob(in.Type, c.keep(body))})
}

func getFeed(c *call) practice.Response {
	if out, ok := c.state(c.parts[0], "feedId", "feedType", "resultFeedDocumentId"); ok {
		return c.ok(out)
	}
	return c.fail(http.StatusBadRequest, "InvalidInput", "Invalid 'feedId' provided.") // unverified
}
