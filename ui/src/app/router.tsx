// Addresses in, screens out. Filters of a screen stand in its address, so that a link shows what the sender saw.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { LiveScreen } from '../screens/live/live-screen.tsx';
import { readSearch } from '../screens/live/search.ts';
import { SessionsScreen } from '../screens/sessions/sessions-screen.tsx';
import { NotFound } from './not-found.tsx';
import { SessionShell } from './session-shell.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const sessions = createRoute({ getParentRoute: () => root, path: '/', component: SessionsScreen });
const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  component: lazyRouteComponent(() => import('../screens/approvals/approvals-screen.tsx'), 'ApprovalsScreen'),
});
const doctor = createRoute({
  getParentRoute: () => root,
  path: '/doctor',
  component: lazyRouteComponent(() => import('../screens/doctor/doctor-screen.tsx'), 'DoctorScreen'),
});
const session = createRoute({ getParentRoute: () => root, path: '/s/$session', component: SessionShell });
const live = createRoute({
  getParentRoute: () => session,
  path: '/live',
  component: LiveScreen,
  validateSearch: readSearch,
});
const timeline = createRoute({
  getParentRoute: () => session,
  path: '/timeline',
  component: lazyRouteComponent(() => import('../screens/timeline/timeline-screen.tsx'), 'TimelineScreen'),
});
const policy = createRoute({
  getParentRoute: () => session,
  path: '/policy',
  component: lazyRouteComponent(() => import('../screens/policy/policy-screen.tsx'), 'PolicyScreen'),
});
const learn = createRoute({
  getParentRoute: () => session,
  path: '/learn',
  component: lazyRouteComponent(() => import('../screens/learn/learn-screen.tsx'), 'LearnScreen'),
});
const network = createRoute({
  getParentRoute: () => session,
  path: '/network',
  component: lazyRouteComponent(() => import('../screens/network/network-screen.tsx'), 'NetworkScreen'),
});
const mcp = createRoute({
  getParentRoute: () => session,
  path: '/mcp',
  component: lazyRouteComponent(() => import('../screens/mcp/mcp-screen.tsx'), 'McpScreen'),
});
const changes = createRoute({
  getParentRoute: () => session,
  path: '/changes',
  component: lazyRouteComponent(() => import('../screens/changes/changes-screen.tsx'), 'ChangesScreen'),
  validateSearch: ({ find }: Record<string, unknown>): { find?: string } =>
    find === undefined ? {} : { find: String(find) },
});

const tree = root.addChildren([
  sessions,
  approvals,
  doctor,
  session.addChildren([live, timeline, policy, learn, network, mcp, changes]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
