/** Loads the settings of the engine and writes each change at once, beside other processes. */
import { BencodeError } from '@shoal/bencode';
import type { Clock, Log } from '@shoal/units';
import { EngineError } from '../engine-error.ts';
import {
  DEFAULT_SETTINGS,
  decodeSettings,
  type EngineSettings,
  encodeSettings,
  type SettingsEdit,
} from './engine-settings.ts';
import type { StateFolder } from './state-folder.ts';

/** The name of their file. */
const NAME = 'settings';

export class SettingsKeeper {
  readonly #folder: StateFolder;
  readonly #clock: Clock;
  readonly #log: Log;
  #settings: EngineSettings;
  /** What the file lacks. */
  readonly #unwritten: SettingsEdit[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: StateFolder, clock: Clock, log: Log, settings: EngineSettings) {
    this.#folder = folder;
    this.#clock = clock;
    this.#log = log;
    this.#settings = settings;
  }

  /** Damaged settings give way to their former copy, and that to none. */
  static async open(folder: StateFolder, clock: Clock, log: Log): Promise<SettingsKeeper> {
    for (const bytes of await folder.readNamed(NAME)) {
      const settings = readable(bytes);
      if (settings !== undefined) return new SettingsKeeper(folder, clock, log, settings);
      log.warn('the settings of the last run are damaged');
    }
    return new SettingsKeeper(folder, clock, log, DEFAULT_SETTINGS);
  }

  /** Those of this process, and what others had written when it wrote last. */
  get settings(): EngineSettings {
    return this.#settings;
  }

  /**
   * Keeps a change, and nothing but it: what other processes have changed stays. What cannot be written
   * is told to the log, holds for this run, and is written with the next change.
   */
  change(edit: SettingsEdit): void {
    this.#settings = edit(this.#settings);
    this.#unwritten.push(edit);
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** All changes that wait, at once. */
  async #write(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    let written = this.#settings;
    let editCount = 0;
    try {
      await this.#folder.changeNamed(NAME, this.#clock, (newest) => {
        editCount = this.#unwritten.length;
        written = edited((newest && readable(newest)) ?? this.#settings, this.#unwritten);
        return encodeSettings(written);
      });
      this.#unwritten.splice(0, editCount);
      this.#settings = edited(written, this.#unwritten);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#log.warn('the settings were not kept', { reason: error.message });
    }
  }
}

function edited(settings: EngineSettings, edits: readonly SettingsEdit[]): EngineSettings {
  return edits.reduce((result, edit) => edit(result), settings);
}

function readable(bytes: Uint8Array): EngineSettings | undefined {
  try {
    return decodeSettings(bytes);
  } catch (error) {
    if (!(error instanceof BencodeError)) throw error;
    return undefined;
  }
}
