import { Button, Skeleton, Title } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type RefObject, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';

import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { useMay } from '~/session';

import type { Conversation, InboxCounts } from '../queries';
import { filterOf } from '../filters';
import type { Directory } from '../useDirectory';
import classes from './ConversationList.module.css';
import { ConversationRow } from './ConversationRow';
import { FilterButton, FilterChips } from './Filters';
import { SearchBox } from './SearchBox';
import { Tabs } from './Tabs';
import { useConversations } from './useConversations';

export interface ListHandle {
  /** The conversation beside the open one. */
  beside: (by: 1 | -1) => Conversation | undefined;
  search: () => void;
}

/** Where the list was left, so that coming back to it is coming back to the same place. */
let left: { list: string; offset: number } | undefined;

export function ConversationList({
  open,
  counts,
  directory,
  handle,
}: {
  open: string | undefined;
  counts: InboxCounts | undefined;
  directory: Directory;
  handle: RefObject<ListHandle | null>;
}) {
  const { t } = useTranslation(['inbox', 'parts']);
  const search = useSearch({ strict: false });
  const { show, number, agent, q } = search;
  const filter = useMemo(() => filterOf({ show, number, agent, q }), [show, number, agent, q]);
  const { conversations, data, isPending, error, more, isFetchingNextPage, hasPreviousPage } = useConversations(filter);
  const input = useRef<HTMLInputElement>(null);
  const virtual = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);

  useImperativeHandle(handle, () => ({
    beside: (by) => {
      const at = conversations.findIndex((conversation) => conversation.id === open);
      const next = at < 0 ? 0 : at + by;
      if (conversations[next]) virtual.current?.scrollToIndex(next, { align: 'nearest' });
      return conversations[next];
    },
    search: () => input.current?.focus(),
  }));

  // Pages come and go above the eye when somebody scrolls far: the list then counts from its end.
  const start = data?.pageParams[0] ?? '';
  const before = useRef({ start, first: undefined as string | undefined, rows: conversations });
  const isSameList = before.current.rows.length > 0;
  const shift = isSameList && before.current.start !== start;

  // A conversation that jumps to the top must not push away what somebody is about to click.
  useLayoutEffect(() => {
    const was = before.current;
    const list = virtual.current;
    if (list && was.rows !== conversations && !shift && list.scrollOffset > 30) {
      const top = list.findItemIndex(list.scrollOffset);
      const anchor = was.rows[top];
      const now = anchor ? conversations.findIndex((one) => one.id === anchor.id) : -1;
      if (now >= 0 && now !== top) list.scrollBy(list.getItemOffset(now) - list.getItemOffset(top));
    }
    before.current = { start, first: conversations[0]?.id, rows: conversations };
  }, [conversations, shift, start]);

  const listName = JSON.stringify(filter);
  const hasRows = conversations.length > 0;
  useLayoutEffect(() => {
    if (!hasRows) return;
    const list = virtual.current;
    if (left?.list === listName) list?.scrollTo(left.offset);
    else list?.scrollTo(0);
    return () => {
      left = { list: listName, offset: list?.scrollOffset ?? 0 };
    };
  }, [listName, hasRows]);

  const look = (offset: number) => {
    const list = virtual.current;
    if (!list) return;
    if (offset + list.viewportSize * 2 > list.scrollSize) void more('below');
    else if (offset < list.viewportSize && hasPreviousPage) void more('above');
  };
  // A page that does not fill the list, such as on a tall screen.
  useEffect(() => {
    if (virtual.current) look(virtual.current.scrollOffset);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- looked at once for each change of the rows
  }, [conversations.length]);

  return (
    <section className={classes.list} aria-label={t('list.label')}>
      <header className={classes.head}>
        <Title order={1} size="h3">
          {t('title')}
        </Title>
        <FilterButton directory={directory} />
      </header>
      <div className={classes.search}>
        <SearchBox ref={input} />
      </div>
      <Tabs counts={counts} />
      <FilterChips directory={directory} />
      <div ref={scroller} className={classes.rows} aria-busy={isPending} data-list-scroll>
        {isPending && <Waiting />}
        <Failure error={error} />
        {!isPending && !error && !hasRows && <Empty isNarrowed={Object.keys(filter).length > 0} />}
        {hasRows && (
          <Virtualizer
            ref={virtual}
            data={conversations}
            as="ul"
            item="li"
            shift={shift}
            itemSize={68}
            bufferSize={400}
            onScroll={look}
            scrollRef={scroller}
          >
            {(conversation) => (
              <ConversationRow key={conversation.id} conversation={conversation} isOpen={conversation.id === open} />
            )}
          </Virtualizer>
        )}
        {isFetchingNextPage && <Waiting rows={2} />}
      </div>
    </section>
  );
}

function Waiting({ rows = 9 }: { rows?: number }) {
  return (
    <div aria-hidden className={classes.waiting}>
      {Array.from({ length: rows }, (_, row) => (
        // oxlint-disable-next-line react/no-array-index-key -- they are all the same
        <div key={row} className={classes.ghost}>
          <Skeleton circle h={44} w={44} />
          <div>
            <Skeleton h={12} w="55%" />
            <Skeleton h={10} w="85%" mt={10} />
          </div>
        </div>
      ))}
    </div>
  );
}

function Empty({ isNarrowed }: { isNarrowed: boolean }) {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const isAdmin = useMay();
  if (!isNarrowed) {
    const setup = isAdmin && (
      <Button component={Link} to="/setup" variant="light">
        {t('list.nothing.setup')}
      </Button>
    );
    return <Nothing title={t('list.nothing.title')} text={t('list.nothing.text')} action={setup} />;
  }
  const all = (
    <Button variant="default" onClick={() => navigate({ to: '.', search: {}, replace: true })}>
      {t('list.showAll')}
    </Button>
  );
  return <Nothing title={t('list.nobody.title')} text={t('list.nobody.text')} action={all} />;
}
