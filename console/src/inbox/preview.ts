/** A message in a few words: for lists, quotes and replies. */
import {
  IconContract,
  IconFile,
  IconForms,
  IconMapPin,
  IconMicrophone,
  IconMusic,
  IconPencil,
  IconPhone,
  IconPhoto,
  IconReceipt,
  IconSticker,
  IconTemplate,
  IconTrash,
  IconUser,
  IconVideo,
} from '@tabler/icons-react';
import type { TFunction } from 'i18next';

import { flat } from './format/parse';

export interface Described {
  icon?: typeof IconPhoto;
  text: string;
}

interface Short {
  type: string;
  text?: string | null;
  /** As the API shows it, where it is known. */
  content?: unknown;
}

/** What stands under the name of the message's type. */
export function partOf(message: Short): Record<string, unknown> {
  const content = message.content as Record<string, unknown> | undefined;
  const part = content?.[message.type];
  return part && typeof part === 'object' ? (part as Record<string, unknown>) : {};
}

const LONG = 300;

export function describe(message: Short, t: TFunction<'inbox'>): Described {
  const words = message.text ? flat(message.text.slice(0, LONG)) : '';
  const part = partOf(message);
  switch (message.type) {
    case 'text':
    case 'button':
      return { text: words || t('type.empty') };
    case 'image':
      return { icon: IconPhoto, text: words || t('type.image') };
    case 'video':
      return { icon: IconVideo, text: words || t('type.video') };
    case 'audio':
      return part.voice ? { icon: IconMicrophone, text: words || t('type.voice') } : { icon: IconMusic, text: words || t('type.audio') };
    case 'document':
      return { icon: IconFile, text: words || t('type.document') };
    case 'sticker':
      return { icon: IconSticker, text: t('type.sticker') };
    case 'location':
      return { icon: IconMapPin, text: words || t('type.location') };
    case 'contacts':
      return { icon: IconUser, text: words || t('type.contacts') };
    case 'reaction':
      return { text: words ? t('type.reaction', { emoji: words }) : t('type.unreacted') };
    case 'interactive':
      return part.type === 'nfm_reply'
        ? { icon: IconForms, text: t('type.form') }
        : { text: words || t('type.interactive') };
    case 'template':
      return { icon: IconTemplate, text: words || t('type.template') };
    case 'order':
      return { icon: IconReceipt, text: words || t('type.order') };
    case 'edit':
      return { icon: IconPencil, text: t('type.edit', { text: words }) };
    case 'revoke':
      return { icon: IconTrash, text: t('type.revoke') };
    case 'call':
      return { icon: IconPhone, text: words || t('type.call') };
    case 'messaging_handover':
      return { icon: IconContract, text: words || t('type.messaging_handover') };
    case 'system':
    case 'request_welcome':
    case 'unsupported':
    case 'malformed':
      return { text: words || t(`type.${message.type}`) };
    default:
      return { text: words || t('type.unknown', { type: message.type }) };
  }
}
