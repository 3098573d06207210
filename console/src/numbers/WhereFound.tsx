import { Anchor, List, Text } from '@mantine/core';
import { Trans, useTranslation } from 'react-i18next';

export const APPS = 'https://developers.facebook.com/apps';
export const SYSTEM_USERS = 'https://business.facebook.com/latest/settings/system_users';

/** Where Meta shows what a number needs. */
export function WhereFound() {
  const { t } = useTranslation('numbers');
  const away = (href: string) => <Anchor href={href} target="_blank" rel="noreferrer" underline="always" inherit />;
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {t('where.title')}
      </Text>
      <List size="sm" spacing={6} type="ordered" c="var(--quiet)">
        <List.Item>
          <Trans t={t} i18nKey="where.ids" components={{ a: away(APPS), b: <b /> }} />
        </List.Item>
        <List.Item>
          <Trans t={t} i18nKey="where.token" components={{ a: away(SYSTEM_USERS), b: <b />, c: <bdi /> }} />
        </List.Item>
        <List.Item>
          <Trans t={t} i18nKey="where.secret" components={{ b: <b /> }} />
        </List.Item>
      </List>
    </div>
  );
}
