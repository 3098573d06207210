import { Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { PromptBar } from '~/why/PromptBar';
import { readTrace } from '~/why/trace';

import type { Tried } from '../queries';
import classes from './Playground.module.css';
import { promptParts } from './promptParts';

const SHARE_OF = { instructions: 'instructions', passage: 'passages', frame: 'rest' } as const;

/** All that the model would be told, with whose words are where. */
export function PromptView({
  preview,
  instructions,
  hasQuestion,
}: {
  preview: UseQueryResult<Tried | null>;
  instructions: string;
  hasQuestion: boolean;
}) {
  const { t } = useTranslation('agents');
  const tried = preview.data;
  if (preview.error) return <Failure error={preview.error} />;
  if (!tried) {
    const isUnknown = tried === null || (preview.isPending && !preview.isFetching);
    return isUnknown ? (
      <Text size="sm" c="var(--quiet)">
        {t('playground.noPreview')}
      </Text>
    ) : (
      <Skeleton h={160} />
    );
  }
  const shares = readTrace(tried.trace).prompt;
  const last = tried.prompt.length - 1;
  // Without a question, one stands in for it that nobody wrote.
  const shown = hasQuestion ? tried.prompt : tried.prompt.slice(0, last);
  return (
    <>
      {shares && (
        <div className={classes.message}>
          <PromptBar prompt={shares} />
        </div>
      )}
      {!hasQuestion && (
        <Text size="sm" c="var(--quiet)" mb="sm">
          {t('playground.askFirst.text')}
        </Text>
      )}
      {shown.map((message, at) => (
        <div key={at} className={classes.message}>
          <Text size="xs" fw={600} c="var(--quiet)">
            {t(`roles.${message.role}` as 'roles.system', { defaultValue: message.role })}
          </Text>
          <div className={classes.words} data-words>
            {message.role === 'system' ? (
              promptParts(message.text, instructions).map((part, place) => (
                <span key={place} data-share={SHARE_OF[part.kind]}>
                  {part.kind === 'frame' ? part.text.trim() : part.text.trimEnd()}
                </span>
              ))
            ) : (
              <span data-share={at === last ? 'question' : 'history'}>{message.text}</span>
            )}
          </div>
        </div>
      ))}
    </>
  );
}
