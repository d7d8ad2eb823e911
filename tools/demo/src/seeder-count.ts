/** How the demo learns that the download is complete: the tracker counts one seeder more. */

/** @param infoHash - hex @returns the URL that asks a tracker for the counts of a torrent */
export function scrapeUrl(trackerAddress: string, infoHash: string): string {
  return `http://${trackerAddress}/scrape?info_hash=${infoHash.replaceAll(/../g, '%$&')}`;
}

/** @returns the seeders that the tracker counts */
export async function seederCount(url: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(url, { signal });
  return Number(/8:completei(\d+)e/.exec(await answer.text())?.[1] ?? 0);
}
