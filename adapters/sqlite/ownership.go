package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

const (
	// applicationID marks a SQLite file as Pisano's: "Pisa" in ASCII. Files of
	// versions that did not write it yet are known by their tables.
	applicationID = 0x50697361
	// schemaVersion is the version of the tables, kept in the file as its
	// user_version. Since version 2 jobs have costs, and since version 3 they are
	// counted and workers are known. It grows only by what an older program can't
	// live with, which then refuses the file: programs of two versions may use a
	// file at once as long as this is the same.
	schemaVersion = 3
)

// lasting are the tables that hold what must not be lost, with their columns;
// they are the same in all versions.
var lasting = map[string]string{
	"indices":    "sequence n first_seen_at last_seen_at submissions revision state generation reason",
	"summaries":  "n calculated_at data",
	"chunks":     "n k data",
	"generation": "name",
	"events":     "id kind n at progress reason",
}

// queues are the tables of the queue in each version, from 1 on.
var queues = [schemaVersion]map[string]string{
	{"jobs": "position n deliveries token claimed_until progress"},
	{
		"jobs":     "position n client cost deliveries token claimed_until progress",
		"backlog":  "work",
		"backlogs": "client jobs work",
	},
	{
		"jobs":     "position n client cost deliveries token claimed_until progress",
		"backlog":  "jobs work",
		"backlogs": "client jobs work",
		"workers":  "name announced_until",
	},
}

// additions are tables and indexes that were added since without a new version,
// because older programs can live with them.
var additions = map[string]string{
	"worker_memory": "name bytes", "lost_claims": "n token", "worker_speed": "name slots speed", "values_size": "bytes",
	"jobs_claimed": "claimed_until", "submission_keys": "key digest used_at", "submission_keys_used": "used_at", "indices_failed": "last_seen_at",
	"short_backlogs": "client jobs work", "event_deliveries": "id worker delivery claimed_at",
}

// lanes is what lanes.sql adds to the tables of the queue.
var lanes = map[string]string{"jobs": "lane", "recovery_backlog": "jobs work"}

// contents is what a SQLite file says of itself.
type contents struct {
	applicationID, version int64
	objects                int               // tables, indexes and so on
	tables                 map[string]string // the columns of those with names of Pisano's, views and indexes included
}

func (c contents) blank() bool { return c.applicationID == 0 && c.version == 0 && c.objects == 0 }

// queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// contentsOf reads what a file says of itself.
func contentsOf(ctx context.Context, db queryer) (contents, error) {
	var c contents
	err := db.QueryRowContext(ctx, `
		SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
			(SELECT count(*) FROM sqlite_schema)`).Scan(&c.applicationID, &c.version, &c.objects)
	if err != nil {
		return contents{}, err
	}
	c.tables = make(map[string]string)
	for name := range ourNames() {
		rows, err := db.QueryContext(ctx, "SELECT name FROM (SELECT cid AS place, name FROM pragma_table_info(?1)"+
			" UNION ALL SELECT seqno, name FROM pragma_index_info(?1) WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info(?1))"+
			") ORDER BY place", name)
		columns, err := collect(rows, err, func(rows *sql.Rows) (column string, err error) {
			err = rows.Scan(&column)
			return column, err
		})
		if err != nil {
			return contents{}, err
		}
		if len(columns) > 0 {
			c.tables[name] = strings.Join(columns, " ")
		}
	}
	return c, nil
}

// ourNames yields the name of every table of every version, and of the indexes
// among the additions.
func ourNames() map[string]bool {
	names := make(map[string]bool)
	for _, tables := range append(queues[:], lasting, additions, lanes) {
		for name := range tables {
			names[name] = true
		}
	}
	return names
}

// recognize returns nil for contents that are Pisano's, or none, and whether the
// tables of the queue are as they should be.
func recognize(path string, c contents) (queueIsSound bool, err error) {
	const notOurs = "is the SQLite database of another program; nothing in it was changed; choose another name for Pisano's"
	marked := c.applicationID == applicationID
	switch {
	case c.blank():
		return false, nil
	case c.applicationID != 0 && !marked:
		return false, refused(path, fmt.Sprintf("%s (its application_id is %d)", notOurs, c.applicationID), nil)
	case marked && c.version > schemaVersion:
		return false, refused(path, fmt.Sprintf("was written by a newer version of Pisano; use that one (its tables are of version %d, this program knows %d)",
			c.version, schemaVersion), nil)
	case !marked && (c.version < 1 || c.version > schemaVersion || !c.isExactly(c.version)):
		return false, refused(path, notOurs, nil)
	case c.version < 1 || !c.has(lasting):
		return false, refused(path, "is damaged, tables are missing in it; restore it from a backup, or move it away to begin with an empty one", nil)
	}
	return c.version == schemaVersion && c.has(queues[schemaVersion-1]), nil
}

// isExactly reports whether the tables with names of Pisano's are those of the
// version.
func (c contents) isExactly(version int64) bool {
	want := queues[version-1]
	if len(c.tables) != len(lasting)+len(want) {
		return false
	}
	for name, columns := range c.tables {
		if lasting[name] != columns && want[name] != columns {
			return false
		}
	}
	return true
}

// has reports whether the tables are there, with these columns at least.
func (c contents) has(tables map[string]string) bool {
	for name, columns := range tables {
		there := strings.Fields(c.tables[name])
		for _, column := range strings.Fields(columns) {
			if !slices.Contains(there, column) {
				return false
			}
		}
	}
	return true
}
