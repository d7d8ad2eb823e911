import { defineConfig } from 'tsup';
import base from '../../tsup.app.config.ts';

export default defineConfig(base);
