import type { UseFormReturnType } from '@mantine/form';

import { problemOf } from '../api/client';

/**
 * Puts the API's words about fields beside the fields of a form. `true` when each of them found its place; otherwise the
 * problem is to be shown whole.
 */
export function placeErrors<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  error: unknown,
): boolean {
  const errors = problemOf(error).errors ?? [];
  const values = form.getValues();
  const placed = errors.filter(({ field }) => field.split('.')[0]! in values);
  form.setErrors(Object.fromEntries(placed.map(({ field, message }) => [field, message])));
  return errors.length > 0 && placed.length === errors.length;
}
