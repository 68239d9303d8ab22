package shopify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opToken = "log in"
	// life is how long a token lasts where the answer does not say (shopify.md, 2.1).
	life = 24 * time.Hour
)

// login holds the app's credentials: those it gets tokens with, or a token that never ends. Tokens are kept in memory only:
// there is always another to be had (shopify.md, 2.1).
type login struct {
	id, secret, permanent string
	now                   func() time.Time

	mu    sync.Mutex
	token string
	renew time.Time // when four fifths of its life are over
}

// token returns one that is good for a while. A token that was refused is replaced, unless another call has done so.
func (s *Store) token(ctx context.Context, refused string) (string, error) {
	l := s.login
	if l.permanent != "" {
		return l.permanent, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.token != "" && l.token != refused && l.now().Before(l.renew) {
		return l.token, nil
	}
	resp, err := s.http.Do(ctx, httpx.Request{Op: opToken, Method: http.MethodPost, Path: "admin/oauth/access_token",
		Form: url.Values{"grant_type": {"client_credentials"}, "client_id": {l.id}, "client_secret": {l.secret}}})
	if err != nil {
		return "", err
	}
	var got struct {
		Token   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	if err := resp.Decode(opToken, &got); err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", channel.BadAnswer(opToken, errors.New("an answer without an access token"))
	}
	lasts := time.Duration(got.Seconds) * time.Second
	if lasts <= 0 || lasts > life {
		lasts = life
	}
	l.token, l.renew = got.Token, l.now().Add(lasts*4/5)
	return l.token, nil
}
