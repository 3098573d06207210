import '@mantine/dropzone/styles.css';

import { Button, FileButton, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconUpload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useMay } from '~/session';

import type { KnowledgeFile } from './queries';
import { ACCEPTED } from './kinds';
import classes from './Upload.module.css';
import { UploadList } from './UploadList';
import { useUploads } from './uploads';

/** Takes files from the picker, and those that are dropped anywhere on the page. */
export function UploadArea({ agentId, agentName, files }: { agentId: string; agentName: string; files: KnowledgeFile[] }) {
  const { t } = useTranslation(['knowledge', 'parts']);
  const mayChange = useMay('editor');
  const queue = useUploads(agentId);
  if (!mayChange) {
    return (
      <Text size="sm" c="var(--quiet)">
        {t('parts:notAllowed')}
      </Text>
    );
  }
  return (
    <>
      <div className={classes.area}>
        <FileButton multiple accept={ACCEPTED} onChange={(chosen) => queue.add(chosen, files)}>
          {(props) => (
            <Button leftSection={<IconUpload size={18} />} {...props}>
              {t('upload.choose')}
            </Button>
          )}
        </FileButton>
        <div>
          <Text size="sm">{t('upload.hint')}</Text>
          <Text size="xs" c="var(--quiet)">
            {t('upload.kinds')}
          </Text>
        </div>
      </div>
      {/* Only for the pointer, and unseen until files are dragged in: the keyboard has the button above. */}
      <Dropzone.FullScreen
        active
        aria-hidden
        activateOnKeyboard={false}
        onDrop={(dropped) => queue.add(dropped, files)}
      >
        <div className={classes.drop}>
          <IconUpload size={44} stroke={1.4} style={{ justifySelf: 'center' }} />
          <Text size="xl" fw={600} mt="sm">
            {t('upload.here', { agent: agentName })}
          </Text>
          <Text c="var(--quiet)">{t('upload.kinds')}</Text>
        </div>
      </Dropzone.FullScreen>
      <UploadList queue={queue} />
    </>
  );
}
