// A resource of a request or an event in; what it is called out: a path, or a name.
import type { NamedResource } from './event.ts';
import type { Resource } from './request.ts';

export function resourceName(resource: Resource | NamedResource): string {
  return resource.type === 'path' ? resource.path : resource.name;
}
