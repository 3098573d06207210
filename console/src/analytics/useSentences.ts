import { useTranslation } from 'react-i18next';

import { count, money } from '~/parts/numbers';
import { duration } from '~/parts/time';
import type { Stats } from './queries';
import { share } from './compare';
import { shareText, timeLabel } from './format';
import { asData, deliveryRate, highest, readRate, type Sheets } from './sheets';

/** What each chart tells, in a sentence: for whoever has no time for charts, or does not see them. */
export function useSentences(stats: Stats, sheets: Sheets) {
  const { t } = useTranslation('analytics');
  const { totals } = stats;
  const messages = (of: number) => t('messages', { count: of, text: count(of) });

  const busiest = highest(asData(sheets.messages), (row) => Number(row.inbound));
  const ended = totals.answered + totals.handed_over + totals.human + totals.undelivered + totals.other_outcomes;
  const part = (of: number) => shareText(share(of, ended) ?? 0, 0);
  const delivered = deliveryRate(totals);
  const perAnswer = totals.cost && totals.turns > 0 ? totals.cost / totals.turns : null;

  return {
    messages: busiest
      ? t('card.messages.says', { at: timeLabel(String(busiest.at), 'whole'), messages: messages(Number(busiest.inbound)) })
      : t('card.messages.none'),
    responses:
      totals.first_response_p50_ms != null && totals.first_response_p95_ms != null
        ? t('card.responses.says', {
            half: duration(totals.first_response_p50_ms),
            most: duration(totals.first_response_p95_ms),
          })
        : t('card.responses.none'),
    delivery:
      delivered === null
        ? t('card.delivery.none')
        : t('card.delivery.says', {
            delivered: shareText(delivered),
            read: shareText(readRate(totals) ?? 0),
            failed: messages(totals.failed),
          }),
    ends:
      ended === 0
        ? t('card.ends.none')
        : t('card.ends.says', {
            answered: part(totals.answered),
            human: part(totals.human),
            handedOver: part(totals.handed_over),
          }),
    cost:
      totals.cost == null
        ? t('card.cost.unpriced')
        : t('card.cost.says', { cost: money(totals.cost), each: perAnswer === null ? '–' : money(perAnswer) }),
  };
}
