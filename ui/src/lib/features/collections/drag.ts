/** Dragging rows; loaded once the window is at rest. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import type { Attachment } from 'svelte/attachments';
import type { Collection } from '$lib/bridge/types';
import { type DropPlace, dropPlace, type Landing, landing } from './drop';
import type { Row } from './rows';

export interface DragHandlers {
  collection: (root: string) => Collection | null;
  onhover: (hover: { id: string; place: DropPlace } | null) => void;
  ondrop: (collection: string, path: string, to: Landing) => void;
}

export function dragRow(row: Row, handlers: DragHandlers): Attachment<HTMLElement> {
  return (element) => {
    const movable = row.kind !== 'collection' && row.kind !== 'draft';
    const aim = (data: Record<string | symbol, unknown>, clientY: number) => {
      const { collection: root, path } = data;
      const collection = typeof root === 'string' ? handlers.collection(root) : null;
      if (!collection || typeof path !== 'string') return null;
      const box = element.getBoundingClientRect();
      const place = dropPlace(row, (clientY - box.top) / box.height);
      const to = landing(collection, path, row, place);
      return to ? { collection: collection.root, path, place, to } : null;
    };
    const target = dropTargetForElements({
      element,
      onDrag: ({ source, location }) => {
        const aimed = aim(source.data, location.current.input.clientY);
        handlers.onhover(aimed ? { id: row.id, place: aimed.place } : null);
      },
      onDragLeave: () => handlers.onhover(null),
      onDrop: ({ source, location }) => {
        handlers.onhover(null);
        const aimed = aim(source.data, location.current.input.clientY);
        if (aimed) handlers.ondrop(aimed.collection, aimed.path, aimed.to);
      },
    });
    if (!movable) return target;
    return combine(
      target,
      draggable({ element, getInitialData: () => ({ collection: row.collection, path: row.path }) }),
    );
  };
}
