import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useFeed } from '~/api/feed';
import { Failure } from '~/parts/Failure';

import { explainMessage } from './queries';
import { Facts } from './Facts';
import { Sends } from './Sends';
import { Timeline } from './Timeline';
import { readTrace } from './trace';
import { TraceView } from './TraceView';
import { Verdict } from './Verdict';
import classes from './WhyCard.module.css';

/** Why a message was answered as it was, or not at all: everything that is known of it, the plainest first. */
export function WhyCard({ messageId, agentName, onGoTo }: { messageId: string; agentName?: string; onGoTo: (messageId: string) => void }) {
  const { t } = useTranslation(['why', 'parts']);
  const { data: why, error, isPending, refetch } = useQuery({
    queryKey: ['get', '/api/v1/messages/{message_id}/why', { params: { path: { message_id: messageId } } }],
    queryFn: ({ signal }) => explainMessage(messageId, signal),
  });
  // Ticks come in while somebody reads.
  useFeed('message', ({ message }) => {
    const isOfIt = message.id === messageId || (why?.turn && message.turn_id === why.turn.id);
    if (isOfIt) void refetch();
  });

  if (error) return <Failure error={error} />;
  if (isPending) return <Loader aria-label={t('parts:loading')} size="sm" />;
  const trace = readTrace(why.turn?.trace);
  return (
    <div className={classes.card}>
      <Verdict why={why} trace={trace} agentName={agentName} />
      {why.turn && <Facts turn={why.turn} trace={trace} agentName={agentName} />}
      <Timeline steps={why.timeline} sends={why.sends} />
      <TraceView trace={trace} />
      <Sends why={why} onGoTo={onGoTo} />
    </div>
  );
}
