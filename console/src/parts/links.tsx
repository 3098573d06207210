/** Mantine's links and buttons that go to a page of the console, with the router's own types. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type Own<Props> = Props & Omit<ComponentProps<'a'>, keyof Props | 'href'>;

export const AnchorLink = createLink((props: Own<AnchorProps>) => <Anchor {...props} />);

export const ButtonLink = createLink((props: Own<ButtonProps>) => <Button component="a" {...props} />);
