import { useNavigate, useSearch } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';

import type { InboxCounts } from '../queries';
import { type Show, TABS } from '../filters';
import classes from './Tabs.module.css';

const COUNTED = { unread: 'unread', mine: 'mine', human: 'human', tasks: 'tasks', closing: 'closing' } as const;

/** Which conversations are listed, with how many there are of each kind. */
export function Tabs({ counts }: { counts: InboxCounts | undefined }) {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const shown: Show = search.show ?? 'all';
  const tabs: readonly Show[] = shown === 'agent' ? [...TABS, 'agent'] : TABS;
  const list = useRef<HTMLElement>(null);
  // The chosen one is in sight, whatever else is.
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (chosen && list.current) {
      const [left, width] = [chosen.offsetLeft, chosen.offsetWidth];
      list.current.scrollLeft = left - (list.current.clientWidth - width) / 2;
    }
  }, [shown]);

  const show = (event: MouseEvent, tab: Show) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ to: '.', search: (before) => ({ ...before, show: tab === 'all' ? undefined : tab }), replace: true });
  };

  return (
    <nav ref={list} className={classes.tabs} aria-label={t('list.tabs')}>
      {tabs.map((tab) => {
        const many = counts && tab in COUNTED ? counts[COUNTED[tab as keyof typeof COUNTED]] : 0;
        return (
          <a
            key={tab}
            href={tab === 'all' ? '/inbox' : `/inbox?show=${tab}`}
            className={classes.tab}
            aria-current={tab === shown ? 'true' : undefined}
            data-tab={tab}
            onClick={(event) => show(event, tab)}
          >
            {t(`list.tab.${tab}`)}
            {many > 0 && <span className={classes.many}>{many > 999 ? '999+' : count(many)}</span>}
          </a>
        );
      })}
    </nav>
  );
}
