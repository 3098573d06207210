import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { isAction } from './actions';

/** Says in plain words what an operation does; its id where there are none yet. */
export function useActionWords() {
  const { t } = useTranslation('audit');
  return useCallback((action: string) => (isAction(action) ? t(`action.${action}`) : action), [t]);
}
