/** The flags of `shoal-tracker user`. */

export interface UserFlags {
  /** The file that `--private` names. */
  readonly db: string;
  readonly json?: boolean;
  /** Where members reach the tracker; this machine when it is left out. */
  readonly url?: string;
}
