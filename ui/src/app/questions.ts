// Open questions of all sessions, as they change; shared by the badge in the title, the navigation and the Approvals screen.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { QuestionList } from '../../../src/schema/api.ts';
import { restUnlessSeen } from '../feed/rest.ts';
import { takePlace } from '../feed/stream-place.ts';
import { client } from './client.ts';

const KEY = ['questions'] as const;
const AGAIN = 1000;

/** Keeps the list current while its caller is on the screen; call it once, in the shell. */
export function useQuestionStream(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const over = new AbortController();
    const follow = async (): Promise<void> => {
      while (!over.signal.aborted) {
        // Of all tabs of this browser one has a stream; the others ask.
        const release = await takePlace('questions', navigator.locks);
        try {
          if (release === undefined) queries.setQueryData(KEY, await client.questions());
          else for await (const list of client.questionStream(over.signal)) queries.setQueryData(KEY, list);
        } catch {
          // The hub ended, or another session serves by now: connect again.
        } finally {
          release?.();
        }
        await restUnlessSeen(AGAIN, over.signal);
      }
    };
    void follow();
    return () => over.abort();
  }, [queries]);
}

export function useQuestions(): QuestionList | undefined {
  return useQuery({ queryKey: KEY, queryFn: () => client.questions(), staleTime: Number.POSITIVE_INFINITY }).data;
}
