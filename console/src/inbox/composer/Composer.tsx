import { ActionIcon, Menu } from '@mantine/core';
import { IconForms, IconLetterCase, IconPaperclip, IconPlus, IconSend2, IconTemplate } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, type RefObject, Suspense, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { count } from '~/parts/numbers';
import { useNow } from '~/parts/time';
import { useSession } from '~/session';

import { type Conversation, createNote, type Message, type Tried } from '../queries';
import { windowEnd } from '../filters';
import { bring } from '../live';
import { useAnnounce } from '../presence';
import type { Directory } from '../useDirectory';
import classes from './Composer.module.css';
import { DraftButton } from './DraftButton';
import { useUnsent } from './drafts';
import { EmojiButton } from './EmojiButton';
import { FormatBar } from './FormatBar';
import type { Content } from './outbox';
import { CAPTIONED, MAX_CAPTION, MAX_TEXT } from './sendable';
import { ClosedStrip, DraftStrip, Hint, PreviewStrip, ReplyStrip } from './Strips';
import { TextBox, type TextBoxHandle } from './TextBox';
import { Tray } from './Tray';
import type { Attachment, useAttachments } from './useAttachments';
import { useDraft } from './useDraft';
import type { useSend } from './useSend';
import { useTellCustomer, useTyping } from './useTyping';

const Templates = lazy(() => import('./Templates').then((module) => ({ default: module.Templates })));
const Builder = lazy(() => import('./Builder').then((module) => ({ default: module.Builder })));

const MAX_NOTE = 4000;
/** From here on one sees how much is left. */
const NEARLY = 0.85;

export type Mode = 'message' | 'note';

export interface ComposerHandle {
  write: (mode: Mode) => void;
  put: (text: string) => void;
}

/** Where people write: to the customer, or to each other. */
export function Composer({
  conversation,
  directory,
  files,
  sender,
  replyTo,
  onReplyTo,
  onDraftWhy,
  handle,
}: {
  conversation: Conversation;
  directory: Directory;
  files: ReturnType<typeof useAttachments>;
  sender: ReturnType<typeof useSend>;
  replyTo: Message | undefined;
  onReplyTo: (message: Message | undefined) => void;
  onDraftWhy: (tried: Tried) => void;
  handle: RefObject<ComposerHandle | null>;
}) {
  const { t } = useTranslation('inbox');
  const { id, owner, taken_by, contact } = conversation;
  const { actor: me } = useSession();
  const queryClient = useQueryClient();
  const [mode, setMode] = useState<Mode>('message');
  const isNote = mode === 'note';
  const [message, setMessage] = useUnsent(id);
  const [note, setNote] = useUnsent(`${id} note`);
  const [text, setText] = isNote ? [note, setNote] : [message, setMessage];
  const [error, setError] = useState<unknown>();
  const [dialog, setDialog] = useState<'template' | 'builder'>();
  const [hasFormats, setFormats] = useState(false);
  const draft = useDraft(id, message, setMessage);
  const box = useRef<TextBoxHandle>(null);
  const picker = useRef<HTMLInputElement>(null);

  const end = windowEnd(conversation);
  const now = useNow();
  const isClosed = end !== null && end <= now;
  const isTyping = useTyping(text);
  useAnnounce(id, isTyping, true);
  useTellCustomer(id, isTyping && !isNote, owner === 'human' && taken_by === me && !isClosed);

  const write = (next: Mode) => {
    setMode(next);
    requestAnimationFrame(() => box.current?.focus());
  };
  useImperativeHandle(handle, () => ({
    write,
    put: (words) => {
      setMessage(words);
      write('message');
    },
  }));

  const words = text.trim();
  const hasFiles = files.attachments.length > 0;
  const limit = isNote ? MAX_NOTE : captionOf(files.attachments) ? MAX_CAPTION : MAX_TEXT;
  const isTooLong = [...words].length > limit;
  const maySend = !isTooLong && (isNote ? words !== '' : !isClosed && (hasFiles ? files.isReady : words !== ''));

  const saveNote = async () => {
    setNote('');
    setError(undefined);
    try {
      bring(queryClient, [{ type: 'note', note: await createNote(id, words) }], { me, open: id });
    } catch (thrown) {
      setNote(words);
      setError(thrown);
    }
  };
  const sendAll = () => {
    if (!maySend) return;
    if (isNote) return void saveNote();
    const quoted = replyTo;
    const rest = sendFiles(files.attachments, words, (content, caption, file) =>
      sender.send({ content, text: caption, quoted: file.isFirst ? quoted : undefined, file: file.shown }),
    );
    if (rest !== '') void sender.send({ content: { type: 'text', text: { body: rest } }, text: rest, quoted: hasFiles ? undefined : quoted });
    files.clear();
    setMessage('');
    onReplyTo(undefined);
    draft.forget();
  };
  const leave = () => {
    if (replyTo) onReplyTo(undefined);
    else if (isNote) write('message');
    else (document.activeElement as HTMLElement | null)?.blur();
  };
  const sendMade = (content: Content, shown: string) => {
    setDialog(undefined);
    void sender.send({ content, text: shown, quoted: replyTo });
    onReplyTo(undefined);
  };

  if (contact.blocked) return <Hint isGrave>{t('composer.blocked')}</Hint>;
  return (
    <section className={classes.composer} data-mode={mode} aria-label={t(isNote ? 'composer.noteLabel' : 'composer.label')}>
      <div className={classes.modes} role="radiogroup" aria-label={t('composer.mode')}>
        {(['message', 'note'] as const).map((one) => (
          <button key={one} type="button" role="radio" aria-checked={mode === one} className={classes.mode} onClick={() => write(one)}>
            {t(`composer.${one}`)}
          </button>
        ))}
      </div>
      <div className={classes.problem}>{error !== undefined && <Failure error={error} />}</div>
      {!isNote && isClosed && <ClosedStrip conversation={conversation} onTemplate={() => setDialog('template')} />}
      {!isNote && !isClosed && (
        <>
          {replyTo && <ReplyStrip message={replyTo} onClose={() => onReplyTo(undefined)} />}
          <Tray files={files} />
          {draft.drafted && <DraftStrip tried={draft.drafted.tried} onUndo={draft.undo} onWhy={() => draft.drafted && onDraftWhy(draft.drafted.tried)} />}
          <div className={classes.problem}>{draft.error !== undefined && <Failure error={draft.error} />}</div>
          {contact.consent === 'opted_out' && <Hint isGrave>{t('composer.optedOut')}</Hint>}
          {end === null && words !== '' && <Hint>{t('window.unknown')}</Hint>}
          {owner === 'agent' && (words !== '' || hasFiles) && <Hint>{t('composer.takes')}</Hint>}
        </>
      )}
      {(isNote || !isClosed) && (
        <>
          <PreviewStrip text={text} />
          {hasFormats && <FormatBar box={box} />}
          <div className={classes.bar}>
            {!isNote && (
              <Menu position="top-start" withinPortal shadow="md" width={230}>
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" size={38} aria-label={t('composer.add')} title={t('composer.add')}>
                    <IconPlus size={21} stroke={1.7} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconPaperclip size={17} />} onClick={() => picker.current?.click()}>
                    {t('files.add')}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconTemplate size={17} />} onClick={() => setDialog('template')}>
                    {t('type.template')}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconForms size={17} />} onClick={() => setDialog('builder')}>
                    {t('builder.open')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
            <EmojiButton onEmoji={(emoji) => box.current?.insert(emoji)} />
            <ActionIcon
              variant={hasFormats ? 'light' : 'subtle'}
              color="gray"
              size={38}
              className={classes.wide}
              aria-label={t('format.label')}
              aria-pressed={hasFormats}
              title={t('format.label')}
              onClick={() => setFormats(!hasFormats)}
            >
              <IconLetterCase size={20} stroke={1.7} />
            </ActionIcon>
            <TextBox
              handle={box}
              value={text}
              label={t(isNote ? 'composer.noteLabel' : 'composer.label')}
              placeholder={t(isNote ? 'composer.notePlaceholder' : hasFiles ? 'composer.captionPlaceholder' : 'composer.placeholder')}
              onChange={setText}
              onSend={sendAll}
              onDraft={isNote ? undefined : () => void draft.ask()}
              onFiles={isNote ? undefined : files.add}
              onLeave={leave}
            />
            {[...words].length > limit * NEARLY && (
              <span className={classes.left} data-over={isTooLong || undefined} role="status">
                {count(limit - [...words].length)}
              </span>
            )}
            {!isNote && <DraftButton isBusy={draft.isBusy} disabled={!conversation.agent_id} onAsk={draft.ask} />}
            <ActionIcon
              size={38}
              radius="xl"
              color={isNote ? 'yellow.8' : undefined}
              disabled={!maySend}
              aria-label={t(isNote ? 'composer.saveNote' : 'composer.send')}
              title={t(isNote ? 'composer.saveNote' : hasFiles && !files.isReady ? 'files.wait' : 'composer.send')}
              onClick={sendAll}
            >
              <IconSend2 size={19} className={classes.flips} />
            </ActionIcon>
          </div>
        </>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          files.add(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
          box.current?.focus();
        }}
      />
      <Suspense>
        {dialog === 'template' && (
          <Templates conversation={conversation} directory={directory} onClose={() => setDialog(undefined)} onSend={sendMade} />
        )}
        {dialog === 'builder' && <Builder onClose={() => setDialog(undefined)} onSend={sendMade} body={message} />}
      </Suspense>
    </section>
  );
}

/** The file that carries the words, if one does. */
const captionOf = (attachments: Attachment[]) => attachments.find(({ kind }) => CAPTIONED.includes(kind));

type SendFile = (content: Content, caption: string | null, file: { isFirst: boolean; shown: { url: string; name: string; kind: string } }) => void;

/** Sends files one by one, the words with the first that carries any; gives the words that are left. */
function sendFiles(attachments: Attachment[], words: string, out: SendFile): string {
  const carrier = captionOf(attachments);
  attachments.forEach((attachment, at) => {
    const { kind, mediaId, file, url } = attachment;
    const caption = attachment === carrier && words !== '' ? words : null;
    const part = {
      id: mediaId,
      ...(caption ? { caption } : {}),
      ...(kind === 'document' ? { filename: file.name.slice(0, 240) } : {}),
    };
    const content = { type: kind, [kind]: part } as unknown as Content;
    // As the API tells it: the caption, else the file's name.
    out(content, caption ?? (kind === 'document' ? file.name : null), { isFirst: at === 0, shown: { url, name: file.name, kind } });
  });
  return carrier ? '' : words;
}
