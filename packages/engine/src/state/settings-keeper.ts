/** Loads the settings of the engine and writes each change at once. */
import { BencodeError } from '@shoal/bencode';
import type { Log } from '@shoal/units';
import { EngineError } from '../engine-error.ts';
import {
  DEFAULT_SETTINGS,
  decodeSettings,
  type EngineSettings,
  encodeSettings,
} from './engine-settings.ts';
import type { StateFolder } from './state-folder.ts';

/** The name of their file. */
const NAME = 'settings';

export class SettingsKeeper {
  readonly #folder: StateFolder;
  readonly #log: Log;
  #settings: EngineSettings;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: StateFolder, log: Log, settings: EngineSettings) {
    this.#folder = folder;
    this.#log = log;
    this.#settings = settings;
  }

  /** Damaged settings give way to their former copy, and that to none. */
  static async open(folder: StateFolder, log: Log): Promise<SettingsKeeper> {
    for (const bytes of await folder.readNamed(NAME)) {
      const settings = readable(bytes);
      if (settings !== undefined) return new SettingsKeeper(folder, log, settings);
      log.warn('the settings of the last run are damaged');
    }
    return new SettingsKeeper(folder, log, DEFAULT_SETTINGS);
  }

  get settings(): EngineSettings {
    return this.#settings;
  }

  /** Keeps what changed. What cannot be written is told to the log, and holds for this run. */
  change(changes: Partial<EngineSettings>): void {
    const settings = { ...this.#settings, ...changes };
    this.#settings = settings;
    this.#writing = this.#writing.then(() => this.#write(settings));
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Of changes in a row the last is written. */
  async #write(settings: EngineSettings): Promise<void> {
    if (settings !== this.#settings) return;
    try {
      await this.#folder.writeNamed(NAME, encodeSettings(settings));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#log.warn('the settings were not kept', { reason: error.message });
    }
  }
}

function readable(bytes: Uint8Array): EngineSettings | undefined {
  try {
    return decodeSettings(bytes);
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    return undefined;
  }
}
