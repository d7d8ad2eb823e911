/** The tables of private mode. Counts are bytes, times are milliseconds since 1970. */

/** Written into the file, so that a later version knows what it has before it. */
export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  passkey_hash TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  is_disabled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE transfer (
  user_id INTEGER NOT NULL REFERENCES user (id),
  info_hash BLOB NOT NULL,
  uploaded INTEGER NOT NULL,
  downloaded INTEGER NOT NULL,
  clipped_count INTEGER NOT NULL,
  heard_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, info_hash)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Beside the tables above, in files of the same version: who knows it not passes over it.
 *
 * | table | |
 * |---|---|
 * | secret | random bytes that the tracker ids are made with |
 * | session | the last report of each client: all processes that have the file open count from it, and after a restart it is still there |
 * | member_change | how often members have changed, whoever changed them: one number to look at instead of all of them |
 */
export const ADDITIONS = `
CREATE TABLE IF NOT EXISTS secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
  user_id INTEGER NOT NULL,
  info_hash BLOB NOT NULL,
  peer_id BLOB NOT NULL,
  uploaded INTEGER NOT NULL,
  downloaded INTEGER NOT NULL,
  heard_ms INTEGER NOT NULL,
  key INTEGER NOT NULL,
  has_ended INTEGER NOT NULL,
  PRIMARY KEY (user_id, info_hash, peer_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS member_change (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO member_change VALUES (1, 0);
CREATE TRIGGER IF NOT EXISTS member_added AFTER INSERT ON user
BEGIN UPDATE member_change SET count = count + 1; END;
CREATE TRIGGER IF NOT EXISTS member_removed AFTER DELETE ON user
BEGIN UPDATE member_change SET count = count + 1; END;
CREATE TRIGGER IF NOT EXISTS member_changed AFTER UPDATE OF passkey_hash, is_disabled ON user
BEGIN UPDATE member_change SET count = count + 1; END;
`;

export const FIND_SESSION = `
SELECT uploaded, downloaded, heard_ms AS heardMs, key, has_ended AS hasEnded
FROM session WHERE user_id = ? AND info_hash = ? AND peer_id = ?`;

export const PUT_SESSION = 'INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

export const COUNT_SESSIONS = 'SELECT count(*) AS count FROM session';

/** Those not heard of since a time. */
export const DROP_SESSIONS = 'DELETE FROM session WHERE heard_ms < ?';

/** When the nth of those heard last was heard. */
export const NTH_SESSION = `
SELECT heard_ms AS heardMs FROM session ORDER BY heard_ms DESC LIMIT 1 OFFSET ?`;

/** Sums stay where JavaScript counts exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER;

export const ADD_TRANSFER = `
INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  uploaded = min(uploaded + excluded.uploaded, ${LARGEST}),
  downloaded = min(downloaded + excluded.downloaded, ${LARGEST}),
  clipped_count = clipped_count + excluded.clipped_count,
  heard_ms = excluded.heard_ms`;

export const LIST_USERS = `
SELECT id, name, is_disabled, created_ms,
  CAST(min(total(uploaded), ${LARGEST}) AS INTEGER) AS uploaded,
  CAST(min(total(downloaded), ${LARGEST}) AS INTEGER) AS downloaded,
  CAST(total(clipped_count) AS INTEGER) AS clipped_count,
  count(info_hash) AS torrent_count
FROM user LEFT JOIN transfer ON user_id = id
GROUP BY id ORDER BY name`;

export const LIST_TRANSFERS = `
SELECT info_hash, uploaded, downloaded, clipped_count, heard_ms
FROM transfer WHERE user_id = ? ORDER BY heard_ms DESC`;

/** The users that may announce. */
export const LIST_MEMBERS = 'SELECT passkey_hash, id FROM user WHERE is_disabled = 0';

/** Another number after each change of a member. */
export const COUNT_MEMBER_CHANGES = 'SELECT count FROM member_change';
