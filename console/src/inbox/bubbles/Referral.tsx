import { IconExternalLink, IconShoppingBag, IconSpeakerphone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';

import type { Message } from '../queries';
import { safeHref } from '../format/parse';
import classes from './Referral.module.css';

/** The advertisement, the page or the product that led the customer here. */
export function Referral({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const { referral, context } = message.content as {
    referral?: Schemas['MessageReferral'] | null;
    context?: Schemas['ShownContext'] | null;
  };
  const product = context?.referred_product?.product_retailer_id;
  if (typeof product === 'string') {
    return (
      <div className={classes.referral}>
        <IconShoppingBag size={15} aria-hidden />
        <span>
          {t('bubble.aboutProduct')} <bdi>{product}</bdi>
        </span>
      </div>
    );
  }
  if (!referral) return null;
  const href = safeHref(referral.source_url);
  return (
    <div className={classes.referral}>
      <IconSpeakerphone size={15} aria-hidden />
      <span className={classes.words}>
        <span className={classes.from}>{t(referral.source_type === 'ad' ? 'bubble.fromAd' : 'bubble.fromPage')}</span>
        {referral.headline && (
          <span data-words dir="auto">
            {referral.headline}
          </span>
        )}
        {referral.body && (
          <span data-words dir="auto" className={classes.body}>
            {referral.body}
          </span>
        )}
        {href && (
          <a href={href} target="_blank" rel="noopener noreferrer">
            {new URL(href).hostname} <IconExternalLink size={12} aria-hidden />
          </a>
        )}
      </span>
    </div>
  );
}
