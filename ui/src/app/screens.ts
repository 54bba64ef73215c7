// Every screen of the interface: where it lies, what it is called, and the key that leads to it after `g`.

interface Screen {
  readonly path: string;
  readonly title: string;
  readonly key: string;
}

export const SESSION_SCREENS = [
  { path: '/s/$session/live', title: 'Live', key: 'l' },
  { path: '/s/$session/timeline', title: 'Timeline', key: 't' },
  { path: '/s/$session/policy', title: 'Policy', key: 'p' },
  { path: '/s/$session/learn', title: 'Learn', key: 'e' },
  { path: '/s/$session/network', title: 'Network', key: 'n' },
  { path: '/s/$session/mcp', title: 'MCP', key: 'm' },
  { path: '/s/$session/changes', title: 'Changes', key: 'c' },
] as const satisfies readonly Screen[];

export const USER_SCREENS = [
  { path: '/', title: 'Sessions', key: 's' },
  { path: '/approvals', title: 'Approvals', key: 'a' },
  { path: '/doctor', title: 'Doctor', key: 'd' },
] as const satisfies readonly Screen[];
