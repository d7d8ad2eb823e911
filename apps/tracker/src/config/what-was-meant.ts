/** The next step for somebody who wrote a name of the configuration that there is not. Pure. */
import { nearestName } from '@shoal/cli';

/** @param prefix - stands before each of the names, and goes without saying */
export function whatWasMeant(name: string, names: readonly string[], prefix = ''): string {
  const nearest = nearestName(name, names);
  return nearest === undefined
    ? 'Run shoal-tracker --help for the flags.'
    : `Did you mean ${prefix}${nearest}?`;
}
