/** The names that name servers are asked for in turn in place of one: the search list of resolv.conf. */

/** How many dots a name has that is asked for as it is first; glibc's numbers. */
const DEFAULT_NDOTS = 1;
const MAX_NDOTS = 15;
/** As many as Kubernetes takes. */
const MAX_DOMAIN_COUNT = 32;
/** RFC 1035. */
const MAX_NAME_LENGTH = 253;

/**
 * The names to ask for, in glibc's order: `host` itself is among them, first when it has `ndots` dots
 * or more, last otherwise. With a dot at its end it stands alone.
 * @param conf - the text of resolv.conf(5)
 */
export function searchNames(host: string, conf: string): readonly string[] {
  if (host.endsWith('.')) return [host];
  const { domains, ndots } = readConf(conf);
  const longer = domains
    .map((domain) => (domain === '' ? host : `${host}.${domain}`))
    .filter(({ length }) => length <= MAX_NAME_LENGTH);
  const dotCount = host.split('.').length - 1;
  return [...new Set(dotCount >= ndots ? [host, ...longer] : [...longer, host])];
}

/** Of `search` and `domain` the last line counts, of options each; `.` is the root, and here empty. */
function readConf(conf: string): { readonly domains: readonly string[]; readonly ndots: number } {
  let domains: string[] = [];
  let ndots = DEFAULT_NDOTS;
  for (const line of conf.split('\n')) {
    const [keyword, ...values] = line.trimEnd().split(/[ \t]+/);
    if (keyword === 'search') domains = values;
    else if (keyword === 'domain') domains = values.slice(0, 1);
    else if (keyword === 'options')
      for (const option of values) {
        const [, count] = /^ndots:(\d+)$/.exec(option) ?? [];
        if (count !== undefined) ndots = Math.min(Number(count), MAX_NDOTS);
      }
  }
  const bare = domains.map((domain) => domain.replace(/^\.|\.$/g, ''));
  return { domains: bare.slice(0, MAX_DOMAIN_COUNT), ndots };
}
