// The one client of this tab, and the memory of what it was told.
import { QueryClient } from '@tanstack/react-query';
import { ApiClient, ApiError } from '../../../src/client/client.ts';
import { takeAccess } from './token.ts';

export const access = takeAccess(window.location, window.history, window.sessionStorage);
export const client = new ApiClient(window.location.origin, access?.token ?? '');

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal is an answer; only a connection that failed is tried again, until another session serves the page.
      retry: (count, error) => !(error instanceof ApiError) && count < 20,
      retryDelay: 500,
      staleTime: 1000,
    },
  },
});
