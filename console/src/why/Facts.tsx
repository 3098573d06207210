import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { count, money } from '~/parts/numbers';
import { duration } from '~/parts/time';

import type { Turn } from './queries';
import type { Trace } from './trace';
import classes from './WhyCard.module.css';

/** Who answered, how long it took, and what it cost. */
export function Facts({ turn, trace, agentName }: { turn: Turn; trace: Trace; agentName?: string }) {
  const { t } = useTranslation('why');
  const facts: [string, ReactNode][] = [];
  if (turn.agent_id) {
    const version = turn.agent_version != null && ` · ${t('version', { version: turn.agent_version })}`;
    facts.push([
      t('fact.agent'),
      <>
        <Link to="/agents/$agentId" params={{ agentId: turn.agent_id }}>
          <bdi>{agentName ?? t('agent')}</bdi>
        </Link>
        {version}
      </>,
    ]);
  }
  if (trace.waited_ms !== undefined) facts.push([t('fact.waited'), duration(Math.max(0, trace.waited_ms))]);
  if (trace.think_ms !== undefined) facts.push([t('fact.thought'), duration(trace.think_ms)]);
  facts.push([t('fact.restarts'), count(turn.restarts)]);
  if (turn.model) facts.push([t('fact.model'), <bdi key="model">{turn.model}</bdi>]);
  if (turn.prompt_tokens != null) {
    facts.push([t('fact.tokens'), t('tokens', { read: count(turn.prompt_tokens), written: count(turn.completion_tokens ?? 0) })]);
  }
  if (turn.prompt_tokens) facts.push([t('fact.cost'), turn.cost == null ? t('noPrice') : money(turn.cost)]);
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
