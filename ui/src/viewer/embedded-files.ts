// The viewer's page in, the files that it carries out when it is a report; none when it is the bare viewer.
import { filesOf } from '../journal/embedded.ts';

const BLOCKS = 'script[type="application/vnd.leash.journal"]';

export function embeddedFiles(page: Document): readonly File[] {
  const blocks = [...page.querySelectorAll<HTMLScriptElement>(BLOCKS)];
  return filesOf(blocks.map(({ dataset, text }) => ({ name: dataset['name'] ?? '', text })));
}
