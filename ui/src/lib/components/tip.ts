/** One tooltip for the whole window: shown after a moment's rest on a control, at once where the keyboard comes to it. */
import type { Attachment } from 'svelte/attachments';

export interface Tip {
  text: string;
  keys?: string;
}

const restMs = 450;
let bubble: HTMLElement | null = null;
let owner: Element | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export function tip(read: () => Tip | null): Attachment<HTMLElement> {
  return (node) => {
    const enter = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return;
      clearTimeout(timer);
      timer = setTimeout(() => show(node, read()), restMs);
    };
    const focus = () => {
      if (node.matches(':focus-visible')) show(node, read());
    };
    const leave = () => hide(node);
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide(node);
    };
    node.addEventListener('pointerenter', enter);
    node.addEventListener('pointerleave', leave);
    node.addEventListener('pointerdown', leave);
    node.addEventListener('focus', focus);
    node.addEventListener('blur', leave);
    node.addEventListener('keydown', key);
    return () => {
      hide(node);
      node.removeEventListener('pointerenter', enter);
      node.removeEventListener('pointerleave', leave);
      node.removeEventListener('pointerdown', leave);
      node.removeEventListener('focus', focus);
      node.removeEventListener('blur', leave);
      node.removeEventListener('keydown', key);
    };
  };
}

function show(node: Element, content: Tip | null): void {
  if (!content || !node.isConnected) return;
  bubble ??= document.body.appendChild(makeBubble());
  owner = node;
  const words = document.createElement('span');
  words.textContent = content.text;
  bubble.replaceChildren(words);
  if (content.keys) {
    const keys = document.createElement('kbd');
    keys.textContent = content.keys;
    bubble.append(keys);
  }
  bubble.hidden = false;
  place(bubble, node.getBoundingClientRect());
}

function hide(node: Element): void {
  clearTimeout(timer);
  if (owner !== node || !bubble) return;
  owner = null;
  bubble.hidden = true;
}

function makeBubble(): HTMLElement {
  const element = document.createElement('div');
  element.className = 'tip-bubble';
  element.setAttribute('aria-hidden', 'true');
  return element;
}

function place(element: HTMLElement, anchor: DOMRect): void {
  const gap = 6;
  const { offsetWidth: width, offsetHeight: height } = element;
  const below = anchor.bottom + gap + height <= window.innerHeight;
  const left = Math.min(Math.max(4, anchor.left + anchor.width / 2 - width / 2), window.innerWidth - width - 4);
  element.style.left = `${Math.round(left)}px`;
  element.style.top = `${Math.round(below ? anchor.bottom + gap : anchor.top - gap - height)}px`;
}
