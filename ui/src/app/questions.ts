// Open questions of all sessions, as they change; shared by the badge in the title, the navigation and the Approvals screen.
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '../../../src/client/client.ts';
import type { QuestionList } from '../../../src/schema/api.ts';
import { restUnlessSeen } from '../feed/rest.ts';
import { takePlace } from '../feed/stream-place.ts';
import { client } from './client.ts';

const KEY = ['questions'] as const;
const AGAIN = 1000;
/** Failures in turn. Another session takes over within a second; who serves nothing after three is not there. */
const LOST = 3;

/** Keeps the list current while its caller is on the screen; call it once, in the shell. @returns whether nobody serves the page any more */
export function useQuestionStream(): boolean {
  const queries = useQueryClient();
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    const over = new AbortController();
    const take = (list: QuestionList): void => {
      queries.setQueryData(KEY, list);
      setFailures(0);
    };
    const follow = async (): Promise<void> => {
      while (!over.signal.aborted) {
        // Of all tabs of this browser one has a stream; the others ask.
        const release = await takePlace('questions', navigator.locks);
        try {
          if (release === undefined) take(await client.questions());
          else for await (const list of client.questionStream(over.signal)) take(list);
        } catch (error) {
          // The hub ended, or another session serves by now: connect again.
          setFailures((count) => (error instanceof ApiError ? 0 : count + 1));
        } finally {
          release?.();
        }
        await restUnlessSeen(AGAIN, over.signal);
      }
    };
    void follow();
    return () => over.abort();
  }, [queries]);
  return failures >= LOST;
}

/** Never asked for here: an answer that is late on its way would hide what the stream has told since, until the next change. */
export function useQuestions(): QuestionList | undefined {
  return useQuery<QuestionList>({ queryKey: KEY, queryFn: skipToken }).data;
}
