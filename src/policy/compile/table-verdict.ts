// A request in, what the warden finds for it in a table image out: the program's class, then the walk along the path.

import { FILE_ACTIONS, type Request } from '../../schema/request.ts';
import { labelVerdict, programClass, TABLE_EXEC, TABLE_FILE, walkImage } from './image.ts';

/** TABLE_ALLOW, TABLE_DENY, TABLE_ASK or TABLE_QUERY; undefined for a request that no table decides. */
export function tableVerdict(image: Uint8Array, request: Request, set: 'enforced' | 'shadow'): number | undefined {
  if (request.resource.type !== 'path' || !('program' in request)) return undefined;
  const encoder = new TextEncoder();
  const program = programClass(image, encoder.encode(request.program.exe));
  const isExec = request.action === 'ProcessExec';
  const path = encoder.encode(request.resource.path);
  const label = walkImage(image, isExec ? TABLE_EXEC : TABLE_FILE, path, program);
  const index = isExec ? 0 : FILE_ACTIONS.indexOf(request.action as (typeof FILE_ACTIONS)[number]);
  return labelVerdict(label, index, set);
}
