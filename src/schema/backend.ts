// Where an agent can run, by name.

/** In the order in which they are tried when none is asked for. */
export const BACKENDS = ['bubblewrap', 'podman', 'docker'] as const;
export type Backend = (typeof BACKENDS)[number];
