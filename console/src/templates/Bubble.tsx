import { ScrollArea } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCopy,
  IconExternalLink,
  IconFileText,
  IconGif,
  IconMapPin,
  IconPackage,
  IconPhone,
  IconPhoto,
  IconPlayerPlay,
  IconShoppingBag,
  IconTag,
  IconUserPlus,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { clockTime } from '~/parts/time';

import classes from './Bubble.module.css';
import { filled, FilledWords } from './FilledWords';
import { fill, namesIn, partsOf, type TemplateButton, type TemplateParts } from './parts';

const MEDIA = {
  IMAGE: IconPhoto,
  VIDEO: IconPlayerPlay,
  GIF: IconGif,
  DOCUMENT: IconFileText,
  LOCATION: IconMapPin,
  PRODUCT: IconPackage,
} as const;

const BUTTONS: Record<string, typeof IconPhone> = {
  QUICK_REPLY: IconArrowBackUp,
  URL: IconExternalLink,
  PHONE_NUMBER: IconPhone,
  VOICE_CALL: IconPhone,
  COPY_CODE: IconCopy,
  OTP: IconCopy,
  CATALOG: IconShoppingBag,
  MPM: IconShoppingBag,
  SPM: IconShoppingBag,
  REQUEST_CONTACT_INFO: IconUserPlus,
};

// The hour that a preview shows; it means nothing.
const HOUR = new Date(2026, 0, 1, 9, 41).getTime();

/** A template as the customer's phone shows it, with its samples in place of its variables. */
export function Bubble({
  components,
  samples,
  header,
}: {
  components: unknown;
  /** What is filled in, in place of the template's own samples. */
  samples?: Record<string, string>;
  header?: string;
}) {
  const { t } = useTranslation('templates');
  const parts = partsOf(components);
  return (
    <figure className={classes.phone} aria-label={t('preview')}>
      <Message parts={parts} samples={samples ?? parts.samples} header={header ?? parts.headerSample} />
      {parts.cards.length > 0 && (
        <ScrollArea className={classes.cards} viewportProps={{ tabIndex: 0, 'aria-label': t('cards'), role: 'group' }}>
          <div className={classes.row}>
          {parts.cards.map((card, at) => (
            <Message key={at} parts={card} samples={card.samples} header={card.headerSample} />
          ))}
          </div>
        </ScrollArea>
      )}
    </figure>
  );
}

function Message({ parts, samples, header }: { parts: TemplateParts; samples: Record<string, string>; header?: string }) {
  const { t } = useTranslation('templates');
  const format = parts.header?.format;
  const Media = MEDIA[format as keyof typeof MEDIA];
  const isCode = parts.body === undefined && parts.buttons.some((button) => button.type === 'OTP');
  const headline = parts.header?.text;
  return (
    <div className={classes.message}>
      <div className={classes.bubble}>
        {Media && (
          <div className={classes.media} role="img" aria-label={t(`header.${format as keyof typeof MEDIA}`)}>
            <Media size={38} stroke={1.3} />
          </div>
        )}
        {format === 'TEXT' && headline && (
          <div className={classes.head} data-words>
            {fill(headline, Object.fromEntries(namesIn(headline).map((name) => [name, header ?? ''])))}
          </div>
        )}
        {parts.offer !== undefined && (
          <div className={classes.offer}>
            <IconTag size={16} /> <span data-words>{parts.offer}</span>
          </div>
        )}
        {parts.body !== undefined && <FilledWords text={fill(parts.body, samples, filled)} />}
        {isCode && <FilledWords text={`${t('code.body')}${parts.security ? ` ${t('code.security')}` : ''}`} />}
        {parts.footer && (
          <div className={classes.foot} data-words>
            {parts.footer}
          </div>
        )}
        {parts.expires !== undefined && (
          <div className={classes.foot}>{t('code.expires', { count: parts.expires, number: parts.expires })}</div>
        )}
        <time className={classes.time}>{clockTime(HOUR)}</time>
      </div>
      {parts.buttons.length > 0 && (
        <ul className={classes.buttons}>
          {parts.buttons.map((button, at) => (
            <Tap key={at} button={button} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Tap({ button }: { button: TemplateButton }) {
  const { t } = useTranslation('templates');
  const Icon = BUTTONS[button.type] ?? IconExternalLink;
  const spoken = t(`button.${button.type}` as 'button.URL', { defaultValue: button.type });
  return (
    <li className={classes.tap} title={button.url ?? button.phone_number ?? undefined}>
      <Icon size={16} aria-label={spoken} role="img" />
      <span data-words>{button.text || t(`label.${button.type}` as 'label.COPY_CODE', { defaultValue: spoken })}</span>
    </li>
  );
}
