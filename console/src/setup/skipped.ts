/** What this browser keeps of somebody who wants to find the way alone. */
const SKIPPED = 'switchboard-setup-skipped';
const HINT_HIDDEN = 'switchboard-setup-hint-hidden';

export const wasSkipped = () => localStorage.getItem(SKIPPED) !== null;
export const skip = () => localStorage.setItem(SKIPPED, 'yes');

export const isHintHidden = () => localStorage.getItem(HINT_HIDDEN) !== null;
export const hideHint = () => localStorage.setItem(HINT_HIDDEN, 'yes');
