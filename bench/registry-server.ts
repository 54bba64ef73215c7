// A number of packages in; their npm registry on a port of loopback out: the port on the first line, then the lock file on the second.
import { generatedPackages } from '../test/fixtures/generated-packages.ts';
import { NpmRegistry } from '../test/fixtures/npm-registry.ts';

const registry = new NpmRegistry(generatedPackages(Number(process.argv[2])));
const port = await registry.listen();
process.stdout.write(`${port}\n${registry.lock()}\n${registry.project()}\n`);
