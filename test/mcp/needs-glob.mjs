// Given to Node before the conformance suite: what `fs.globSync` is for Node 22 stands in a Node 20, too; only the comparison of tiers calls it.
import { register } from 'node:module';

const hooks = `
export async function resolve(name, context, next) {
  if (name === 'fs' && context.parentURL.endsWith('/conformance/dist/index.js')) return { url: 'test:fs', shortCircuit: true };
  return next(name, context);
}
export async function load(url, context, next) {
  if (url !== 'test:fs') return next(url, context);
  const source = "export * from 'node:fs'; export function globSync() { throw new Error('it is not there'); }";
  return { format: 'module', source, shortCircuit: true };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
