// Said where an address leads nowhere.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function NotFound(): ReactNode {
  return (
    <main className="screen">
      <h1>There is nothing at this address</h1>
      <p>
        <Link to="/">All sessions</Link>
      </p>
    </main>
  );
}
