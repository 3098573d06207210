import {
  IconBraces,
  IconFileText,
  IconFileTypeDocx,
  IconFileTypePdf,
  IconMarkdown,
  IconPresentation,
  IconTable,
  IconWorldWww,
} from '@tabler/icons-react';

import { endingOf } from './kinds';

const ICONS: Record<string, typeof IconFileText> = {
  csv: IconTable,
  tsv: IconTable,
  xlsx: IconTable,
  ods: IconTable,
  md: IconMarkdown,
  markdown: IconMarkdown,
  pdf: IconFileTypePdf,
  docx: IconFileTypeDocx,
  pptx: IconPresentation,
  html: IconWorldWww,
  htm: IconWorldWww,
  json: IconBraces,
  jsonl: IconBraces,
};

export function FileIcon({ name, size = 18 }: { name: string; size?: number }) {
  const ending = endingOf(name);
  const Icon = ICONS[ending] ?? IconFileText;
  return <Icon size={size} stroke={1.6} color="var(--quiet)" style={{ flex: 'none' }} aria-hidden />;
}
