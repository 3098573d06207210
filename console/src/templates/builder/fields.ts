import type { How } from './Builder';
import type { Draft } from './draft';

/** What every part of the form is given. */
export interface FieldProps {
  draft: Draft;
  change: (changes: Partial<Draft>) => void;
  /** What is wrong with a field, in a sentence. */
  wrong: (field: string) => string | undefined;
  how: How;
}
