import { Badge, Button } from '@mantine/core';
import { IconExternalLink, IconUserCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { Copy } from '~/parts/Copy';
import { Ago, dateTime } from '~/parts/time';

import type { Conversation } from '../queries';
import { Face } from '../Face';
import { windowEnd } from '../filters';
import { useOwnerName } from '../list/ConversationRow';
import { contactAddress, contactName } from '../names';
import type { Directory } from '../useDirectory';
import classes from './Details.module.css';

/** Who the customer is, what they want of us, and which number and agent serve them. */
export function Details({ conversation, directory }: { conversation: Conversation; directory: Directory }) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { contact: short, number_id: numberId, agent_id: agentId } = conversation;
  // The list shows the most of it already.
  const { data: contact } = $api.useQuery('get', '/api/v1/contacts/{contact_id}', { params: { path: { contact_id: short.id } } });
  const takenBy = useOwnerName(conversation);
  const name = contactName(short);
  const number = directory.numbers.find((line) => line.id === numberId);
  const end = windowEnd(conversation);
  const marketing = contact?.marketing;

  return (
    <div className={classes.details}>
      <div className={classes.who}>
        <Face id={short.id} name={name} size={72} />
        <bdi className={classes.name}>{name}</bdi>
        {contactAddress(short) && <bdi className={classes.quiet}>{contactAddress(short)}</bdi>}
        <div className={classes.badges}>
          {short.blocked && <Badge color="red">{t('details.blocked')}</Badge>}
          {short.consent === 'opted_out' && <Badge color="orange">{t('details.optedOut')}</Badge>}
          {short.consent === 'opted_in' && <Badge color="line">{t('details.optedIn')}</Badge>}
          {marketing === 'opted_out' && short.consent !== 'opted_out' && <Badge color="orange">{t('details.noMarketing')}</Badge>}
        </div>
        <Button
          component={Link}
          to="/contacts/$contactId"
          params={{ contactId: short.id } as never}
          variant="default"
          size="sm"
          leftSection={<IconUserCircle size={17} />}
        >
          {t('details.contact')}
        </Button>
      </div>
      <dl className={classes.facts}>
        <Fact name={t('details.phone')} value={short.phone} />
        <Fact name={t('details.username')} value={short.username && `@${short.username}`} />
        <Fact name={t('details.userId')} value={short.user_id} />
        <Row name={t('details.consent')}>
          {short.consent ? t(short.consent === 'opted_in' ? 'details.optedIn' : 'details.optedOut') : t('details.noConsent')}
          {contact?.consent_at && <Ago at={contact.consent_at} size="xs" c="var(--quiet)" />}
        </Row>
        <Row name={t('list.number')}>
          <Link to="/numbers/$numberId" params={{ numberId }}>
            <bdi>{directory.numberName(numberId) || numberId}</bdi>
          </Link>
          {number?.display_phone_number && <bdi className={classes.quiet}>{number.display_phone_number}</bdi>}
        </Row>
        <Row name={t('list.agent')}>
          {agentId ? (
            <Link to="/agents/$agentId" params={{ agentId }}>
              <bdi>{directory.agentName(agentId) ?? agentId}</bdi>
            </Link>
          ) : (
            t('chat.noAgent')
          )}
        </Row>
        <Row name={t('details.owner')}>{takenBy ? <bdi>{takenBy}</bdi> : t('list.withAgent')}</Row>
        <Row name={t('details.window')}>{end === null ? t('details.noWindow') : dateTime(end)}</Row>
        <Row name={t('details.since')}>{dateTime(conversation.created_at)}</Row>
        <Row name={t('details.id')}>
          <span className={classes.copy}>
            <code>{conversation.id}</code>
            <Copy value={conversation.id} />
          </span>
        </Row>
      </dl>
      {short.phone && (
        <a className={classes.out} href={`https://wa.me/${short.phone.replace(/\D/g, '')}`} target="_blank" rel="noopener noreferrer">
          {t('details.whatsapp')} <IconExternalLink size={14} aria-hidden />
        </a>
      )}
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Something that is known of them and may be copied; nothing where it is not known. */
function Fact({ name, value }: { name: string; value: string | null | undefined }) {
  if (!value) return null;
  return (
    <Row name={name}>
      <span className={classes.copy}>
        <bdi>{value}</bdi>
        <Copy value={value} />
      </span>
    </Row>
  );
}
