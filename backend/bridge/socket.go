package bridge

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxMessage   = 1 << 20          // largest call a page may make, in bytes: a bulk edit of some thousand rows
	maxCalls     = 32               // calls of one page at the same time; the next waits to be read
	maxQueue     = 64               // messages on their way to one page
	pingEvery    = 30 * time.Second // a page that is gone without a word is noticed after two of these
	writeTimeout = 10 * time.Second
)

// page is one connected browser page.
type page struct {
	socket *websocket.Conn
	out    chan []byte
	done   chan struct{}
	once   sync.Once
}

func newPage(socket *websocket.Conn) *page {
	return &page{socket: socket, out: make(chan []byte, maxQueue), done: make(chan struct{})}
}

// close ends the connection; both loops notice.
func (p *page) close() {
	p.once.Do(func() {
		close(p.done)
		p.socket.Close()
	})
}

type callMessage struct {
	ID   int64             `json:"id"`
	Name string            `json:"name"`
	Args []json.RawMessage `json:"args"`
}

type answerMessage struct {
	ID     int64           `json:"id"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"` // JSON text of a Failure
}

// upgrader accepts what [web.ServeHTTP] has let through; the origin was compared there.
var upgrader = websocket.Upgrader{HandshakeTimeout: writeTimeout, CheckOrigin: func(*http.Request) bool { return true }}

// serve answers calls until the connection ends. Calls under way then go on without anybody to tell.
func (p *page) serve(d *dispatcher) {
	go p.write()
	defer p.close()
	p.socket.SetReadLimit(maxMessage)
	alive := func(string) error { return p.socket.SetReadDeadline(time.Now().Add(2 * pingEvery)) }
	p.socket.SetPongHandler(alive)
	calls := make(chan struct{}, maxCalls)
	for alive("") == nil {
		var m callMessage
		if err := p.socket.ReadJSON(&m); err != nil {
			return
		}
		select {
		case calls <- struct{}{}:
		case <-p.done:
			return
		}
		go func() {
			defer func() { <-calls }()
			p.answer(d, m)
		}()
	}
}

func (p *page) answer(d *dispatcher, m callMessage) {
	answer := answerMessage{ID: m.ID}
	result, err := d.call(m.Name, m.Args)
	if err != nil {
		answer.Error = errorText(err)
	} else {
		answer.Result = result
	}
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err) // its parts are JSON already
	}
	select {
	case p.out <- text:
	case <-p.done:
	}
}

// write sends what is queued, and a ping now and then.
func (p *page) write() {
	defer p.close()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		kind, text := websocket.TextMessage, []byte(nil)
		select {
		case <-p.done:
			return
		case text = <-p.out:
		case <-ping.C:
			kind = websocket.PingMessage
		}
		if p.socket.SetWriteDeadline(time.Now().Add(writeTimeout)) != nil || p.socket.WriteMessage(kind, text) != nil {
			return
		}
	}
}
