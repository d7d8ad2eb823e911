/** Two certificates for 127.0.0.1 that sign themselves, good for a hundred years. For tests alone. */

/** A certificate and its key, as PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Its subject is `CN=first.example`. */
export const firstCertificate: TestCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBpDCCAUmgAwIBAgIUJgCtSTI0qo9fQY2nsKEy3AUmA38wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNZmlyc3QuZXhhbXBsZTAgFw0yNjExMjgwMjQwMTRaGA8yMTI2
MTEwNDAyNDAxNFowGDEWMBQGA1UEAwwNZmlyc3QuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABHPLzIiDjBQPybtpB8qmRwzDoxblv+9LjadFx4S71b++
GeokfutLsmMcegycJKb4MDBq+ZV5esn0DaBer6PEpnWjbzBtMB0GA1UdDgQWBBQk
XROy3pO4Mf4Uowq4LNQMnPvmVDAfBgNVHSMEGDAWgBQkXROy3pO4Mf4Uowq4LNQM
nPvmVDAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAA
ATAKBggqhkjOPQQDAgNJADBGAiEAoaE9ZbXgPmeqHnlDnyrDsuvA3K5kF3ClsaoB
lN1tzcsCIQCTGSZwekpkoJnwBG+yU5H3JAWycqe+KD1v4mTJhEi4rw==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCvgkkU6PFudo+QEC
zxqhrS+uKMsWqAqV5PdyZUXUqG+hRANCAARzy8yIg4wUD8m7aQfKpkcMw6MW5b/v
S42nRceEu9W/vhnqJH7rS7JjHHoMnCSm+DAwavmVeXrJ9A2gXq+jxKZ1
-----END PRIVATE KEY-----
`,
};

/** Its subject is `CN=second.example`. */
export const secondCertificate: TestCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBpTCCAUugAwIBAgIUZgL19AHd9xVy/u3SPabzXz+IqGwwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOc2Vjb25kLmV4YW1wbGUwIBcNMjYxMTI4MDI0MDE0WhgPMjEy
NjExMDQwMjQwMTRaMBkxFzAVBgNVBAMMDnNlY29uZC5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEJU1UpdlEly3j4zwKsTgx4gu1QL+AE49TTaIv3gGH
kpY87/RCmmWERwmiSgB4mORBPi6sdVpzKhU8gx+tuGtQiqNvMG0wHQYDVR0OBBYE
FLAxlyBlIu+JiPlMhy4BQe30VUuKMB8GA1UdIwQYMBaAFLAxlyBlIu+JiPlMhy4B
Qe30VUuKMA8GA1UdEwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/
AAABMAoGCCqGSM49BAMCA0gAMEUCIHNrYd/J1Bi2oR9h7LgV0hx+M4KZ7gunkKFk
XllTGohqAiEAxDPfw0B0hGkeJkW8oOwjc4sLUOlmnMboqWD+pb/whJE=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4SWBr3IOop/NKj2C
9JdrEns7cdSGUUk45MQDStoDYx+hRANCAAQlTVSl2USXLePjPAqxODHiC7VAv4AT
j1NNoi/eAYeSljzv9EKaZYRHCaJKAHiY5EE+Lqx1WnMqFTyDH624a1CK
-----END PRIVATE KEY-----
`,
};
