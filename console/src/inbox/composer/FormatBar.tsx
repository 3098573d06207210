import { ActionIcon, Tooltip } from '@mantine/core';
import { IconBlockquote, IconBold, IconCode, IconItalic, IconList, IconListNumbers, IconStrikethrough } from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './Composer.module.css';
import type { TextBoxHandle } from './TextBox';

const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl+';

const FORMATS = [
  ['bold', IconBold, 'B', (box) => box.mark('*')],
  ['italic', IconItalic, 'I', (box) => box.mark('_')],
  ['strike', IconStrikethrough, 'Shift+X', (box) => box.mark('~')],
  ['code', IconCode, 'E', (box) => box.mark('`')],
  ['list', IconList, '', (box) => box.begin('- ')],
  ['numbered', IconListNumbers, '', (box) => box.begin('1. ')],
  ['quote', IconBlockquote, '', (box) => box.begin('> ')],
] as const satisfies readonly (readonly [string, typeof IconBold, string, (box: TextBoxHandle) => void])[];

/** WhatsApp's own formatting, for those who do not know its marks. */
export function FormatBar({ box }: { box: RefObject<TextBoxHandle | null> }) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.formats} role="toolbar" aria-label={t('format.label')}>
      {FORMATS.map(([name, Icon, keys, apply]) => (
        <Tooltip key={name} label={keys ? `${t(`format.${name}`)} (${mod}${keys})` : t(`format.${name}`)}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t(`format.${name}`)}
            // The words stay selected.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => box.current && apply(box.current)}
          >
            <Icon size={17} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
