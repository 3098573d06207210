import { useLocalStorage } from '@mantine/hooks';

/**
 * Whether a single character is a shortcut. Whoever dictates to the computer, or hits keys by accident, turns them off
 * (WCAG 2.1.4).
 */
export function useLetterKeys() {
  return useLocalStorage({ key: 'switchboard-letter-keys', defaultValue: true, getInitialValueInEffect: false });
}
