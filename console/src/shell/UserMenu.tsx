import { Avatar, Menu, SegmentedControl, Text, UnstyledButton, useDirection, useMantineColorScheme } from '@mantine/core';
import { IconLanguage, IconLogout, IconUserCog } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { chooseLanguage, directionOf, type Language, LANGUAGES } from '../i18n';
import { useSession, useSignIn } from '../session';

export function UserMenu() {
  const { t, i18n } = useTranslation('shell');
  const session = useSession();
  const { signOut } = useSignIn();
  const navigate = useNavigate();
  const { setDirection } = useDirection();
  const { colorScheme, setColorScheme } = useMantineColorScheme();

  const speak = async (language: Language) => {
    await chooseLanguage(language);
    setDirection(directionOf(language));
  };

  return (
    <Menu width={260} position="top-start" withinPortal closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton aria-label={t('user.menu', { name: session.name })} p={4} style={{ minWidth: 0, flex: 1 }}>
          <span style={{ display: 'flex', gap: 8, alignItems: 'center', minWidth: 0 }}>
            <Avatar name={session.name} color="initials" size={30} radius="xl" />
            <span style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} truncate>
                {session.name}
              </Text>
              <Text size="xs" c="var(--quiet)" truncate>
                {t(`role.${session.role}`)}
              </Text>
            </span>
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.workspace.name}</Menu.Label>
        <Menu.Label>{t('user.colours')}</Menu.Label>
        <SegmentedControl
          fullWidth
          mx={4}
          size="xs"
          value={colorScheme}
          onChange={(chosen) => setColorScheme(chosen as 'light' | 'dark' | 'auto')}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`user.scheme.${value}`) }))}
        />
        <Menu.Label>{t('user.language')}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            role="menuitemradio"
            aria-checked={i18n.language === language}
            leftSection={<IconLanguage size={16} />}
            fw={i18n.language === language ? 700 : undefined}
            lang={language}
            onClick={() => speak(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {session.actor.startsWith('mem_') && (
          <Menu.Item
            leftSection={<IconUserCog size={16} />}
            closeMenuOnClick
            onClick={() => navigate({ to: '/account' })}
          >
            {t('user.account')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} />} closeMenuOnClick onClick={signOut}>
          {t('user.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
