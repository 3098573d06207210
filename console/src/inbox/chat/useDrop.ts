import { type DragEvent, useRef, useState } from 'react';

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

/** Files that are dragged over something, and let go. */
export function useDrop(onFiles: (files: File[]) => void, isAllowed: boolean) {
  const [isOver, setOver] = useState(false);
  // Each element that is crossed is entered before the one around it is left.
  const depth = useRef(0);
  const enter = (event: DragEvent) => {
    if (!isAllowed || !hasFiles(event)) return;
    event.preventDefault();
    depth.current += 1;
    setOver(true);
  };
  const leave = (event: DragEvent) => {
    if (!isAllowed || !hasFiles(event)) return;
    depth.current -= 1;
    if (depth.current <= 0) setOver(false);
  };
  const drop = (event: DragEvent) => {
    if (!isAllowed || !hasFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  const over = (event: DragEvent) => {
    if (isAllowed && hasFiles(event)) event.preventDefault();
  };
  return { isOver, handlers: { onDragEnter: enter, onDragLeave: leave, onDragOver: over, onDrop: drop } };
}
