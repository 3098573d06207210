import { Menu } from '@mantine/core';
import { IconCopy, IconCornerUpLeft, IconDownload, IconHelpCircle, IconLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { notifyDone } from '~/parts/Failure';

import type { Message } from '../queries';
import { useChat } from './actions';
import classes from './BubbleMenu.module.css';

const QUICK = ['👍', '❤️', '😂', '😮', '🙏', '✅'];

export interface MenuFor {
  message: Message;
  anchor: HTMLElement;
}

/** What can be done with a message. One menu serves all bubbles. */
export function BubbleMenu({ of, onClose, onReact }: { of: MenuFor; onClose: () => void; onReact: (message: Message, emoji: string) => void }) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { reply, why, mayWrite } = useChat();
  const { message, anchor } = of;
  const { left, top, width, height } = anchor.getBoundingClientRect();
  const close = () => {
    onClose();
    anchor.focus();
  };
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    notifyDone(t('parts:copied'));
  };
  const own = message.reactions.find((reaction) => reaction.direction === 'outbound')?.emoji;
  const link = `${location.origin}/inbox/${message.conversation_id}?message=${message.id}`;
  const mayReact = mayWrite && message.wamid && message.direction === 'inbound';
  return (
    <Menu opened onClose={close} position="bottom" withinPortal shadow="md" width={230} returnFocus={false}>
      <Menu.Target>
        <span style={{ position: 'fixed', left, top, width, height, pointerEvents: 'none' }} />
      </Menu.Target>
      <Menu.Dropdown>
        {mayReact && (
          <div className={classes.emojis} role="group" aria-label={t('bubble.react')}>
            {QUICK.map((emoji) => (
              <Menu.Item
                key={emoji}
                className={classes.emoji}
                aria-label={t('type.reaction', { emoji })}
                data-own={emoji === own || undefined}
                onClick={() => onReact(message, emoji === own ? '' : emoji)}
              >
                {emoji}
              </Menu.Item>
            ))}
          </div>
        )}
        {mayWrite && message.wamid && (
          <Menu.Item leftSection={<IconCornerUpLeft size={16} className={classes.flips} />} onClick={() => reply(message)}>
            {t('bubble.reply')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={() => why(message)}>
          {t('bubble.whyLong')}
        </Menu.Item>
        {message.text && (
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => copy(message.text ?? '')}>
            {t('bubble.copy')}
          </Menu.Item>
        )}
        {message.media?.status === 'ready' && (
          <Menu.Item component="a" href={message.media.url} download={message.media.file_name ?? true} leftSection={<IconDownload size={16} />}>
            {t('media.download')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLink size={16} />} onClick={() => copy(link)}>
          {t('bubble.copyLink')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
