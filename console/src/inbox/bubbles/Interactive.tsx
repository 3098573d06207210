import { IconAddressBook, IconBuildingStore, IconExternalLink, IconForms, IconList, IconMapPin, IconPhone, IconPhoneCall, IconShoppingBag } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';

import type { Message } from '../queries';
import { safeHref } from '../format/parse';
import { Words } from '../format/Words';
import { Tapped } from './Content';
import classes from './Interactive.module.css';
import { DocumentFile, Film, Picture } from './Media';

type Part = Schemas['ShownInteractive'];
type Free = Record<string, unknown>;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const list = (value: unknown) => (Array.isArray(value) ? (value as Free[]) : []);
const at = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce<unknown>((part, key) => (part && typeof part === 'object' ? (part as Free)[key] : undefined), value);

/** What a customer tapped or filled in, and what was sent to be tapped. */
export function Interactive({ message, part }: { message: Message; part: Part }) {
  const { t } = useTranslation('inbox');
  switch (part.type) {
    case 'button_reply':
      return <Tapped words={text(at(part, 'button_reply', 'title')) ?? message.text ?? ''} />;
    case 'list_reply':
      return <Tapped isRow words={text(at(part, 'list_reply', 'title')) ?? message.text ?? ''} note={text(at(part, 'list_reply', 'description'))} />;
    case 'nfm_reply':
      return <Form reply={at(part, 'nfm_reply') as Schemas['FilledForm']} />;
    case 'call_permission_reply': {
      const isGiven = at(part, 'call_permission_reply', 'response') === 'accept';
      return <Tapped words={t(isGiven ? 'bubble.mayCall' : 'bubble.mayNotCall')} />;
    }
    default:
      return <ToTap message={message} part={part} />;
  }
}

/** The answers of a form, one a line. */
function Form({ reply }: { reply: Schemas['FilledForm'] }) {
  const { t } = useTranslation('inbox');
  let answers: [string, unknown][] = [];
  try {
    answers = Object.entries(JSON.parse(reply?.response_json ?? '{}') as Free).filter(([name]) => name !== 'flow_token');
  } catch {
    // Shown as it came, below.
  }
  return (
    <>
      <div className={classes.form}>
        <IconForms size={16} aria-hidden />
        <b>{t('type.form')}</b>
      </div>
      {answers.length > 0 ? (
        <dl className={classes.answers}>
          {answers.map(([name, answer]) => (
            <div key={name}>
              <dt data-words dir="auto">
                {name.replaceAll('_', ' ')}
              </dt>
              <dd data-words dir="auto">
                {typeof answer === 'string' ? answer : JSON.stringify(answer)}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <Words text={reply?.body ?? reply?.response_json ?? ''} />
      )}
    </>
  );
}

function ToTap({ message, part }: { message: Message; part: Part }) {
  const { header, body, footer, action } = part as { header?: Schemas['ShownHeader']; body?: Free; footer?: Free; action?: Free };
  const words = text(at(body, 'text'));
  const foot = text(at(footer, 'text'));
  return (
    <>
      {header && <Header message={message} header={header} />}
      {words && <Words text={words} id={message.id} />}
      {foot && (
        <div className={classes.footer} data-words dir="auto">
          {foot}
        </div>
      )}
      <Taps type={part.type} action={action} />
    </>
  );
}

function Header({ message, header }: { message: Message; header: Schemas['ShownHeader'] }) {
  if (header.image) return <Picture message={message} file={header.image} />;
  if (header.video) return <Film message={message} file={header.video} />;
  if (header.document) return <DocumentFile message={message} file={header.document} />;
  if (!header.text) return null;
  return (
    <b className={classes.header} data-words dir="auto">
      {header.text}
    </b>
  );
}

const ASKS = {
  location_request_message: IconMapPin,
  address_message: IconMapPin,
  request_contact_info: IconAddressBook,
  catalog_message: IconBuildingStore,
  product: IconShoppingBag,
  product_list: IconShoppingBag,
  call_permission_request: IconPhone,
  voice_call: IconPhoneCall,
} as const;

function Taps({ type, action }: { type: string; action: Free | undefined }) {
  const { t } = useTranslation('inbox');
  if (type === 'list') return <Sections action={action} />;
  if (type === 'button') {
    const titles = list(action?.buttons).map((button) => text(at(button, 'reply', 'title')) ?? '');
    return <Buttons labels={titles} />;
  }
  if (type === 'cta_url') {
    const href = safeHref(text(at(action, 'parameters', 'url')));
    const label = text(at(action, 'parameters', 'display_text')) ?? '';
    return (
      <div className={classes.taps}>
        {href ? (
          <a className={classes.tap} href={href} target="_blank" rel="noopener noreferrer" title={href}>
            <IconExternalLink size={15} aria-hidden /> <bdi>{label}</bdi>
          </a>
        ) : (
          <span className={classes.tap}>{label}</span>
        )}
      </div>
    );
  }
  if (type === 'flow') {
    return <Buttons labels={[text(at(action, 'parameters', 'flow_cta')) ?? t('type.form')]} icon={<IconForms size={15} aria-hidden />} />;
  }
  if (type === 'carousel') {
    const cards = list(action?.cards);
    return (
      <div className={classes.cards}>
        {cards.map((card) => (
          <div key={JSON.stringify(card)} className={classes.card}>
            <Words text={text(at(card, 'body', 'text')) ?? ''} />
            <Taps type={text(card.type) ?? text(at(card, 'action', 'name')) ?? 'button'} action={at(card, 'action') as Free} />
          </div>
        ))}
      </div>
    );
  }
  const Icon = ASKS[type as keyof typeof ASKS];
  if (!Icon) return null;
  const label = text(at(action, 'parameters', 'display_text')) ?? t(`ask.${type as keyof typeof ASKS}`);
  const product = text(action?.product_retailer_id);
  return <Buttons labels={[product ? `${label}: ${product}` : label]} icon={<Icon size={15} aria-hidden />} />;
}

function Buttons({ labels, icon }: { labels: string[]; icon?: ReactNode }) {
  return (
    <div className={classes.taps}>
      {labels.map((label) => (
        <span key={label} className={classes.tap}>
          {icon}
          <bdi>{label}</bdi>
        </span>
      ))}
    </div>
  );
}

/** A list, with its rows for whoever opens it. */
function Sections({ action }: { action: Free | undefined }) {
  return (
    <details className={classes.list}>
      <summary className={classes.tap}>
        <IconList size={15} aria-hidden />
        <bdi>{text(action?.button)}</bdi>
      </summary>
      {list(action?.sections).map((section) => (
        <div key={JSON.stringify(section)} className={classes.section}>
          {text(section.title) && <b>{text(section.title)}</b>}
          {list(section.rows).map((row) => (
            <div key={text(row.id)} data-words dir="auto">
              {text(row.title)}
              {text(row.description) && <span className={classes.footer}>{text(row.description)}</span>}
            </div>
          ))}
        </div>
      ))}
    </details>
  );
}
