import { Kbd, Modal, Switch, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useLetterKeys } from './letterKeys';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Every shortcut, by where it works. `mod` is Ctrl, or Command on a Mac. */
const SHORTCUTS = {
  everywhere: [
    ['mod+K', 'palette'],
    ['?', 'help'],
    ['Alt+1 … 9', 'page'],
  ],
  inbox: [
    ['j', 'next'],
    ['k', 'previous'],
    ['/', 'search'],
    ['t', 'take'],
    ['r', 'release'],
    ['u', 'unread'],
    ['w', 'why'],
    ['n', 'note'],
    ['c', 'write'],
    ['Esc', 'leave'],
  ],
  composer: [
    ['Enter', 'send'],
    ['Shift+Enter', 'line'],
    ['mod+B', 'bold'],
    ['mod+I', 'italic'],
    ['mod+Shift+X', 'strike'],
    ['mod+E', 'code'],
    ['mod+Shift+D', 'draft'],
  ],
} as const;

export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [hasLetters, setLetters] = useLetterKeys();
  return (
    <Modal opened={opened} onClose={onClose} title={t('shortcuts.title')}>
      <Switch
        checked={hasLetters}
        onChange={(event) => setLetters(event.currentTarget.checked)}
        label={t('shortcuts.letters')}
        description={t('shortcuts.lettersText')}
      />
      {(Object.keys(SHORTCUTS) as (keyof typeof SHORTCUTS)[]).map((where) => (
        <section key={where}>
          <Text fw={600} size="sm" mt="sm">
            {t(`shortcuts.${where}.title`)}
          </Text>
          <Table verticalSpacing={4}>
            <Table.Tbody>
              {SHORTCUTS[where].map(([keys, what]) => (
                <Table.Tr key={what}>
                  <Table.Td w={150}>
                    <Kbd>{keys.replace('mod', isMac ? '⌘' : 'Ctrl')}</Kbd>
                  </Table.Td>
                  <Table.Td>{t(`shortcuts.${where}.${what}` as 'shortcuts.inbox.next')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Modal>
  );
}
