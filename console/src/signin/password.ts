/** What the API asks of a password, told before it is sent. */
export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 200;

export type PasswordFault = 'short' | 'long' | 'isEmail' | 'differs';

/** What is wrong with a new password, if anything. */
export function passwordFault(password: string, again: string, email: string): PasswordFault | null {
  // Characters as people count them, not UTF-16 units.
  const length = [...password].length;
  if (length < MIN_PASSWORD) return 'short';
  if (length > MAX_PASSWORD) return 'long';
  if (password.trim().toLowerCase() === email.trim().toLowerCase()) return 'isEmail';
  if (password !== again) return 'differs';
  return null;
}
