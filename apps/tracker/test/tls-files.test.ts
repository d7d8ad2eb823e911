import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstCertificate, ManualClock, temporaryFolder } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { expect, test } from 'vitest';
import { demandGoodIdentity, warnOfEnd } from '../src/tls-files.ts';

const later = new ManualClock({ wallMs: Date.UTC(2200, 0) });

test('a certificate that has ended is a fault of the configuration, and a warning of the log', async () => {
  await using folder = await temporaryFolder();
  const flags = { tlsCert: join(folder.path, 'cert.pem'), tlsKey: join(folder.path, 'key.pem') };
  await writeFile(flags.tlsCert, firstCertificate.cert);
  await writeFile(flags.tlsKey, firstCertificate.key);
  await demandGoodIdentity(flags);
  await demandGoodIdentity({});
  await expect(demandGoodIdentity(flags, later)).rejects.toThrow(
    `The certificate of ${flags.tlsCert} ended at 2126-11-04T02:40:14.000Z. Renew it.`,
  );
  const ends: unknown[] = [];
  const log = { ...silentLog, warn: (_: string, fields?: object) => ends.push(fields) };
  warnOfEnd(firstCertificate, log);
  warnOfEnd(firstCertificate, log, later);
  expect(ends).toEqual([{ ended: '2126-11-04T02:40:14.000Z' }]);
});
