import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { type Fact, FactList } from '~/parts/FactList';
import { count } from '~/parts/numbers';
import { Panel } from '~/parts/Panel';
import { Ago, date } from '~/parts/time';
import { limitOf } from '../problems';

/** What Meta says of the number. */
export function FactsPanel({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const { health } = number;
  const facts: Fact[] = [
    { name: t('fact.verifiedName'), value: health.verified_name && <bdi>{health.verified_name}</bdi> },
    { name: t('fact.quality'), value: health.quality_rating && <Quality rating={health.quality_rating} /> },
    { name: t('fact.limit'), value: health.messaging_limit && <Limit tier={health.messaging_limit} /> },
    {
      name: t('fact.throughput'),
      value: health.throughput && t('throughput', { shown: count(health.throughput === 'HIGH' ? 1000 : 80) }),
    },
    { name: t('fact.token'), value: <TokenFact number={number} /> },
    {
      name: t('fact.subscribed'),
      value: typeof health.subscribed === 'boolean' && t(health.subscribed ? 'parts:yes' : 'parts:no'),
    },
    { name: t('fact.verified'), value: number.webhook_verified_at && <Ago at={number.webhook_verified_at} inherit /> },
    { name: t('fact.templates'), value: <TemplateCounts templates={health.templates} /> },
    { name: t('field.phone_number_id'), value: <Copyable value={number.phone_number_id} /> },
    { name: t('field.waba_id'), value: number.waba_id && <Copyable value={number.waba_id} /> },
    { name: t('lastUsed'), value: number.last_interaction_at && <Ago at={number.last_interaction_at} inherit /> },
    { name: t('fact.added'), value: <Ago at={number.created_at} inherit /> },
  ];
  return (
    <Panel title={t('facts')}>
      <FactList
        facts={facts}
        unknown={
          <Text c="var(--quiet)" inherit>
            {t('parts:unknown')}
          </Text>
        }
      />
    </Panel>
  );
}

function Limit({ tier }: { tier: string }) {
  const { t } = useTranslation('numbers');
  const limit = limitOf(tier);
  if (limit === null) return tier;
  return limit === 'unlimited' ? t('limit.unlimited') : t('limit.people', { count: limit, shown: count(limit) });
}

function Quality({ rating }: { rating: string }) {
  const { t, i18n } = useTranslation('numbers');
  return i18n.exists(`numbers:quality.${rating}`) ? t(`quality.${rating as 'GREEN'}`) : rating;
}

function TokenFact({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation('numbers');
  const token = number.health.token;
  if (!number.has_access_token) return t('token.none');
  if (!token) return t('token.untold');
  if (!token.valid) return t('token.refused');
  return token.expires_at ? t('token.until', { when: date(token.expires_at) }) : t('token.forever');
}

/** Only what there is: three approved, one paused. */
function TemplateCounts({ templates }: { templates: Schemas['Templates'] }) {
  const { t } = useTranslation('numbers');
  const there = (['approved', 'pending', 'rejected', 'paused'] as const).filter((status) => templates[status] > 0);
  if (there.length === 0) return t('templates.none');
  return there.map((status) => t(`templates.${status}`, { count: templates[status] })).join(', ');
}
