/** Sums of what several workers did. */
import { addAnswerTimes, type TrackerStats } from '@shoal/tracker/server';

export type WorkerCounts = Pick<TrackerStats, 'http' | 'udp' | 'ws' | 'answerTimes'>;

/** Adds them up, number by number. */
export function addCounts(
  first: WorkerCounts,
  ...others: readonly (WorkerCounts | undefined)[]
): WorkerCounts {
  return others.reduce<WorkerCounts>(
    (sum, other) =>
      other === undefined
        ? sum
        : {
            http: addNumbers(sum.http, other.http),
            udp: addNumbers(sum.udp, other.udp),
            ws: addNumbers(sum.ws, other.ws),
            answerTimes: {
              http: addAnswerTimes(sum.answerTimes.http, other.answerTimes.http),
              udp: addAnswerTimes(sum.answerTimes.udp, other.answerTimes.udp),
              ws: addAnswerTimes(sum.answerTimes.ws, other.answerTimes.ws),
            },
          },
    first,
  );
}

function addNumbers<T extends object>(a: T, b: T): T {
  const others = new Map<string, unknown>(Object.entries(b));
  const sums = Object.entries(a).map(([name, value]) => [name, value + Number(others.get(name))]);
  return Object.fromEntries(sums) as T;
}
