package amazon

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"evenstock/backend/channel"
	"evenstock/backend/channel/httpx"
)

const (
	opToken = "log in"
	// earlier is how long before its end an access token is renewed.
	earlier = time.Minute
	// hour is how long an access token lasts where the answer does not say (amazon.md, 1.3).
	hour = time.Hour
)

// login exchanges the refresh token for access tokens. The refresh token stays the same (amazon.md, 1.3).
type login struct {
	http                *httpx.Client
	id, secret, refresh string
	now                 func() time.Time
	access              httpx.Access
	lifetime            *httpx.Lifetime // of the secret
}

// sign adds the access token; nothing else is signed since October 2023 (amazon.md, 1.3).
func sign(token string) func(*http.Request) error {
	return func(r *http.Request) error {
		r.Header.Set("x-amz-access-token", token)
		return nil
	}
}

// exchange asks Login with Amazon.
func (l *login) exchange(ctx context.Context) (token string, renew time.Time, err error) {
	resp, err := l.http.Do(ctx, httpx.Request{Op: opToken, Method: http.MethodPost, Path: "auth/o2/token", Form: url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {l.refresh}, "client_id": {l.id}, "client_secret": {l.secret}}})
	if err != nil {
		return "", renew, err
	}
	var got struct {
		Access  string `json:"access_token"`
		Seconds int64  `json:"expires_in"`
	}
	if err := resp.Decode(opToken, &got); err != nil {
		return "", renew, err
	}
	if got.Access == "" {
		return "", renew, channel.BadAnswer(opToken, errors.New("an answer without an access token"))
	}
	l.lifetime.Used(l.secret)
	return got.Access, l.now().Add(httpx.Lasts(got.Seconds, hour) - earlier), nil
}

// newLifetime is that of a client secret, which ends 180 days after it was made; it is told from day 150 on (amazon.md, 1.3).
func newLifetime(deps channel.Deps, log *slog.Logger) *httpx.Lifetime {
	const day = 24 * time.Hour
	return &httpx.Lifetime{Field: "clientSecret", Name: "client secret", Lasts: 180 * day, Warns: 30 * day, Notes: deps.Notes, Now: deps.Now, Log: log,
		Renew: "Make a new one in Seller Central, under LWA credentials, and enter it."}
}
