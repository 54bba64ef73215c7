// An engine with an image in; the ground on which attacks are run in its containers out.
import type { Lab } from '../../fixtures/containers.ts';
import type { Ground } from './grounds.ts';

/** The image has a shell and a C library: what is written in C runs as it does outside. */
export function containerGround(lab: Lab): Ground {
  return {
    engine: 'seccomp',
    backend: lab.name,
    options: ['--backend', lab.name, '--image', lab.image('battery')],
    env: lab.env,
    languages: ['c'],
    isOwn: true,
  };
}
