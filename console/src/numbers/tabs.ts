/** The parts of a number's page, as its address names them. */
export const TABS = ['overview', 'settings', 'meta', 'greeting', 'history'] as const;
export type NumberTab = (typeof TABS)[number];

export const isTab = (word: unknown): word is NumberTab => TABS.some((tab) => tab === word);
