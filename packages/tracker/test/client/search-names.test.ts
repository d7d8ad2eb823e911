import { describe, expect, test } from 'vitest';
import { searchNames } from '../../src/client/search-names.ts';

const CLUSTER = `nameserver 10.96.0.10
search torrents.svc.cluster.local svc.cluster.local cluster.local
options ndots:5 timeout:1
`;

test('in a cluster short names are searched for before they are asked for as they are', () => {
  expect(searchNames('tracker.torrents.svc', CLUSTER)).toEqual([
    'tracker.torrents.svc.torrents.svc.cluster.local',
    'tracker.torrents.svc.svc.cluster.local',
    'tracker.torrents.svc.cluster.local',
    'tracker.torrents.svc',
  ]);
  expect(searchNames('a.b.c.d.e.f', CLUSTER)[0]).toBe('a.b.c.d.e.f');
});

test('in an office a name with a dot is asked for as it is first', () => {
  const conf = '# made by hand\nnameserver 10.0.0.1\nsearch\tcorp.example  example.\t\n';
  expect(searchNames('tracker.lab', conf)).toEqual([
    'tracker.lab',
    'tracker.lab.corp.example',
    'tracker.lab.example',
  ]);
});

describe('a name is asked for as it is alone', () => {
  test.each([
    ['when it ends with a dot', 'tracker.lab.', 'search example'],
    ['when there is no search list', 'tracker.lab', 'nameserver 10.0.0.1\noptions ndots:5'],
    ['when there is no file', 'tracker.lab', ''],
    ['when the search list is the root', 'tracker.lab', 'search .'],
    ['when the line is no comment of ours', 'tracker.lab', '#search a\n; search b\n search c'],
    ['when it would be too long', `${'a.'.repeat(120)}aa`, `search ${'b'.repeat(20)}`],
  ])('%s', (_when, host, conf) => {
    expect(searchNames(host, conf)).toEqual([host]);
  });
});

test('of several lines the last one counts, and a domain is a list of one', () => {
  expect(searchNames('a.b', 'search x y\ndomain z w')).toEqual(['a.b', 'a.b.z']);
  expect(searchNames('a.b', 'domain z\nsearch x y')).toEqual(['a.b', 'a.b.x', 'a.b.y']);
  expect(searchNames('a.b', 'search x\noptions ndots:9\noptions ndots:1')[0]).toBe('a.b');
});

test('a file that asks for too much gets what glibc and Kubernetes take', () => {
  const conf = `search ${Array.from({ length: 100 }, (_, n) => `d${n}`).join(' ')}\noptions ndots:99`;
  const host = `${'a.'.repeat(14)}a`;
  expect(searchNames(host, conf)).toHaveLength(33);
  expect(searchNames(host, conf).at(-1)).toBe(host);
  expect(searchNames(`a.${host}`, conf)[0]).toBe(`a.${host}`);
});
