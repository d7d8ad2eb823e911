import { expect, it } from 'vitest';
import { configFolder, stateFolder } from '../src/xdg.ts';

it('finds the XDG folders, and ignores a relative one as the specification says', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/s' }, '/home/a')).toBe('/s/shoal');
  expect(stateFolder({ XDG_STATE_HOME: 's' }, '/home/a')).toBe('/home/a/.local/state/shoal');
  expect(configFolder({ XDG_CONFIG_HOME: '/c' }, '/home/a')).toBe('/c/shoal');
  expect(configFolder({}, '/home/a')).toBe('/home/a/.config/shoal');
});
