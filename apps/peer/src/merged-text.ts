/** What a merge gave, for a person. */
import type { MergeResult } from '@shoal/chunk-store';
import { cleanText, formatByteSize } from '@shoal/cli';

/** One line: what lies where, and what of it was there before. */
export function mergedText({ output, length, fileCount, presentCount }: MergeResult): string {
  const text = `${cleanText(output)}: ${formatByteSize(length)}, every hash checked`;
  if (presentCount === 0) return text;
  if (presentCount === fileCount) return `${text}; it was there already`;
  return `${text}; ${presentCount} of ${fileCount} files ${presentCount === 1 ? 'was' : 'were'} there already`;
}
