import { Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { Failure } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import classes from './LinkPanel.module.css';
import { nameOf } from '../useNumber';

const MOST_CHARS = 200;

/** The link and the code that open a chat with the number. */
export function LinkPanel({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation('numbers');
  const [text, setText] = useState('');
  return (
    <Panel title={t('link.title')}>
      <Stack>
        <Text size="sm" c="var(--quiet)">
          {t('link.text')}
        </Text>
        {number.display_phone_number ? (
          <>
            <TextInput
              label={t('link.words')}
              placeholder={t('example.words')}
              maxLength={MOST_CHARS}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <LinkCode numberId={number.id} text={text} name={nameOf(number)} />
          </>
        ) : (
          <Text size="sm">{t('link.noPhone')}</Text>
        )}
      </Stack>
    </Panel>
  );
}

/** A number's link as it is read and as it is scanned. */
export function LinkCode({ numberId, text, name }: { numberId: string; text: string; name: string }) {
  const { t } = useTranslation('numbers');
  const [words] = useDebouncedValue(text.trim(), 300);
  const link = $api.useQuery(
    'get',
    '/api/v1/numbers/{number_id}/link',
    { params: { path: { number_id: numberId }, query: words ? { text: words } : {} } },
    { placeholderData: keepPreviousData },
  );
  if (link.error) return <Failure error={link.error} />;
  if (!link.data) return <Skeleton h={240} aria-hidden />;
  const picture = `data:image/svg+xml,${encodeURIComponent(link.data.qr_svg)}`;
  return (
    <Stack gap="sm" align="flex-start">
      <Copyable value={link.data.url} />
      <img src={picture} alt={t('link.code', { name })} className={classes.code} width={220} height={220} />
      <Group>
        <Button
          component="a"
          href={picture}
          download={`${name}.svg`}
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} />}
        >
          {t('link.download')}
        </Button>
      </Group>
    </Stack>
  );
}
