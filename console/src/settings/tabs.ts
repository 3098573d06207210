/** The parts of the settings, as the page's address names them. */
export const SETTINGS_TABS = ['workspace', 'gateway'] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

export const isSettingsTab = (word: unknown): word is SettingsTab => SETTINGS_TABS.some((tab) => tab === word);
