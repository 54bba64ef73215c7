// The environment in, the place of config.toml out.
import { configFile } from '../../../config/file.ts';
import { EXIT } from '../../../host/errors.ts';
import { print } from '../../terminal.ts';

/** `leash config path`: as it is, for a program to take. */
export async function showPath(): Promise<number> {
  await print(configFile(process.env));
  return EXIT.ok;
}
