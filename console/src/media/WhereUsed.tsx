import { Anchor, Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';

/** The message that brought a file, and whose it is. */
export function WhereUsed({ media }: { media: Schemas['Media'] }) {
  const { t } = useTranslation('media');
  const messageId = media.message_id;
  const message = $api.useQuery(
    'get',
    '/api/v1/messages/{message_id}',
    { params: { path: { message_id: messageId ?? '' } } },
    { enabled: !!messageId },
  );
  const conversationId = message.data?.conversation_id;
  const conversation = $api.useQuery(
    'get',
    '/api/v1/conversations/{conversation_id}',
    { params: { path: { conversation_id: conversationId ?? '' } } },
    { enabled: !!conversationId },
  );
  if (!messageId) return <>{t('uploaded')}</>;
  if (message.error) return <>{t('messageGone')}</>;
  if (!conversationId) return <Skeleton h={18} w={180} />;
  const contact = conversation.data?.contact;
  return (
    <>
      <Anchor
        component={Link}
        to="/inbox/$conversationId"
        params={{ conversationId } as never}
        search={{ message: messageId } as never}
        size="sm"
      >
        {contact
          ? t('sentBy', { name: contact.name ?? contact.phone ?? contact.username ?? t('somebody') })
          : t('toMessage')}
      </Anchor>
      {message.data?.text && (
        <Text size="sm" c="var(--quiet)" data-words lineClamp={3}>
          {message.data?.text}
        </Text>
      )}
    </>
  );
}
