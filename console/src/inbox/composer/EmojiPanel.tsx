import { type EmojiData, type EmojiDataResolver, EmojiPicker } from 'frimousse';
import { useTranslation } from 'react-i18next';

import classes from './EmojiPanel.module.css';

/** Newer ones are squares on many machines still. */
const NEWEST_VERSION = 15;
const TONES = ['dark', 'light', 'medium', 'medium-dark', 'medium-light'] as const;
const TONE_NUMBERS = ['', 'light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;

/** Served from here like everything else; where a language has none, in English. */
const FILES = {
  en: [() => import('emojibase-data/en/data.json?url'), () => import('emojibase-data/en/messages.json?url')],
  es: [() => import('emojibase-data/es/data.json?url'), () => import('emojibase-data/es/messages.json?url')],
  pt: [() => import('emojibase-data/pt/data.json?url'), () => import('emojibase-data/pt/messages.json?url')],
} as const;

interface Emoji {
  emoji: string;
  label: string;
  group?: number;
  version: number;
  tags?: string[];
  skins?: { emoji: string; tone?: number | number[] }[];
}

interface Messages {
  groups: { key: string; message: string; order: number }[];
  skinTones: { key: (typeof TONES)[number]; message: string }[];
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

const resolve: EmojiDataResolver = async (locale, { signal }): Promise<EmojiData> => {
  const files = FILES[locale as keyof typeof FILES] ?? FILES.en;
  const urls = await Promise.all(files.map(async (load) => (await load()).default));
  const [emojis, messages] = (await Promise.all(
    urls.map(async (url) => (await fetch(url, { signal })).json()),
  )) as [Emoji[], Messages];
  return {
    locale,
    categories: messages.groups
      .filter((group) => group.key !== 'component')
      .map((group) => ({ index: group.order, label: capital(group.message) })),
    skinTones: Object.fromEntries(messages.skinTones.map((tone) => [tone.key, capital(tone.message)])) as EmojiData['skinTones'],
    emojis: emojis
      .filter((emoji) => emoji.group !== undefined && emoji.version <= NEWEST_VERSION)
      .map((emoji) => ({
        emoji: emoji.emoji,
        category: emoji.group!,
        version: emoji.version,
        label: capital(emoji.label),
        tags: emoji.tags ?? [],
        skins: skinsOf(emoji),
      })),
  };
};

function skinsOf({ skins }: Emoji) {
  const single = skins?.filter((skin) => typeof skin.tone === 'number') ?? [];
  if (single.length < TONES.length) return undefined;
  const named = single.map((skin) => [TONE_NUMBERS[skin.tone as number], skin.emoji]);
  return Object.fromEntries(named) as EmojiData['emojis'][number]['skins'];
}

/** All emoji, by kind and by word. */
export function EmojiPanel({ onEmoji }: { onEmoji: (emoji: string) => void }) {
  const { t, i18n } = useTranslation('inbox');
  return (
    <EmojiPicker.Root
      className={classes.panel}
      locale={i18n.language}
      columns={8}
      resolveEmojiData={resolve}
      onEmojiSelect={({ emoji }) => onEmoji(emoji)}
    >
      <div className={classes.top}>
        <EmojiPicker.Search className={classes.search} placeholder={t('emoji.search')} aria-label={t('emoji.search')} autoFocus />
        <EmojiPicker.SkinToneSelector className={classes.tone} aria-label={t('emoji.tone')} />
      </div>
      <EmojiPicker.Viewport className={classes.view}>
        <EmojiPicker.Loading className={classes.said}>{t('emoji.loading')}</EmojiPicker.Loading>
        <EmojiPicker.Empty className={classes.said}>{t('emoji.nothing')}</EmojiPicker.Empty>
        <EmojiPicker.List
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={classes.category}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div {...props} className={classes.row}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button {...props} type="button" className={classes.emoji} data-active={emoji.isActive || undefined}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}
