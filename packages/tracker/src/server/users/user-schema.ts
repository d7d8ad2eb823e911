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

/** Beside the tables above, in files of the same version: who knows it not passes over it. */
export const SECRET_TABLE = `
CREATE TABLE IF NOT EXISTS secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL
) STRICT`;

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
