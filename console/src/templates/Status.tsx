import { Badge, Group, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Template } from './templates';

const COLOURS: Record<string, string> = {
  APPROVED: 'line',
  REINSTATED: 'line',
  PENDING: 'blue',
  IN_APPEAL: 'blue',
  PAUSED: 'orange',
  FLAGGED: 'orange',
  REJECTED: 'red',
  DISABLED: 'red',
};

const QUALITY: Record<string, string> = {
  GREEN: 'var(--mantine-color-line-6)',
  YELLOW: 'var(--mantine-color-yellow-6)',
  RED: 'var(--mantine-color-red-6)',
};

const known = (word: string) => word.toUpperCase().replaceAll(' ', '_');

/** How Meta stands to a template, in plain words. */
export function Status({ template }: { template: Template }) {
  const { t } = useTranslation('templates');
  return (
    <Badge variant="light" color={COLOURS[template.status] ?? 'gray'}>
      {t(`status.${template.status}` as 'status.APPROVED', { defaultValue: template.status })}
    </Badge>
  );
}

/** Why it is as it is, and what to do. */
export function Explanation({ template }: { template: Template }) {
  const { t } = useTranslation('templates');
  const about = t(`about.${template.status}` as 'about.APPROVED', { defaultValue: '' });
  const reason = template.reason && known(template.reason) !== 'NONE' ? template.reason : null;
  return (
    <>
      {about && <Text size="sm">{about}</Text>}
      {reason && (
        <Text size="sm" mt={4}>
          {t(`reason.${known(reason)}` as 'reason.SCAM', { defaultValue: '' }) || (
            <span data-words>{t('reason.meta', { reason })}</span>
          )}
        </Text>
      )}
    </>
  );
}

export function Quality({ quality }: { quality?: string | null }) {
  const { t } = useTranslation('templates');
  const colour = QUALITY[quality ?? ''];
  if (!colour) {
    return (
      <Text size="sm" c="var(--quiet)">
        –
      </Text>
    );
  }
  return (
    <Tooltip label={t('qualityHint')} multiline w={240}>
      <Group gap={6} wrap="nowrap">
        <span style={{ width: 9, height: 9, borderRadius: '50%', background: colour }} />
        <Text size="sm">{t(`quality.${quality as 'GREEN'}`)}</Text>
      </Group>
    </Tooltip>
  );
}
