// What may be wider or longer than its place in; a region that keys scroll as well out.
import type { ReactNode } from 'react';

export function Scroll({
  label,
  className = 'scroll',
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus (WCAG 2.1.1)
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
