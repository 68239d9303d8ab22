package shopify

import (
	"context"
	"errors"
	"net/http"
	"net/url"
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
	access                httpx.Access
}

// grant gets a token, to be renewed when four fifths of its life are over.
func (s *Store) grant(ctx context.Context) (token string, renew time.Time, err error) {
	l := s.login
	if l.permanent != "" {
		return l.permanent, l.now().Add(life), nil
	}
	resp, err := s.http.Do(ctx, httpx.Request{Op: opToken, Method: http.MethodPost, Path: "admin/oauth/access_token",
		Form: url.Values{"grant_type": {"client_credentials"}, "client_id": {l.id}, "client_secret": {l.secret}}})
	if err != nil {
		return "", renew, err
	}
	var got struct {
		Token   string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	if err := resp.Decode(opToken, &got); err != nil {
		return "", renew, err
	}
	if got.Token == "" {
		return "", renew, channel.BadAnswer(opToken, errors.New("an answer without an access token"))
	}
	return got.Token, l.now().Add(httpx.Lasts(got.Seconds, life) * 4 / 5), nil
}

// expired says whether an answer refuses a token that can be renewed.
func (l *login) expired(r *httpx.Response) bool {
	return l.permanent == "" && r != nil && r.Status == http.StatusUnauthorized
}
