import { ActionIcon, Button, Popover, Stack, Text, Textarea } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Asks the agent what it would say; in words of one's own if one likes. */
export function DraftButton({ isBusy, disabled, onAsk }: { isBusy: boolean; disabled: boolean; onAsk: (instructions?: string) => void }) {
  const { t } = useTranslation('inbox');
  const [isOpen, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const ask = () => {
    setOpen(false);
    onAsk(words.trim() || undefined);
    setWords('');
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top" width={320} withinPortal shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={38}
          loading={isBusy}
          disabled={disabled}
          aria-label={t('draft.open')}
          title={t('draft.open')}
          onClick={() => setOpen(!isOpen)}
        >
          <IconSparkles size={20} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            ask();
          }}
        >
          <Stack gap="xs">
            <Text fw={600} size="sm">
              {t('draft.title')}
            </Text>
            <Textarea
              label={t('draft.instructions')}
              description={t('draft.hint')}
              placeholder={t('draft.placeholder')}
              autosize
              minRows={2}
              maxRows={5}
              maxLength={2000}
              data-autofocus
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
                  event.preventDefault();
                  ask();
                }
              }}
            />
            <Button type="submit" size="sm" leftSection={<IconSparkles size={16} />}>
              {t('draft.ask')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
