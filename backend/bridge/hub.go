package bridge

import (
	"encoding/json"
	"sync"
)

// Hub sends events to every browser page that is connected. It is an [Emitter].
type Hub struct {
	mu    sync.Mutex
	pages map[*page]bool
}

// NewHub returns a hub without pages.
func NewHub() *Hub { return &Hub{pages: map[*page]bool{}} }

type eventMessage struct {
	Event string `json:"event"`
	Data  []any  `json:"data"`
}

// Emit sends an event to all pages without waiting for any: one that does not keep up is disconnected, and gets all
// topics when it comes back.
func (h *Hub) Emit(event string, data ...any) {
	text, err := json.Marshal(eventMessage{event, data})
	if err != nil {
		panic(err) // topics are strings
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for p := range h.pages {
		select {
		case p.out <- text:
		default:
			p.close()
		}
	}
}

func (h *Hub) add(p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages[p] = true
}

func (h *Hub) remove(p *page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages, p)
}
