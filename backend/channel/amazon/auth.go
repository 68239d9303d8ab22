package amazon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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
	return got.Access, l.now().Add(httpx.Lasts(got.Seconds, hour) - earlier), nil
}

// A client secret ends 180 days after it was made; it is warned of from day 150 on (amazon.md, 1.3).
const (
	secretLasts = 180 * 24 * time.Hour
	secretWarns = 150 * 24 * time.Hour
)

// noteSecret is the name of the note.
const noteSecret = "client secret"

// age remembers when a client secret was entered, the nearest thing to its birthday that can be known.
type age struct {
	notes channel.Notes
	now   func() time.Time
	mark  string // tells secrets apart without saying them
}

// entered is the note.
type entered struct {
	Mark string    `json:"mark"`
	At   time.Time `json:"at"`
}

func newAge(deps channel.Deps, secret string) *age {
	sum := sha256.Sum256([]byte("client secret of Evenstock:" + secret))
	return &age{notes: deps.Notes, now: deps.Now, mark: hex.EncodeToString(sum[:6])}
}

// warning says that the secret ends soon, "" if it does not. The first call with a secret notes the day.
func (a *age) warning() (string, error) {
	if a.notes == nil {
		return "", nil
	}
	var was entered
	if b, err := a.notes.Read(noteSecret); err != nil || json.Unmarshal(b, &was) != nil || was.Mark != a.mark {
		b, err := json.Marshal(entered{a.mark, a.now().UTC()})
		if err != nil {
			return "", err
		}
		return "", a.notes.Write(noteSecret, b)
	}
	if a.now().Sub(was.At) < secretWarns {
		return "", nil
	}
	return "Amazon stops accepting the client secret on " + was.At.Add(secretLasts).Format("2 January 2006") +
		" at the latest. Make a new one under LWA credentials in Seller Central and connect the store again with it.", nil
}
