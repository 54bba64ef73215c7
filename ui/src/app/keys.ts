// Keys in, screens out: `g` and a letter, as in mail programs; never while somebody types into a field.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { SESSION_SCREENS, USER_SCREENS } from './screens.ts';

const TOGETHER = 1500;

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export function useScreenKeys(): void {
  const navigate = useNavigate();
  const { session } = useParams({ strict: false });
  useEffect(() => {
    // Not 0: the clock of events begins with the page.
    let led = Number.NEGATIVE_INFINITY;
    const pressed = (event: KeyboardEvent): void => {
      // The editor is in a shadow tree: the target would be its host.
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.composedPath()[0] ?? null)) return;
      if (event.key === 'g') {
        led = event.timeStamp;
        return;
      }
      if (event.timeStamp - led > TOGETHER) return;
      led = Number.NEGATIVE_INFINITY;
      const user = USER_SCREENS.find(({ key }) => key === event.key);
      const own = session === undefined ? undefined : SESSION_SCREENS.find(({ key }) => key === event.key);
      if (user !== undefined) void navigate({ to: user.path });
      else if (own !== undefined && session !== undefined) void navigate({ to: own.path, params: { session } });
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [navigate, session]);
}
