import { defineConfig } from 'tsup';
import base from '../../tsup.app.config.ts';

/** The screen is a chunk that is loaded when it is shown. */
export default defineConfig({ ...base, splitting: true });
