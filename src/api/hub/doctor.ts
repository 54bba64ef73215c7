// This machine in, what `leash doctor` finds on it out. One look at a time: who asks meanwhile gets the same.
import { type Examination, examineHost } from '../../host/doctor/examine.ts';
import { chooseBackend } from '../../sandbox/backend.ts';
import { API_ROOT } from '../../schema/api.ts';
import { BACKENDS } from '../../schema/backend.ts';
import { doctorReport } from './change-schemas.ts';
import { type HubEnv, type Route, route } from './route.ts';

let looking: Promise<Examination> | undefined;

function examined(env: HubEnv): Promise<Examination> {
  const asked = BACKENDS.find((known) => known === env['LEASH_BACKEND']);
  const { LEASH_WORKSPACE: workspace } = env;
  const host = { env, root: '/', ...(workspace !== undefined && { workspace }) };
  looking ??= examineHost(chooseBackend(asked, env, workspace), host).finally(() => {
    looking = undefined;
  });
  return looking;
}

export const DOCTOR_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: `${API_ROOT}/doctor`,
    access: 'user',
    summary: 'What this machine offers, what is missing, and what mends it',
    reply: doctorReport,
    answer: async ({ hub }) => ({ body: await examined(hub.env) }),
  }),
];
