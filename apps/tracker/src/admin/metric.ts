/** What is said of one number, for those who collect metrics. */

/** One metric; with a label `read` gives a number for each of its values. */
export interface Metric {
  readonly type: 'counter' | 'gauge';
  /** Without the prefix `shoal_tracker_`. */
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  read(): number | Readonly<Record<string, number>>;
}
