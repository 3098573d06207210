/** Templates as the console keeps them. */
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import { $api, api, ok, type Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';
import { paged } from '~/parts/PagedTable';

export type Template = Schemas['Template'];

const LIST = '/api/v1/templates';
/** What Meta lets one change. */
const EDITABLE = ['APPROVED', 'REJECTED', 'PAUSED'];

export const FILTERS = ['number', 'status', 'category', 'language'] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

export function useTemplates({ number, status, category, language }: Filters) {
  const query = { number_id: number, status, category: category as Schemas['Category'] | undefined, language };
  return $api.useInfiniteQuery('get', LIST, { params: { query } }, paged);
}

/** Shows what Meta tells of templates as it comes. */
export function useLiveTemplates() {
  const queryClient = useQueryClient();
  useFeed('template', ({ template }) => {
    let known = false;
    queryClient.setQueriesData<InfiniteData<Schemas['List_Template']>>({ queryKey: ['get', LIST] }, (list) => {
      if (!list?.pages) return list;
      const change = (other: Template) => {
        if (other.id !== template.id) return other;
        known = true;
        return template;
      };
      return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(change) })) };
    });
    void queryClient.invalidateQueries({ queryKey: ['get', `${LIST}/{template_id}`] });
    if (!known) void queryClient.invalidateQueries({ queryKey: ['get', LIST] });
  });
}

export function useRefreshTemplates() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [LIST, `${LIST}/{template_id}`].map((path) => queryClient.invalidateQueries({ queryKey: ['get', path] })),
    );
}

export function deleteTemplate(id: string) {
  return ok(api.DELETE('/api/v1/templates/{template_id}', { params: { path: { template_id: id } } }));
}

export function isEditable(template: Template): boolean {
  return EDITABLE.includes(template.status) && !!template.meta_id;
}

/** The numbers, and one of each account that templates can be made in. */
export function useAccounts() {
  const query = $api.useQuery('get', '/api/v1/numbers', { params: { query: { limit: 100 } } });
  return useMemo(() => {
    const numbers = query.data?.items ?? [];
    const ready = numbers.filter((number) => number.waba_id && number.has_access_token);
    const accounts = [...new Map(ready.map((number) => [number.waba_id, number])).values()];
    return { numbers, accounts, isPending: query.isPending };
  }, [query.data, query.isPending]);
}

export function numberName(number: Schemas['Number']): string {
  return [number.display_name, number.display_phone_number].filter(Boolean).join(' · ') || number.phone_number_id;
}
