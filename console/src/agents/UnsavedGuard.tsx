import { useTranslation } from 'react-i18next';

import { LeaveGuard } from '~/parts/LeaveGuard';

/** Asks before a part of the agent is left whose changes are not saved. */
export function UnsavedGuard(of: { isDirty: boolean; evenTabs?: boolean }) {
  const { t } = useTranslation('agents');
  return <LeaveGuard {...of} words={t('unsaved', { returnObjects: true })} />;
}
