import { IconExternalLink, IconMail, IconMapPin, IconPhone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Copy } from '~/parts/Copy';

import { Face } from '../Face';
import { Words } from '../format/Words';
import classes from './Cards.module.css';

/** A place, with the way to a map. */
export function Location({ place }: { place: Schemas['ShownLocation'] }) {
  const { t } = useTranslation('inbox');
  const [latitude, longitude] = [Number(place.latitude), Number(place.longitude)];
  const isKnown = place.latitude != null && Number.isFinite(latitude) && Number.isFinite(longitude);
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return (
    <div className={classes.card}>
      <div className={classes.pin} aria-hidden>
        <IconMapPin size={30} stroke={1.6} />
      </div>
      <div className={classes.words}>
        <b data-words dir="auto">
          {place.name ?? t('type.location')}
        </b>
        {place.address && (
          <span data-words dir="auto">
            {place.address}
          </span>
        )}
        {isKnown && (
          <>
            <span className={classes.quiet} dir="ltr">
              {latitude.toFixed(5)}, {longitude.toFixed(5)}
            </span>
            <a href={map} target="_blank" rel="noopener noreferrer">
              {t('bubble.map')} <IconExternalLink size={13} aria-hidden />
            </a>
          </>
        )}
      </div>
    </div>
  );
}

/** People whose cards were sent. */
export function Contacts({ cards }: { cards: Schemas['ShownCard'][] }) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.people}>
      {(Array.isArray(cards) ? cards : []).map((card) => {
        const name = card.name?.formatted_name ?? card.name?.first_name ?? t('type.contacts');
        const company = card.org?.company;
        return (
          <div key={JSON.stringify(card)} className={classes.person}>
            <Face id={name} name={name} size={38} />
            <div className={classes.words}>
              <b data-words dir="auto">
                {name}
              </b>
              {typeof company === 'string' && (
                <span data-words dir="auto" className={classes.quiet}>
                  {company}
                </span>
              )}
              {card.phones?.map(({ phone, wa_id }) => (
                <span key={phone ?? wa_id} className={classes.way}>
                  <IconPhone size={14} aria-hidden />
                  <bdi>{phone ?? wa_id}</bdi>
                  <Copy value={phone ?? wa_id ?? ''} />
                </span>
              ))}
              {card.emails?.map(({ email }) => (
                <span key={email} className={classes.way}>
                  <IconMail size={14} aria-hidden />
                  <bdi>{email}</bdi>
                  <Copy value={email ?? ''} />
                </span>
              ))}
            </div>
          </div>
        );
      })}
    </div>
  );
}

/** What somebody wants of the catalogue. */
export function Order({ order }: { order: Schemas['ShownOrder'] }) {
  const { t, i18n } = useTranslation('inbox');
  const items = order.product_items ?? [];
  const price = (amount: number, currency: string | null | undefined) => {
    try {
      return new Intl.NumberFormat(i18n.language, { style: 'currency', currency: currency ?? 'XXX' }).format(amount);
    } catch {
      return `${amount} ${currency ?? ''}`;
    }
  };
  const currency = items[0]?.currency;
  const sum = items.reduce((all, item) => all + Number(item.item_price ?? 0) * Number(item.quantity ?? 1), 0);
  const isSummed = items.length > 0 && items.every((item) => item.item_price != null && item.currency === currency);
  return (
    <>
      <b className={classes.title}>{t('bubble.order', { count: items.length })}</b>
      <table className={classes.order}>
        <tbody>
          {items.map((item) => (
            <tr key={item.product_retailer_id}>
              <td>{Number(item.quantity ?? 1)} ×</td>
              <td>
                <bdi>{item.product_retailer_id}</bdi>
              </td>
              <td>{item.item_price == null ? '' : price(Number(item.item_price), item.currency)}</td>
            </tr>
          ))}
        </tbody>
        {isSummed && (
          <tfoot>
            <tr>
              <td colSpan={2}>{t('bubble.sum')}</td>
              <td>{price(sum, currency)}</td>
            </tr>
          </tfoot>
        )}
      </table>
      {order.text && <Words text={order.text} />}
    </>
  );
}
