import { Button, Center } from '@mantine/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** The end of a list that grows when it is scrolled to; the button is for whoever does not scroll. */
export function Endless({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; isError: boolean; fetchNextPage: () => unknown };
}) {
  const { t } = useTranslation('parts');
  const end = useRef<HTMLDivElement>(null);
  const reached = useEffectEvent(() => {
    if (query.hasNextPage && !query.isFetchingNextPage && !query.isError) void query.fetchNextPage();
  });
  const { hasNextPage, isFetchingNextPage } = query;
  // Watched anew after each page: while the end is still in sight, the next one is read too.
  useEffect(() => {
    if (!end.current || !hasNextPage || isFetchingNextPage) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && reached(), { rootMargin: '600px' });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [hasNextPage, isFetchingNextPage]);
  if (!hasNextPage) return null;
  return (
    <Center ref={end} mt="md">
      <Button variant="default" onClick={() => query.fetchNextPage()} loading={isFetchingNextPage}>
        {t('more')}
      </Button>
    </Center>
  );
}
