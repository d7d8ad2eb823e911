/** Seeds made-up bytes (`?tracker=URL`), or fetches them by magnet (`?magnet=URI`), and says so. */
const { default: WebTorrent } = await import(`${location.origin}/webtorrent.min.js`);

/** Large enough for many pieces, small enough for a data channel within seconds. */
const LENGTH = 3_000_000;

const report = (fields) => fetch('/', { method: 'POST', body: JSON.stringify(fields) });
const fail = (error) => report({ event: 'error', reason: String(error?.stack ?? error) });
addEventListener('error', ({ error }) => fail(error));
addEventListener('unhandledrejection', ({ reason }) => fail(reason));

async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
}

function payload() {
  const bytes = new Uint8Array(LENGTH);
  for (let state = 1, at = 0; at < LENGTH; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

const query = new URL(location.href).searchParams;
const client = new WebTorrent({ tracker: { rtcConfig: { iceServers: [] } } });
client.on('error', fail);
const magnet = query.get('magnet');
if (magnet === null) {
  const bytes = payload();
  const sha256 = await digest(bytes);
  const file = new File([bytes], 'reef.bin');
  client.seed(file, { announce: [query.get('tracker')] }, ({ magnetURI, infoHash }) =>
    report({ event: 'seeding', magnet: magnetURI, infoHash, sha256 }),
  );
} else {
  client.add(magnet, (torrent) => {
    torrent.on('error', fail);
    torrent.on('done', async () => {
      const bytes = await torrent.files[0].arrayBuffer();
      const wires = torrent.wires.map(({ type }) => type);
      await report({ event: 'fetched', sha256: await digest(bytes), wires });
    });
  });
}
