import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconHandGrab, IconInfoCircle, IconRobot, IconSearch, IconUser } from '@tabler/icons-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay, useSession } from '~/session';

import type { Conversation } from '../queries';
import { Face } from '../Face';
import { useOwnerName } from '../list/ConversationRow';
import { contactAddress, contactName } from '../names';
import type { Directory } from '../useDirectory';
import classes from './ChatHead.module.css';
import { Presence } from './Presence';
import type { useOwnership } from './useOwnership';
import { WindowClock } from './WindowClock';

export type PanelName = 'details' | 'search';

export function ChatHead({
  conversation,
  directory,
  ownership,
  panel,
  onPanel,
  onBack,
}: {
  conversation: Conversation;
  directory: Directory;
  ownership: ReturnType<typeof useOwnership>;
  panel: string | undefined;
  onPanel: (panel: PanelName) => void;
  onBack: () => void;
}) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { contact } = conversation;
  const name = contactName(contact);
  const about = [contactAddress(contact), directory.numberName(conversation.number_id)].filter(Boolean);
  return (
    <header className={classes.head}>
      <ActionIcon className={classes.back} variant="subtle" color="gray" size="lg" aria-label={t('parts:back')} onClick={onBack}>
        <IconArrowLeft size={20} className={classes.flips} />
      </ActionIcon>
      <button type="button" className={classes.who} onClick={() => onPanel('details')} title={t('chat.details')}>
        <Face id={contact.id} name={name} size={40} />
        <span className={classes.words}>
          <bdi className={classes.name} role="heading" aria-level={2}>
            {name}
          </bdi>
          <span className={classes.about}>
            {about.map((word, at) => (
              <Fragment key={word}>
                {at > 0 && ' · '}
                <bdi>{word}</bdi>
              </Fragment>
            ))}
          </span>
        </span>
      </button>
      <Presence conversationId={conversation.id} />
      <WindowClock conversation={conversation} onClick={() => onPanel('details')} />
      <Owner conversation={conversation} directory={directory} ownership={ownership} />
      <Tooltip label={t('chat.search')}>
        <ActionIcon
          variant={panel === 'search' ? 'light' : 'subtle'}
          color="gray"
          size="lg"
          aria-label={t('chat.search')}
          aria-expanded={panel === 'search'}
          onClick={() => onPanel('search')}
        >
          <IconSearch size={19} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('chat.details')}>
        <ActionIcon
          className={classes.wide}
          variant={panel === 'details' ? 'light' : 'subtle'}
          color="gray"
          size="lg"
          aria-label={t('chat.details')}
          aria-expanded={panel === 'details'}
          onClick={() => onPanel('details')}
        >
          <IconInfoCircle size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

/** Who answers, and the way to change that. */
function Owner({
  conversation,
  directory,
  ownership: { busy, take, release },
}: {
  conversation: Conversation;
  directory: Directory;
  ownership: ReturnType<typeof useOwnership>;
}) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { actor } = useSession();
  const may = useMay('operator');
  const takenBy = useOwnerName(conversation);
  const isMine = conversation.owner === 'human' && conversation.taken_by === actor;
  const agent = directory.agentName(conversation.agent_id);
  return (
    <div className={classes.owner}>
      <span className={classes.pill} data-owner={conversation.owner} title={takenBy ? t('list.withPerson', { name: takenBy }) : t('list.withAgent')}>
        {takenBy ? <IconUser size={15} aria-hidden /> : <IconRobot size={15} aria-hidden />}
        <bdi>{takenBy ?? agent ?? t('chat.noAgent')}</bdi>
      </span>
      <Tooltip label={may ? t(isMine ? 'chat.releaseHint' : 'chat.takeHint') : t('parts:notAllowed')} multiline maw={280}>
        <Button
          size="xs"
          classNames={{ label: classes.takeWord, section: classes.takeIcon }}
          variant={isMine ? 'default' : 'filled'}
          leftSection={isMine ? <IconRobot size={16} /> : <IconHandGrab size={16} />}
          loading={busy !== undefined}
          data-disabled={!may || undefined}
          onClick={may ? (isMine ? release : take) : (event) => event.preventDefault()}
        >
          {t(isMine ? 'chat.release' : 'chat.take')}
        </Button>
      </Tooltip>
    </div>
  );
}
