import { IconFileText, IconMarkdown, IconTable } from '@tabler/icons-react';

import { endingOf } from './kinds';

export function FileIcon({ name, size = 18 }: { name: string; size?: number }) {
  const ending = endingOf(name);
  const Icon = ending === 'csv' ? IconTable : ending.startsWith('m') ? IconMarkdown : IconFileText;
  return <Icon size={size} stroke={1.6} color="var(--quiet)" style={{ flex: 'none' }} aria-hidden />;
}
