import { Table, Text } from '@mantine/core';
import { useThrottledCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { useFeed } from '~/api/feed';
import { AnchorLink } from '~/parts/links';
import { count } from '~/parts/numbers';
import { Ago } from '~/parts/time';

const MOST = 100;
const SHOWN = 5;

/** What waits to be sent, the newest of it by name. */
export function HeldSends({ numberId }: { numberId: string }) {
  const { t } = useTranslation('numbers');
  const queryClient = useQueryClient();
  const waiting = $api.useQuery('get', '/api/v1/messages', {
    params: { query: { number_id: numberId, status: 'queued', limit: MOST } },
  });
  const ask = useThrottledCallback(
    () => void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/messages'] }),
    1000,
  );
  useFeed('message', ({ message }) => {
    if (message.number_id === numberId && message.direction === 'outbound') ask();
  });

  const messages = waiting.data?.items;
  if (!messages) return null;
  const more = waiting.data?.next_cursor != null;
  return (
    <div aria-live="polite">
      <Text fw={600} component="h3" size="sm" mt="lg" mb={4}>
        {t('held.waiting', { count: messages.length, shown: `${count(messages.length)}${more ? '+' : ''}` })}
      </Text>
      {messages.length > 0 && (
        <Table aria-label={t('held.title')} verticalSpacing={6} horizontalSpacing={0}>
          <Table.Tbody>
            {messages.slice(0, SHOWN).map((message) => (
              <Table.Tr key={message.id}>
                <Table.Td>
                  <AnchorLink
                    to="/inbox/$conversationId"
                    params={{ conversationId: message.conversation_id }}
                    size="sm"
                    lineClamp={1}
                    data-words
                  >
                    {message.text || t('held.noText', { type: message.type })}
                  </AnchorLink>
                </Table.Td>
                <Table.Td ta="end" w={130}>
                  <Ago at={message.created_at} size="sm" c="var(--quiet)" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
