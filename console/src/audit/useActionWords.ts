import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { isAction } from './actions';

/** Says in plain words what was done: what an operation does, or its id where there are no words yet. */
export function useActionWords() {
  const { t } = useTranslation('audit');
  return useCallback(
    ({ action, status }: { action: string; status?: number }) => {
      if (action === 'signIn' && status === 401) return t('action.signInFailed');
      return isAction(action) ? t(`action.${action}`) : action;
    },
    [t],
  );
}
