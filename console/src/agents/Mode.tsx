import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';

/** Whether the agent answers. */
export function Mode({ mode }: { mode: Schemas['AgentMode'] }) {
  const { t } = useTranslation('agents');
  return (
    <Badge variant="light" color={mode === 'active' ? 'line' : 'orange'}>
      {t(`mode.${mode}`)}
    </Badge>
  );
}
