import { ActionIcon, Button, Group, Menu, SimpleGrid, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import classes from '../Templates.module.css';
import { type ButtonDraft, BUTTONS, MOST_BUTTONS, newButton } from './draft';
import type { FieldProps } from './fields';
import { hasRoom, MAX } from './rules';

/** What can be tapped below the words. */
export function ButtonFields({ draft, change, wrong }: FieldProps) {
  const { t } = useTranslation('templates');
  const { buttons } = draft;
  const set = (key: number, changes: Partial<ButtonDraft>) =>
    change({ buttons: buttons.map((button) => (button.key === key ? { ...button, ...changes } : button)) });
  const move = (at: number, by: number) => {
    const moved = [...buttons];
    const [button] = moved.splice(at, 1);
    if (button) moved.splice(at + by, 0, button);
    change({ buttons: moved });
  };

  return (
    <Stack>
      <Text size="sm" c="var(--quiet)">
        {t('builder.buttonsHint')}
      </Text>
      {buttons.map((button, at) => (
        <fieldset key={button.key} className={classes.button} aria-label={t(`button.${button.type}`)}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" fw={600}>
              {t(`button.${button.type}`)}
            </Text>
            <Group gap={4} wrap="nowrap">
              <Tool label={t('builder.up')} disabled={at === 0} onClick={() => move(at, -1)}>
                <IconArrowUp size={16} />
              </Tool>
              <Tool label={t('builder.down')} disabled={at === buttons.length - 1} onClick={() => move(at, 1)}>
                <IconArrowDown size={16} />
              </Tool>
              <Tool
                label={t('builder.removeButton')}
                onClick={() => change({ buttons: buttons.filter((other) => other.key !== button.key) })}
              >
                <IconTrash size={16} />
              </Tool>
            </Group>
          </Group>
          <Inside button={button} set={(changes) => set(button.key, changes)} wrong={wrong} />
        </fieldset>
      ))}
      {wrong('buttons') && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {wrong('buttons')}
        </Text>
      )}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={buttons.length >= MOST_BUTTONS}
            style={{ alignSelf: 'flex-start' }}
          >
            {t('builder.addButton')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {BUTTONS.map((type) => (
            <Menu.Item
              key={type}
              disabled={!hasRoom(draft, type)}
              onClick={() => change({ buttons: [...buttons, newButton(type)] })}
            >
              {t(`button.${type}`)}
              <Text size="xs" c="var(--quiet)">
                {t(`buttonAbout.${type}`)}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  );
}

function Tool({
  label,
  disabled,
  onClick,
  children,
}: {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Inside({
  button,
  set,
  wrong,
}: {
  button: ButtonDraft;
  set: (changes: Partial<ButtonDraft>) => void;
  wrong: FieldProps['wrong'];
}) {
  const { t } = useTranslation('templates');
  const field = (name: 'text' | 'url' | 'phone_number' | 'example' | 'flow_id', maxLength: number) => ({
    label: t(`field.button.${name}`),
    required: true,
    maxLength,
    value: button[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.currentTarget.value }),
    error: wrong(`buttons.${button.key}.${name}`),
  });
  return (
    <SimpleGrid cols={{ base: 1, sm: button.type === 'QUICK_REPLY' || button.type === 'VOICE_CALL' ? 1 : 2 }}>
      {button.type !== 'COPY_CODE' && <TextInput {...field('text', MAX.label)} />}
      {button.type === 'URL' && (
        <TextInput {...field('url', MAX.url)} placeholder="https://example.com/{{1}}" dir="ltr" />
      )}
      {button.type === 'URL' && button.url.includes('{{') && (
        <TextInput
          {...field('example', MAX.url)}
          label={t('field.button.filled')}
          placeholder="https://example.com/A-77"
          dir="ltr"
        />
      )}
      {button.type === 'PHONE_NUMBER' && (
        <TextInput {...field('phone_number', MAX.phone)} placeholder="+15550002222" dir="ltr" />
      )}
      {button.type === 'COPY_CODE' && (
        <TextInput {...field('example', MAX.code)} label={t('field.button.code')} placeholder="SAVE10" dir="ltr" />
      )}
      {button.type === 'FLOW' && <TextInput {...field('flow_id', 255)} dir="ltr" />}
    </SimpleGrid>
  );
}
