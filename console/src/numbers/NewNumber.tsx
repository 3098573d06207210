import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { NewNumberForm } from './NewNumberForm';

export function NewNumber({ onClose, onMade }: { onClose: () => void; onMade: (number: Schemas['Number']) => void }) {
  const { t } = useTranslation('numbers');
  return (
    <Modal opened onClose={onClose} title={t('add')} size="lg" closeOnClickOutside={false}>
      <NewNumberForm
        onCancel={onClose}
        onMade={(number) => {
          onClose();
          onMade(number);
        }}
      />
    </Modal>
  );
}
