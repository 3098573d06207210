import { createTheme, type MantineColorsTuple } from '@mantine/core';
import i18next from 'i18next';

/** A green that white text can be read on from its seventh shade up (5.6:1). */
const line: MantineColorsTuple = [
  '#e6f7f3',
  '#d2ebe5',
  '#a7d6cb',
  '#79c0b0',
  '#53ae9a',
  '#3aa38c',
  '#1f8f78',
  '#0b7463',
  '#085f51',
  '#04483d',
];

/** What closes a dialog says so, in the language of the moment. */
const namedClose = () => ({ closeButtonProps: { 'aria-label': i18next.t('parts:close') } });

export const theme = createTheme({
  primaryColor: 'line',
  primaryShade: { light: 7, dark: 7 },
  colors: { line },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // Not in capitals: they are read slower, and many scripts have none.
    Badge: { defaultProps: { tt: 'none' } },
    Modal: { defaultProps: namedClose },
    Drawer: { defaultProps: namedClose },
  },
});
