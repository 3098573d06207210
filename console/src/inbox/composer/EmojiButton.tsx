import { ActionIcon, Center, Loader, Popover } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

const EmojiPanel = lazy(() => import('./EmojiPanel').then((module) => ({ default: module.EmojiPanel })));

/** Opens the emoji; they are loaded when they are first asked for. */
export function EmojiButton({ onEmoji, disabled }: { onEmoji: (emoji: string) => void; disabled?: boolean }) {
  const { t } = useTranslation('inbox');
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-start" withinPortal shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={38}
          disabled={disabled}
          aria-label={t('emoji.open')}
          title={t('emoji.open')}
          onClick={() => setOpen(!isOpen)}
        >
          <IconMoodSmile size={21} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <Suspense
          fallback={
            <Center h={340} w={344}>
              <Loader size="sm" />
            </Center>
          }
        >
          <EmojiPanel
            onEmoji={(emoji) => {
              setOpen(false);
              onEmoji(emoji);
            }}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
