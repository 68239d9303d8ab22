package view

import "evenstock/backend/db"

// Runs returns a window of the runs of a store, or of all when it is 0, newest first. Limit 0 means [MaxRows].
func (v *View) Runs(store uint32, offset, limit int) ([]db.Run, error) {
	if limit <= 0 || limit > MaxRows {
		limit = MaxRows
	}
	out := []db.Run{}
	err := v.db.View(func(tx *db.Tx) error {
		skip := max(0, offset)
		for r := range tx.Runs() {
			switch {
			case store != 0 && r.Store != store:
			case skip > 0:
				skip--
			default:
				if r.Errors == nil {
					r.Errors = []db.RunError{}
				}
				out = append(out, r)
			}
			if len(out) == limit {
				break
			}
		}
		return nil
	})
	return out, err
}
