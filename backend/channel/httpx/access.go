package httpx

import (
	"context"
	"sync"
	"time"
)

// Access holds an access token that a vendor gives for a while. It is replaced before it ends, and once when the vendor
// refuses it. It may be used by several goroutines.
type Access struct {
	// Get asks for a token and says from when on another is to be asked for. It runs alone, so that no login is used twice at
	// once.
	Get func(ctx context.Context) (token string, renew time.Time, err error)
	Now func() time.Time

	mu    sync.Mutex
	token string
	renew time.Time
}

// Token returns one that is good for a while, and not refused, which is "" where none was: the one there is, which another
// call may have got meanwhile, or a new one.
func (a *Access) Token(ctx context.Context, refused string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.token != "" && a.token != refused && a.Now().Before(a.renew) {
		return a.token, nil
	}
	token, renew, err := a.Get(ctx)
	if err != nil {
		return "", err
	}
	a.token, a.renew = token, renew
	return token, nil
}

// Do sends a request with a token, and once more with another where expired says of the answer that it refuses the token.
func (a *Access) Do(ctx context.Context, expired func(*Response) bool, send func(token string) (*Response, error)) (*Response, error) {
	token, err := a.Token(ctx, "")
	if err != nil {
		return nil, err
	}
	resp, err := send(token)
	if expired(resp) {
		if token, err = a.Token(ctx, token); err != nil {
			return resp, err
		}
		resp, err = send(token)
	}
	return resp, err
}

// Lasts is how long a token is good for that an answer gives so many seconds: usual where it gives none or more than a day,
// which no vendor does.
func Lasts(seconds int64, usual time.Duration) time.Duration {
	if seconds <= 0 || seconds > int64(24*time.Hour/time.Second) {
		return usual
	}
	return time.Duration(seconds) * time.Second
}
