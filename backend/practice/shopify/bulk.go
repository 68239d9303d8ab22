package shopify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"evenstock/backend/practice"
)

// bulk is an operation that writes a file; its goods are those of the moment it began.
type bulk struct {
	ready time.Time
	lines int
	file  []byte
}

// mostBulks is how many operations run at a time in a shop (shopify.md, 2.2).
const mostBulks = 5

const bulkFolder = "/bulk/"

// runBulk begins an operation over one list of variants, which is all that the face knows of them.
func (v *visit) runBulk(a args) any {
	refuse := func(code, text string) object {
		return object{"__typename": "BulkOperationRunQueryPayload", "bulkOperation": nil, "userErrors": []object{{
			"__typename": "BulkOperationUserError", "code": code, "field": []string{"query"}, "message": text}}}
	}
	running := 0
	for _, b := range v.face.bulks {
		if v.s.Now().Before(b.ready) {
			running++
		}
	}
	if running >= mostBulks || v.face.options.NoBulk {
		return refuse("OPERATION_IN_PROGRESS", "A bulk query operation for this app and shop is already in progress.")
	}
	inner, op, err := parse(a.text("query"), nil)
	if err != nil {
		return refuse("INVALID", err.Error())
	}
	list, node := listOf(op)
	if node == nil {
		return refuse("INVALID", "Bulk queries must contain at least one connection.")
	}
	b := bulk{ready: v.s.Now().Add(v.face.options.BulkTime)}
	var file bytes.Buffer
	for _, it := range v.matching(inner.args(list.Arguments)) {
		line, err := json.Marshal(inner.object(node.SelectionSet, v.variant(it)))
		if err != nil || inner.problem != "" {
			return refuse("INVALID", fmt.Sprint(inner.problem, err))
		}
		file.Write(append(line, '\n'))
		b.lines++
	}
	b.file = file.Bytes()
	v.face.bulks = append(v.face.bulks, b)
	return object{"__typename": "BulkOperationRunQueryPayload", "userErrors": []object{}, "bulkOperation": v.bulk(int64(len(v.face.bulks)))}
}

// listOf is the list of variants an operation asks for, and the fields of its nodes.
func listOf(op *ast.OperationDefinition) (list, node *ast.Field) {
	field := func(set ast.SelectionSet, name string) *ast.Field {
		for _, s := range set {
			if f, ok := s.(*ast.Field); ok && f.Name == name {
				return f
			}
		}
		return nil
	}
	if list = field(op.SelectionSet, "productVariants"); list == nil {
		return nil, nil
	}
	if edges := field(list.SelectionSet, "edges"); edges != nil {
		node = field(edges.SelectionSet, "node")
	}
	return list, node
}

// bulk is an operation by its number.
func (v *visit) bulk(n int64) object {
	if n < 1 || n > int64(len(v.face.bulks)) {
		return nil
	}
	b := v.face.bulks[n-1]
	out := object{"__typename": "BulkOperation", "id": gid("BulkOperation", n), "status": "COMPLETED", "errorCode": nil, "partialDataUrl": nil,
		"objectCount": strconv.Itoa(b.lines), "rootObjectCount": strconv.Itoa(b.lines), "url": nil}
	switch {
	case v.s.Now().Before(b.ready):
		out["status"] = "RUNNING"
	case v.face.options.BulkFails:
		out["status"], out["errorCode"] = "FAILED", "INTERNAL_SERVER_ERROR"
	case b.lines > 0:
		out["url"] = "http://" + v.host + bulkFolder + strconv.FormatInt(n, 10) + ".jsonl"
	}
	return out
}

// bulkFile answers a file's address, which is itself the permission to read it.
func (f *Face) bulkFile(path string) practice.Response {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(path, bulkFolder), ".jsonl"))
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil || n < 1 || n > len(f.bulks) {
		return f.respond(http.StatusNotFound, map[string]any{"errors": "Not Found"})
	}
	return practice.Response{Status: http.StatusOK, Body: f.bulks[n-1].file, Header: http.Header{"Content-Type": {"application/jsonl"}}}
}
