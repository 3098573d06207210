/** What surrounds every page: the way around, who is signed in, whether the feed is live. */
import { ActionIcon, AppShell, Burger, Group, Indicator, NavLink, ScrollArea, Text, Tooltip } from '@mantine/core';
import { type HotkeyItem, useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { followFeed, useFeed, useIsLive } from '../api/feed';
import { useSession } from '../session';
import { Logo } from './Logo';
import classes from './Frame.module.css';
import { useLetterKeys } from './letterKeys';
import { places } from './places';
import { Shortcuts } from './Shortcuts';
import { UserMenu } from './UserMenu';

const SetupHint = lazy(() => import('../setup/SetupHint').then((module) => ({ default: module.SetupHint })));
const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));

export function Frame() {
  const { t } = useTranslation('shell');
  const session = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [navOpened, nav] = useDisclosure();
  const [shortcutsOpened, shortcuts] = useDisclosure();
  const [paletteWanted, setPaletteWanted] = useState(0);
  const [hasLetters] = useLetterKeys();
  const live = useIsLive();

  useEffect(() => followFeed(), []);
  // What was missed is not known: everything on the screen is read anew.
  useFeed('reset', () => void queryClient.invalidateQueries());

  const shown = places.filter((place) => place.roles.includes(session.role));
  useHotkeys([
    ['mod+K', () => setPaletteWanted((times) => times + 1)],
    ...(hasLetters ? ([['shift+?', shortcuts.open]] satisfies HotkeyItem[]) : []),
    ...shown.slice(0, 9).map((place, at): HotkeyItem => [`alt+${at + 1}`, () => navigate({ to: place.to })]),
  ]);

  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !navOpened } }}
    >
      <a className={classes.skip} href="#main">
        {t('skip')}
      </a>
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%" gap="sm">
          <Burger opened={navOpened} onClick={nav.toggle} size="sm" aria-label={t('menu')} />
          <Logo />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar}>
        <Group justify="space-between" px="xs" py={4} mb="xs" wrap="nowrap">
          <Logo />
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('palette.open')}
              onClick={() => setPaletteWanted((times) => times + 1)}
            >
              <IconSearch size={18} />
            </ActionIcon>
            <Burger hiddenFrom="sm" opened onClick={nav.close} size="sm" aria-label={t('menu')} />
          </Group>
        </Group>
        <AppShell.Section grow component={ScrollArea} type="never" viewportProps={{ tabIndex: -1 }}>
          <nav aria-label={t('nav.label')}>
            {(['work', 'build', 'run', 'admin'] as const).map((group) => {
              const links = shown.filter((place) => place.group === group);
              if (links.length === 0) return null;
              return (
                <div key={group} className={classes.group}>
                  <Text size="xs" fw={600} c="var(--quiet)" px="xs" pb={2}>
                    {t(`group.${group}`)}
                  </Text>
                  {links.map((place) => (
                    <NavLink
                      key={place.to}
                      component={Link}
                      to={place.to}
                      onClick={nav.close}
                      label={t(`nav.${place.name}`)}
                      leftSection={<place.icon size={18} stroke={1.7} />}
                      active={path === place.to || path.startsWith(`${place.to}/`)}
                      aria-current={path.startsWith(place.to) ? 'page' : undefined}
                      className={classes.link}
                    />
                  ))}
                </div>
              );
            })}
          </nav>
        </AppShell.Section>
        <AppShell.Section>
          <Suspense>
            <SetupHint />
          </Suspense>
          <Group justify="space-between" wrap="nowrap" gap={4}>
            <UserMenu />
            <Group gap={6} wrap="nowrap">
              <Tooltip label={live ? t('live.on') : t('live.off')}>
                <Indicator
                  role="status"
                  aria-label={live ? t('live.on') : t('live.off')}
                  color={live ? 'line' : 'orange'}
                  processing={!live}
                  size={9}
                  position="middle-center"
                >
                  <span className={classes.light} />
                </Indicator>
              </Tooltip>
              <ActionIcon variant="subtle" color="gray" aria-label={t('shortcuts.title')} onClick={shortcuts.open}>
                <IconKeyboard size={18} />
              </ActionIcon>
            </Group>
          </Group>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <Shortcuts opened={shortcutsOpened} onClose={shortcuts.close} />
      {paletteWanted > 0 && (
        <Suspense>
          <Palette wanted={paletteWanted} places={shown} />
        </Suspense>
      )}
    </AppShell>
  );
}
